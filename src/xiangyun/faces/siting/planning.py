"""Plans by what is asked of them: the same declaration and the same query give the same plan.

Nothing is stored: a plan is computed when it is first looked at, and kept in memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions.packaged import packaged
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.pack.kind import Declaration
from xiangyun.kernel.siting.declaration import OBJECTIVES, SitingDeclaration

if TYPE_CHECKING:
    from xiangyun.kernel.siting.ground import Ground
    from xiangyun.kernel.siting.plan import Plan

KIND = "siting"
_KEPT = 8
"""Plans in memory; one of the province has some megabytes."""
_CODE = re.compile(r"[0-9]{12}")
LIMITS = {"choose": (0, 1_100), "least": (0, 20), "minutes": (5, 60)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody may change of a declaration."""

    choose: int
    least: int
    minutes: int
    objective: str
    decided: tuple[int, ...] = ()

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return urlencode(
            {
                "choose": self.choose,
                "least": self.least,
                "minutes": self.minutes,
                "objective": self.objective,
                **({"decided": self.written} if self.decided else {}),
            }
        )

    @property
    def written(self) -> str:
        """The decided towns by their codes, as they stand in a field and in an address."""
        return ",".join(f"{code:012}" for code in self.decided)


def may_plan(actor: Actor) -> bool:
    """Whether an official sees plans: there is a declaration, and some mandate."""
    return bool(actor.mandates) and bool(catalogue.current_declarations(KIND))


def declared() -> list[Declaration]:
    """The declarations in force."""
    return catalogue.declared(KIND)


def usual(declaration: SitingDeclaration) -> Asked:
    """What the declaration itself asks."""
    return Asked(
        declaration.choose,
        declaration.least,
        declaration.walk.minutes,
        declaration.objective,
        declaration.decided,
    )


def asked_by(given: Mapping[str, str], found: Asked, before: str = "") -> Asked:
    """What a query asks; what it leaves out is as in `found`.

    Refused with the field where a number cannot be.
    """
    numbers = {"choose": found.choose, "least": found.least, "minutes": found.minutes}
    problems = []
    for key, (least, most) in LIMITS.items():
        written = given.get(before + key, "").strip()
        if written and not (
            written.isascii() and written.isdigit() and least <= int(written) <= most
        ):
            problems.append(_out_of_range(before + key, least, most))
        elif written:
            numbers[key] = int(written)
    decided, codes = (
        found.decided,
        re.split(r"[\s,，、]+", given.get(f"{before}decided", "").strip()),
    )
    if f"{before}decided" in given:
        decided = tuple(dict.fromkeys(int(code) for code in codes if _CODE.fullmatch(code)))
        if any(code and not _CODE.fullmatch(code) for code in codes):
            problems.append(_no_code(f"{before}decided"))
    if problems:
        raise Refused(problems)
    wanted = given.get(f"{before}objective", "")
    objective = wanted if wanted in OBJECTIVES else found.objective
    return Asked(numbers["choose"], numbers["least"], numbers["minutes"], objective, decided)


def plan_for(code: str, asked: Asked) -> Plan:
    """The plan. Refused where nothing can be chosen so."""
    return _made(code, catalogue.declared_version(KIND, code), asked)


@lru_cache(maxsize=_KEPT)
def _made(code: str, version: int, asked: Asked) -> Plan:
    # Arrays and the solver take a while to load, and hardly any process shows a plan.
    from xiangyun.adapters.highs import solve  # noqa: PLC0415
    from xiangyun.kernel.siting.plan import make_plan  # noqa: PLC0415 - arrays

    declaration = next(each.value for each in declared() if each.code == code)
    changed = replace(
        declaration,
        choose=asked.choose,
        least=asked.least,
        objective=asked.objective,
        decided=asked.decided,
        walk=replace(declaration.walk, minutes=asked.minutes),
    )
    return make_plan(changed, _ground(int(declaration.within), declaration.existing), solve)


@lru_cache(maxsize=2)
def _ground(within: int, existing: int) -> Ground:
    from xiangyun.kernel.siting.ground import Known, invented  # noqa: PLC0415 - arrays

    known = (Known(one.code, one.name, one.longitude, one.latitude) for one in packaged())
    return invented(known, within, existing)


def _no_code(key: str) -> Finding:
    return Finding(
        "siting.E013",
        "error",
        Text("请写 12 位区划代码。", "Write codes of 12 digits."),
        Place(question=key),
        Text("例如 220204001000，用逗号隔开。", "Such as 220204001000, with commas between."),
    )


def _out_of_range(key: str, least: int, most: int) -> Finding:
    return Finding(
        "siting.E012",
        "error",
        Text("请写 {least} 到 {most} 的整数。", "A whole number from {least} to {most}.",
             least=least, most=most),
        Place(question=key),
        Text("例如 {least}。", "Such as {least}.", least=least),
    )  # fmt: skip
