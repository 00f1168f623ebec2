"""`draws.yaml`: what is drawn of a register, who visits it, and what opens for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xiangyun.kernel.draw.order import bad_name, is_name, read_take
from xiangyun.kernel.findings import Place, Refused, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, identifier, whole
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml

FILE: Final = "draws.yaml"
WRITTEN = {
    "id": "companies",
    "register": "object",
    "stratum": "risk",
    "take": "30%",
    "team": "department",
    "inspectors": "2",
    "service": "area/service",
    "when": "=alive",
    "at_most": "30",
    "answers": "{object: =key}",
}
KEY, ON, NUMBER, INSPECTORS, PLACE, REGISTER = (
    *("key", "on", "number", "inspectors", "object_place"),
    "register",
)
DRAWN: Final = (KEY, ON, NUMBER, INSPECTORS, PLACE, REGISTER)
"""What answers may name besides the fields of the object: its key, the day, the draw's number,
the inspectors (a list of `{code, name, account, team}`), its place and its register."""


@dataclass(frozen=True, slots=True)
class FrameOf:
    """Which rows of a register may be drawn.

    `when`: which of them, all without; `stratum`: the field with the class; `weight`, `cap`:
    whole numbers by formula, 1 and no limit without; `place`: the field, else the register's.
    `items`: the field with the codes of what an object may be inspected for, and `items_in` the
    register that holds them; the page of an object shows them.
    """

    register: str
    when: Formula | None
    stratum: str
    place: str
    weight: Formula | None
    cap: Formula | None
    items: str = ""
    items_in: str = ""


@dataclass(frozen=True, slots=True)
class InspectorsOf:
    """Who may visit: rows of a register, with the fields that say so.

    `role`: what they hold on the platform; whoever does sees the own visits, and declines them.
    """

    register: str
    when: Formula | None
    team: str
    place: str
    at_most: int
    recused: str
    account: str
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredDraw:
    """One draw as it is declared. `days_hidden`: so long the outcome stays with the offices, for
    visits without notice. `recusal`: the service by which an object asks that an inspector be
    recused; its page leads there."""

    id: str
    name: Text
    frame: FrameOf
    strata: tuple[tuple[str, str], ...]
    inspectors: InspectorsOf
    teams: tuple[tuple[str, int], ...]
    service: str
    answers: Mapping[str, Formula]
    orders: str
    days_hidden: int
    place: Place
    recusal: str = ""


def read_draws(text: str, report: Report) -> tuple[DeclaredDraw, ...]:
    """The draws of a file; those with a fault are there as far as they could be read."""
    root = read_yaml(text, FILE, report)
    if root is None:
        return ()
    f, found = Fields(root, report, examples=WRITTEN), list[DeclaredDraw]()
    for node in f.each("draws"):
        draw = _draw(Fields(node, report, "draws", WRITTEN))
        if any(other.id == draw.id for other in found):
            report(
                fault(
                    "pack.E160",
                    Text("抽查“{id}”写了两次。", "The draw “{id}” stands there twice.", id=draw.id),
                    draw.place,
                    Text("请换一个名字。", "Give it another id."),
                )
            )
        found.append(draw)
    f.done()
    return tuple(found)


def _draw(f: Fields) -> DeclaredDraw:
    frame, inspectors, opens = f.section("frame"), f.section("inspectors"), f.section("opens")
    found = DeclaredDraw(
        id=identifier(f),
        name=f.words("name"),
        frame=_frame(frame) if frame else FrameOf("", None, "", "", None, None),
        strata=tuple(_strata(f)),
        inspectors=_inspectors(inspectors) if inspectors else InspectorsOf(*_NOBODY),
        teams=tuple(_teams(f)),
        service=opens.string("service") if opens else "",
        answers=_answers(opens) if opens else {},
        orders=f.string("role"),
        days_hidden=whole(f, "days_hidden") if f.has("days_hidden") else 0,
        place=f.node.place,
        recusal=f.string("recusal", required=False),
    )
    f.taken.add("days_hidden")
    if opens:
        opens.done()
    if found.teams and sum(number for _, number in found.teams) < 2:
        f.report(
            fault(
                "pack.E161",
                Text("每个对象少于两名检查人员。", "Fewer than two inspectors go to an object."),
                f.place("teams"),
                Text("请在 teams 里写够两人或更多。", "Let `teams` send two or more together."),
            )
        )
    f.done()
    return found


_NOBODY = ("", None, "", "", 0, "", "", "")


def _frame(f: Fields) -> FrameOf:
    found = FrameOf(
        f.string("register"),
        _formula(f, "when"),
        f.string("stratum"),
        f.string("place", required=False),
        _formula(f, "weight"),
        _formula(f, "cap"),
        f.string("items", required=False),
        f.string("items_in", required=f.has("items")),
    )
    f.done()
    return found


def _inspectors(f: Fields) -> InspectorsOf:
    found = InspectorsOf(
        f.string("register"),
        _formula(f, "when"),
        f.string("team"),
        f.string("place", required=False),
        whole(f, "at_most"),
        f.string("recused", required=False),
        f.string("account", required=False),
        f.string("name", required=False),
        f.string("role", required=False),
    )
    f.done()
    return found


def _formula(f: Fields, key: str) -> Formula | None:
    node = f.take(key, required=False)
    return node_formula(node, f.report) if node else None


def _strata(f: Fields) -> list[tuple[str, str]]:
    found = []
    for node in f.each("strata"):
        one = Fields(node, f.report, "strata", WRITTEN)
        name, take = one.string("stratum"), _take(one)
        _named(f, name, node)
        found.append((name, take))
        one.done()
    return found


def _take(f: Fields) -> str:
    """`30%`, or a number, which YAML reads as one."""
    node = f.take("take")
    text = str(node.value) if node is not None else ""
    if node is not None:
        try:
            read_take(text)
        except Refused as refused:
            said = refused.findings[0]
            f.report(fault("pack.E162", said.message, node.place, said.hint))
    return text


def _teams(f: Fields) -> list[tuple[str, int]]:
    found = []
    for node in f.each("teams"):
        one = Fields(node, f.report, "teams", WRITTEN)
        name = one.string("team")
        _named(f, name, node)
        found.append((name, whole(one, "inspectors")))
        one.done()
    return found


def _named(f: Fields, name: str, node: Node) -> None:
    if name and not is_name(name):
        said = bad_name(name, FILE)
        f.report(fault("pack.E162", said.message, node.place, said.hint))


def _answers(f: Fields) -> dict[str, Formula]:
    section = f.section("answers", required=False)
    found = {}
    for key, node in section.node.items() if section else ():
        if (formula := node_formula(node, f.report)) is not None:
            found[key] = formula
    return found
