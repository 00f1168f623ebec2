"""Reading duties.yaml, with every fault named by its line."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.occasion.model import FILE, MOST, Duty, Every
from xiangyun.kernel.occasion.periods import NoInterval, read_every
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, identifier, whole
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.yamltext import Report, read_yaml

WRITTEN = {
    "id": "home-visit",
    "register": "household",
    "service": "visits/home",
    "role": "visitor",
    "every": "monthly on the last working day",
    "when": "=level = 1",
    "answers": "{household: =name}",
}


def read_duties(text: str, report: Report) -> tuple[Duty, ...]:
    """The duties of a file; those with a fault are there as far as they could be read."""
    root = read_yaml(text, FILE, report)
    if root is None:
        return ()
    f, found = Fields(root, report, examples=WRITTEN), list[Duty]()
    for node in f.each("duties"):
        duty = _duty(Fields(node, report, "duties", WRITTEN))
        if any(other.id == duty.id for other in found):
            report(_twice(duty))
        found.append(duty)
    f.done()
    return tuple(found)


def _duty(f: Fields) -> Duty:
    when = f.take("when", required=False)
    found = Duty(
        id=identifier(f),
        name=f.words("name"),
        register=f.string("register"),
        when=node_formula(when, f.report) if when else None,
        division=f.string("place", required=False),
        service=f.string("service"),
        role=f.string("role"),
        every=_every(f),
        answers=dict(_answers(f)),
        at_most=(whole(f, "at_most") if f.has("at_most") else 0) or MOST,
        beside=f.boolean("beside", default=False),
        place=f.node.place,
    )
    f.done()
    return found


def _every(f: Fields) -> Every:
    """`P30D`, `monthly on …`, `=formula` or `{decision: name}`."""
    node = f.take("every")
    if node is None:
        return Every()
    if isinstance(node.value, dict):
        inner = Fields(node, f.report, "every", {"decision": "visit_interval"})
        found = Every(decision=inner.string("decision"), place=node.place)
        inner.done()
        return found
    if isinstance(node.value, str) and node.value.startswith("="):
        return Every(formula=node_formula(node, f.report), place=node.place)
    text = str(node.value)
    try:
        read_every(text)
    except NoInterval as wrong:
        f.report(_no_interval(wrong, node.place))
    return Every(written=text, place=node.place)


def _no_interval(wrong: NoInterval, place: Place) -> Finding:
    why = wrong.__cause__
    said = why.findings[0] if isinstance(why, Refused) else None
    return fault(
        "pack.E090",
        Text("“{text}”不是一个间隔。", "“{text}” says no interval.", text=str(wrong)),
        place,
        said.message
        if said is not None
        else Text(
            "例如 P30D、5 working days、monthly on the last working day，或者 {example}。",
            "Such as P30D, 5 working days, monthly on the last working day, or {example}.",
            example="{decision: visit_interval}",
        ),
    )


def _answers(f: Fields) -> Iterator[tuple[str, Formula]]:
    section = f.section("answers", required=False)
    for key, node in section.node.items() if section else ():
        if (formula := node_formula(node, f.report)) is not None:
            yield key, formula


def _twice(duty: Duty) -> Finding:
    return fault(
        "pack.E091",
        Text("职责“{id}”写了两次。", "The duty “{id}” stands there twice.", id=duty.id),
        duty.place,
        Text("请换一个名字。", "Give it another id."),
    )
