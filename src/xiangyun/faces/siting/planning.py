"""Plans by what is asked of them: the same declaration and the same query give the same plan.

Nothing is stored: a plan is computed when it is first looked at, and kept in memory.
"""

from __future__ import annotations

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
LIMITS = {"choose": (0, 1_100), "least": (0, 20), "minutes": (5, 60)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody may change of a declaration."""

    choose: int
    least: int
    minutes: int
    objective: str

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return urlencode(
            {
                "choose": self.choose,
                "least": self.least,
                "minutes": self.minutes,
                "objective": self.objective,
            }
        )


def may_plan(actor: Actor) -> bool:
    """Whether an official sees plans: there is a declaration, and some mandate."""
    return bool(actor.mandates) and bool(catalogue.current_declarations(KIND))


def declared() -> list[Declaration]:
    """The declarations in force."""
    return catalogue.declared(KIND)


def usual(declaration: SitingDeclaration) -> Asked:
    """What the declaration itself asks."""
    return Asked(
        declaration.choose, declaration.least, declaration.walk.minutes, declaration.objective
    )


def asked_by(given: Mapping[str, str], declaration: SitingDeclaration, before: str = "") -> Asked:
    """What a query asks; what it leaves out is as declared.

    Refused with the field where a number cannot be.
    """
    found = usual(declaration)
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
    if problems:
        raise Refused(problems)
    wanted = given.get(f"{before}objective", "")
    objective = wanted if wanted in OBJECTIVES else found.objective
    return Asked(numbers["choose"], numbers["least"], numbers["minutes"], objective)


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
        walk=replace(declaration.walk, minutes=asked.minutes),
    )
    return make_plan(changed, _ground(int(declaration.within), declaration.existing), solve)


@lru_cache(maxsize=2)
def _ground(within: int, existing: int) -> Ground:
    from xiangyun.kernel.siting.ground import Known, invented  # noqa: PLC0415 - arrays

    known = (Known(one.code, one.name, one.longitude, one.latitude) for one in packaged())
    return invented(known, within, existing)


def _out_of_range(key: str, least: int, most: int) -> Finding:
    return Finding(
        "siting.E012",
        "error",
        Text("请写 {least} 到 {most} 的整数。", "A whole number from {least} to {most}.",
             least=least, most=most),
        Place(question=key),
        Text("例如 {least}。", "Such as {least}.", least=least),
    )  # fmt: skip
