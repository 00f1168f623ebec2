"""`booking.book_list`: every line of a list gets a slot, or none does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.bookables import Booked, ListLine
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

from .booking_book import RESOURCE, answer_of, read_moment, read_reference, read_units

LISTED = Verb(
    "booking.listed", Text("按清单预约 {lines} 行《{resource}》", "{lines} booked: {resource}")
)


def read_list(inputs: Mapping[str, Value], application: Value) -> tuple[ListLine, ...]:
    """The lines to be booked. Raises Refused `booking.E031` for what is no list of contexts, and
    `booking.E027` with every line whose moment is none, or whose reference another line has."""
    items = inputs.get("items")
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise Refused([_NO_LIST])
    wrong, lines = list[Finding](), list[ListLine]()
    answers = application if isinstance(application, dict) else {}
    seen: dict[str, int] = {}
    for number, item in enumerate(items, 1):
        line: Mapping[str, Value] = item if isinstance(item, dict) else {}
        begins: datetime | None = None
        reference = read_reference(line.get("reference"))
        if reference and (first := seen.setdefault(reference, number)) != number:
            wrong += _named(number, Refused([_twice(reference, first)]))
            continue
        if (given := line.get("begins")) is not None:
            try:
                begins = read_moment(given)
            except Refused as refused:
                wrong += _named(number, refused)
                continue
        lines.append(
            ListLine(
                str(line.get("lane") or ""),
                read_units(line.get("units")),
                reference,
                {**answers, **line},
                begins,
            )
        )
    if wrong:
        raise Refused(wrong)
    return tuple(lines)


def _named(number: int, refused: Refused) -> Iterator[Finding]:
    for each in refused.findings:
        said = Text(
            "清单第 {n} 行：{why}", "Line {n} of the list: {why}", n=number, why=each.message
        )
        yield Finding("booking.E027", "error", said, None, each.hint)


def _twice(reference: str, line: int) -> Finding:
    said = Text(
        "“{reference}”在第 {line} 行已经有了。",
        "“{reference}” stands in line {line} already.",
        reference=reference,
        line=line,
    )
    return Finding("booking.E027", "error", said)


def answers_of(inputs: Mapping[str, Value], booked: Sequence[Booked]) -> Mapping[str, Value]:
    """The lines as they came, each with what it got."""
    items = inputs.get("items")
    lines = [each for each in (items if isinstance(items, list) else ()) if isinstance(each, dict)]
    return {"booked": [{**a, **answer_of(b)} for a, b in zip(lines, booked, strict=True)]}


_NO_LIST = Finding(
    "booking.E031",
    "error",
    Text("要预约的不是一张清单。", "What is to be booked is no list."),
    None,
    Text("items 是若干行，每行是一组“键: 值”。", "`items` is a list of contexts."),
)


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    inputs, resource = wanted.inputs or {}, wanted.headers["resource"]
    lines = read_list(inputs, around.variables.get("application"))
    begins = read_moment(inputs.get("begins"))
    booked = around.resources.book_list(resource, lines, begins, asking=around.asking, at=around.at)
    around.record(LISTED, resource=resource, lines=len(lines))
    return answers_of(inputs, booked)


TYPE = ServiceType(
    "booking.book_list",
    Text(
        "为清单的每一行预约一个时段，要么全部订下，要么一行也不订并逐行指出原因；没有写时刻的行"
        "从 begins 起依次排到有空的时段",
        "books a slot for every line of a list, or none and names each wrong line; lines without a "
        "moment get the next slots that are free from `begins` on",
    ),
    _rehearse,
    headers=(RESOURCE,),
    inputs=(
        Argument(
            "items",
            "list",
            Text(
                "各行：lane、units、reference，可有自己的 begins；其余的键供通道的条件用",
                "the lines: `lane`, `units`, `reference`, perhaps `begins`; conditions of lanes "
                "see all keys of a line as `application`",
            ),
            example='=[{lane: "all", units: 1}]',
        ),
        Argument(
            "begins",
            "any",
            Text("从哪个时刻起找空位", "from which moment on slots are looked for"),
            example='=date and time("2026-04-13T09:00:00")',
        ),
    ),
    results=(
        Result(
            "booked",
            "list",
            Text(
                "各行原样，加上 number、state、begins、ends",
                "the lines as they came, each with `number`, `state`, `begins` and `ends`",
            ),
            made_up=True,
        ),
    ),
    verbs=(LISTED,),
)
