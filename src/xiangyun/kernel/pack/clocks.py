"""Are the limits of time computable for every kind of case, and does every clock start?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from xiangyun.kernel.bpmn import Element
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.calls import known_variables
from xiangyun.kernel.pack.reader import PackSources
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.packfile.parameters import Parameters
from xiangyun.kernel.service.headers import listed
from xiangyun.kernel.service.limits import Kind, TimeLimit
from xiangyun.kernel.service.model import ServiceItem

_OF_A_STAGE = {"starts stage", "stops stage"}
_STARTING = {"starts", "starts stage"}


def check_clocks(sources: PackSources) -> Iterator[Finding]:
    """Formulas of limits, the kinds they are given, and the marks by which clocks move."""
    if sources.service is None or sources.process is None:
        return
    known = known_variables(sources.processes)[sources.process.id]
    unsound = False
    for limit in sources.service.limits:
        if isinstance(limit.number, Formula):
            findings = [*limit.number.unknown(known), *_asks_when(limit.number)]
            unsound = unsound or bool(findings)
            yield from findings
    if sources.parameters and not unsound:
        for day in _changes(sources.parameters):
            yield from _kinds_on(sources.service, sources.parameters, day)
    for process in sources.processes:
        for element in process.elements.values():
            yield from _marks(sources.service, element, Place(process.file, element.line))
    yield from _never_started(sources)


def _asks_when(formula: Formula) -> Iterator[Finding]:
    """A limit is a promise: it is the same whenever it is looked at."""
    if formula.expression.asks_when:
        yield fault(
            "pack.E015",
            Text(
                "时限公式“{source}”用了 now() 或 today()：时限不能随查看的时间变化。",
                "The time limit “{source}” asks for now() or today(): a limit does not depend on"
                " when it is looked at.",
                source=formula.expression.source,
            ),
            formula.place,
            Text(
                "请改用 filed_on（受理申请的日子）或 parameters 里按日期生效的数字。",
                "Use filed_on, the day of the application, or figures of parameters.yaml, which"
                " come into force on a day.",
            ),
        )


def _changes(parameters: Parameters) -> list[date]:
    """The days on which figures change, from the first on which all of them are in force."""
    days = [[figure.in_force_from for figure in each.figures] for each in parameters.all]
    complete = max((min(each) for each in days if each), default=date.min)
    return sorted({day for each in days for day in each if day >= complete})


def _kinds_on(service: ServiceItem, parameters: Parameters, day: date) -> Iterator[Finding]:
    figures = parameters.on(day)
    for kind in service.kinds:
        context: dict[str, Value] = {"parameters": figures, **kind.given}
        for limit in service.limits:
            if limit.value(context) is None and isinstance(limit.number, Formula):
                yield _no_number(limit.number, kind, day, context)
        yield from _beyond_the_law(service.promised, service.statutory, kind, day, context)


def _no_number(formula: Formula, kind: Kind, day: date, context: Mapping[str, Value]) -> Finding:
    why = formula.expression.explain(context)
    came = Text("得到 {value}", "came to {value}", value=why.value)
    if why.value is None:
        came = Text("没有得到值", "came to nothing")
    return fault(
        "pack.E013",
        Text(
            "“{name}”在{day}的时限{came}，应为不小于零的整数。",
            "The limit of “{name}” on {day} {came}; it must be a whole number, not negative.",
            name=kind.name,
            day=day,
            came=came,
        ),
        formula.place,
        Text(
            "请核对公式、kinds 给出的变量和 parameters.yaml 的数字。",
            "Look at the formula, what `kinds` gives it, and the figures of parameters.yaml.",
        ),
    )


def _beyond_the_law(
    promised: TimeLimit, statutory: TimeLimit, kind: Kind, day: date, context: Mapping[str, Value]
) -> Iterator[Finding]:
    if isinstance(promised.number, int) and isinstance(statutory.number, int):
        return  # said once, without any kind
    days, most = promised.value(context), statutory.value(context)
    if promised.unit != statutory.unit or days is None or most is None or days <= most:
        return
    yield fault(
        "pack.E006",
        Text(
            "“{name}”的承诺时限 {days} 长于法定时限 {most}。",
            "The promised time of “{name}”, {days}, exceeds the statutory {most}.",
            name=kind.name,
            days=days,
            most=most,
        ),
        kind.place,
        Text("按{day}有效的数字计算。", "By the figures in force on {day}.", day=day),
    )


def _marks(service: ServiceItem, element: Element, place: Place) -> Iterator[Finding]:
    effects = listed(element.properties, "clock")
    stage = stage_of(element)
    if _OF_A_STAGE & set(effects) and service.stage_limit(stage) is None:
        timed = [each.stage for each in service.stage_limits]
        kind = Text("有时限的环节", "stage with a limit")
        yield unknown("pack.E026", kind, stage, timed, place)


def _never_started(sources: PackSources) -> Iterator[Finding]:
    """A stage whose limit nobody would ever count: no task lies in it, and nothing starts it."""
    if sources.service is None or sources.process is None:
        return
    starting = {
        stage_of(one)
        for process in sources.processes
        for one in process.elements.values()
        if one.kind == "userTask" or _STARTING & set(listed(one.properties, "clock"))
    }
    for limit in sources.service.stage_limits:
        if limit.stage not in starting:
            yield fault(
                "pack.E014",
                Text(
                    "没有步骤属于环节“{stage}”，它的时限不会开始。",
                    "No step lies in the stage “{stage}”: its limit would never begin.",
                    stage=limit.stage,
                ),
                limit.place,
                Text(
                    "请在任务头里写 stage，或者删去这个时限。",
                    "Name the stage in the headers of its tasks, or remove the limit.",
                ),
            )


def stage_of(element: Element) -> str:
    """The stage that an element says it lies in; empty for none."""
    return element.headers.get("stage") or element.properties.get("stage", "")
