"""What is wrong and what is right in FEEL: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_FEEL = "DMN 1.5, clause 10 (FEEL)"
EXPLAINED: Mapping[str, Explained] = {
    "feel.E001": Explained('=if age > 14 then "yes"', '=if age > 14 then "yes" else "no"', _FEEL),
    "feel.E002": Explained("=applicaton.age", "=application.age", _FEEL),
    "feel.E003": Explained('=lenght("abc")', '=string length("abc")', _FEEL),
    "feel.E004": Explained(
        "=for i in 1..100000000 return i",
        "=for i in 1..100 return i",
        "docs/reference/settings.md#what-an-evaluation-may-cost",
    ),
    "feel.W001": Explained('="3" + 4', '=number("3") + 4', _FEEL),
}
