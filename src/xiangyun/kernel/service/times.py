"""What service.yaml says about time: the limits, the stages with a clock, the extension."""

from __future__ import annotations

from typing import NamedTuple

from xiangyun.kernel.feel import from_json
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields, whole, wrong_kind
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.laws import law_of
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.service import model as of
from xiangyun.kernel.service.limits import (
    HOURS,
    UNITS,
    ExtensionRule,
    Kind,
    StageLimit,
    TimeLimit,
)

OVERSEER = "supervisor"
_NO_LIMIT = TimeLimit(0, "", "", False)


class Times(NamedTuple):
    """The section `time_limit`."""

    statutory: TimeLimit
    promised: TimeLimit
    kinds: tuple[Kind, ...]
    extension: ExtensionRule | None


def read_time(f: Fields) -> Times:
    """The section `time_limit`; each limit rests on a law."""
    s = f.section("time_limit")
    if s is None:
        return Times(_NO_LIMIT, _NO_LIMIT, (), None)
    kinds = tuple(_kind(Fields(node, f.report, "kinds")) for node in s.each("kinds", False))
    found = Times(_limit_of(s, "statutory"), _limit_of(s, "promised"), kinds, _extension(s))
    s.done()
    return found


class Stages(NamedTuple):
    """The list `stages`: all names, the limits of those with a clock, those not announced."""

    names: tuple[str, ...]
    limits: tuple[StageLimit, ...]
    unannounced: tuple[str, ...]


def read_stages(f: Fields) -> Stages:
    """The stages; the first one begins when the application is sent."""
    names, limits, unannounced = [], [], []
    for node in f.each("stages"):
        if isinstance(node.value, str):
            names.append(node.value)
            continue
        s = Fields(node, f.report, "stages")
        name = s.string("id")
        names.append(name)
        if not s.boolean("announced", default=True):
            unannounced.append(name)
        if s.node.keys() - _NO_CLOCK:
            approver = s.string("approver", required=False)
            limits.append(StageLimit(name, s.words("lead"), _limit(s), approver, node.place))
        s.done()
    return Stages(tuple(names), tuple(limits), tuple(unannounced))


_NO_CLOCK = {"id", "announced"}
"""What may be said of a stage that has no clock of its own."""


def check_time(found: of.ServiceItem, f: Fields, report: Report) -> None:
    """Rules between the limits: a promise keeps to the law, a formula has its kinds."""
    time = f.node.get("time_limit")
    place = time.place if time else f.place()
    statutory, promised = found.statutory, found.promised
    if (
        promised.unit == statutory.unit
        and isinstance(promised.number, int)
        and isinstance(statutory.number, int)
        and promised.number > statutory.number
    ):
        report(
            fault(
                "pack.E006",
                Text("承诺时限不能长于法定时限。", "The promised time exceeds the statutory time."),
                place,
                Text("请缩短 promised 的数字。", "Shorten `promised`."),
            )
        )
    formulas = [limit.number for limit in found.limits if isinstance(limit.number, Formula)]
    if formulas and not found.kinds:
        report(
            fault(
                "pack.E005",
                Text("时限用公式的，须列出 kinds。", "A limit by formula needs `kinds`."),
                formulas[0].place,
                Text(
                    "请在 time_limit 里补 kinds：每一类的名称，和公式用到的变量。",
                    "Add `kinds` to time_limit: the name of each, and the variables it gives.",
                ),
            )
        )
    if found.extension and found.extension.unit != promised.unit:
        wanted = Text(
            "与承诺时限相同的单位 {unit}",
            "the unit of the promised time, {unit}",
            unit=promised.unit,
        )
        node = time.get("extension") if time else None
        report(wrong_kind("unit", (node and node.get("unit")) or f.node, wanted))
    elif found.extension:
        for each in found.stage_limits:
            if not found.extension.lengthens(each.limit):
                report(_not_lengthened(each))
    _check_roles(found, f, report)


def _not_lengthened(limit: StageLimit) -> Finding:
    return fault(
        "pack.E120",
        Text(
            "延期按天或小时与环节“{stage}”的时限不同，批准了也不会延长它。",
            "The stage “{stage}” counts hours and the extension days, or the other way round: to"
            " grant one would not lengthen it.",
            stage=limit.stage,
        ),
        limit.place,
        Text(
            "请让 extension 与各环节的时限都用小时，或者都用天。",
            "Let `extension` and the limits of stages all be in hours, or all in days.",
        ),
    )


def _check_roles(found: of.ServiceItem, f: Fields, report: Report) -> None:
    """Whoever approves or is told is one of the service's roles."""
    time = f.node.get("time_limit")
    extension = time.get("extension") if time else None
    named = [(each.approver, each.place) for each in found.stage_limits if each.approver]
    if found.extension and extension:
        named.append((found.extension.role, extension.place))
    if found.overseer != OVERSEER:
        named.append((found.overseer, f.place("overseer")))
    for role, place in named:
        if role and role not in found.roles:
            report(unknown("pack.E022", Text("角色", "role"), role, found.roles, place))


def _limit_of(s: Fields, key: str) -> TimeLimit:
    fields = s.section(key)
    if fields is None:
        return _NO_LIMIT
    found = _limit(fields)
    fields.done()
    return found


def _limit(s: Fields) -> TimeLimit:
    unit = s.one_of("unit", UNITS)
    return TimeLimit(
        _number(s, unit),
        unit,
        law_of(s, s.node),
        s.boolean("verified"),
        s.text("explained", required=False),
    )


def _number(s: Fields, unit: str) -> int | Formula:
    key = number_key(unit)
    node = s.node.get(key)
    if node is not None and isinstance(node.value, str):
        s.take(key)
        return node_formula(node, s.report) or 0
    return whole(s, key)


def number_key(unit: str) -> str:
    """Under which key the number of a unit is written: `hours` or `days`."""
    return "hours" if unit in HOURS else "days"


def _kind(k: Fields) -> Kind:
    given = k.section("given")
    values = from_json(given.node.plain()) if given else {}
    found = Kind(k.words("name"), values if isinstance(values, dict) else {}, k.node.place)
    k.done()
    return found


def _extension(s: Fields) -> ExtensionRule | None:
    e = s.section("extension", required=False)
    if e is None:
        return None
    unit = e.one_of("unit", UNITS)
    found = ExtensionRule(
        whole(e, number_key(unit)),
        unit,
        e.string("role"),
        law_of(e, e.node),
        e.boolean("verified"),
    )
    e.done()
    return found
