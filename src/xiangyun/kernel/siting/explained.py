"""What is wrong and what is right where sites are chosen: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_SITING = "docs/reference/siting.md"
_ORLIB = "Beasley, EJOR 21 (1985) 270-273"
EXPLAINED: Mapping[str, Explained] = {
    "siting.E001": Explained("1 2 3.5", "1 2 3", _ORLIB),
    "siting.E002": Explained("100 200 5, and 198 edges", "100 198 5, and 198 edges", _ORLIB),
    "siting.E003": Explained("3 1 1, 1 2 7", "3 2 1, 1 2 7, 2 3 4", _ORLIB),
    "siting.E004": Explained("choose: 1100 of 1,020 towns", "choose: 100", _SITING),
    "siting.E005": Explained("least: 3 where a county has 2 towns", "least: 1", _SITING),
    "siting.E006": Explained("choose: 40, least: 1 in 69 counties", "choose: 100", _SITING),
    "siting.E008": Explained("code,name,people", "code,name,longitude,latitude,people", _SITING),
    "siting.E009": Explained(
        "220102,南岭街道,125.3,43.9", "220102001000,南岭街道,125.3,43.9", _SITING
    ),
    "siting.E010": Explained("road_factor: 0.8", "road_factor: 1.3", _SITING),
    "siting.E011": Explained(
        "bears: {province: 40, county: 40}", "bears: {province: 60, county: 40}", _SITING
    ),
    "siting.E013": Explained("decided: of a town that has a centre", "a candidate", _SITING),
    "siting.E012": Explained("choose=many", "choose=100", _SITING),
    "siting.E007": Explained("a cost of 12.5 kilometres", "12500 metres", _SITING),
}
