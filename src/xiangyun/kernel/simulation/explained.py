"""What is wrong and what is right in arrivals by the hour: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_SIMULATE = "docs/how-to/simulate-a-service.md"
EXPLAINED: Mapping[str, Explained] = {
    "simulation.E001": Explained("hour,lane,number", "time,lane,number", _SIMULATE),
    "simulation.E002": Explained("8.30,fresh,12", "08:00,fresh,12", _SIMULATE),
    "simulation.E003": Explained("08:00,frehs,12", "08:00,fresh,12", _SIMULATE),
    "simulation.E004": Explained("(the head alone)", "08:00,fresh,12", _SIMULATE),
}
