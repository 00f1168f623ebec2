"""What is wrong and what is right in lists of preferences: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_SOURCE = "Gale, Shapley 1962"
EXPLAINED: Mapping[str, Explained] = {
    "assignment.E001": Explained("wishes: [a, b, a]", "wishes: [a, b]", _SOURCE),
    "assignment.E002": Explained("capacity: -1", "capacity: 0", _SOURCE),
    "assignment.E003": Explained(
        "150 companies, and 149 booths", "150 companies, and 150 booths", _SOURCE
    ),
}
