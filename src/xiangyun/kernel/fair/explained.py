"""What is wrong and what is right in fairs: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_FAIR = "docs/reference/fairs.md"
EXPLAINED: Mapping[str, Explained] = {
    "fair.E001": Explained(
        'begins: "22:00", minutes: 60, number: 4', 'begins: "09:00", minutes: 60, number: 4', _FAIR
    ),
    "fair.E002": Explained("two halls with id: A", "id: A, and id: B", _FAIR),
    "fair.E003": Explained(
        "a post of company Q-200, who is not at the fair", "a post of company Q-020", _FAIR
    ),
    "fair.E004": Explained(
        "--fair spring, where the pack declares graduate_fair", "--fair graduate_fair", _FAIR
    ),
    "fair.E005": Explained("a pass that says S-0O01", "the pass that says S-0001", _FAIR),
    "fair.E006": Explained(
        "an official who may write the booths alone",
        "one who may write booths, talks and interviews",
        _FAIR,
    ),
    "fair.E007": Explained("planned at noon of the day", "planned before anybody comes", _FAIR),
}
"""By id, one wrong piece and the right one."""
