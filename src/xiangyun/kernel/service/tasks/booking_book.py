"""`booking.book`: a slot of a resource is booked for the party of the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import DateTime, Value, from_json
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.bookables import Booked
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

BOOKED = Verb("booking.booked", Text("预约《{resource}》", "Booked: {resource}"))
RESOURCE = Header(
    "resource",
    "resource",
    Text("预约资源：包代码加冒号，再加资源 id", "the resource: code of its pack, colon, its id"),
    example="eldercare/centre:meals",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = range(1900, 2900)


def read_moment(value: Value) -> datetime:
    """When a slot begins: a day is its midnight; a moment without an offset has none here either.

    Raises Refused `booking.E015` for what is no moment, or one that no calendar reaches.
    """
    try:
        found = _moment(value)
    except (ValueError, OverflowError):
        found = None
    if found is not None and found.year in _YEARS:
        return found
    raise Refused([Finding(
        "booking.E015",
        "error",
        Text("“{value}”不是可以预约的时刻。", "“{value}” is no moment to book.", value=str(value)),
        None,
        Text("例如 2026-04-09 08:30。", "Such as 2026-04-09 08:30."),
    )])  # fmt: skip


def _moment(value: Value) -> datetime | None:
    if isinstance(value, DateTime):
        if value.offset is not None:
            return _EPOCH + timedelta(microseconds=value.instant // 1000)
        clock = _EPOCH + timedelta(microseconds=value.nanos // 1000)
        return clock.replace(tzinfo=None)
    if isinstance(value, str):
        return datetime.fromisoformat(value.strip())
    if isinstance(value, date):
        return datetime.combine(value, time())
    return None


def read_units(value: Value) -> int:
    """How many units are asked for; one if not said. 0 for what is no number of them, which the
    rules of booking refuse with how many there are."""
    if value is None:
        return 1
    whole = isinstance(value, Decimal) and value == int(value) and value > 0
    return int(value) if whole and isinstance(value, Decimal) else 0


def read_reference(value: Value) -> str:
    """What finds a booking at the door, as it is kept: without spaces, in capitals."""
    return "".join(str(value or "").replace("\0", "").split()).upper()[:40]


def answer_of(booked: Booked) -> Mapping[str, Value]:
    """What the task answers."""
    return {
        "number": booked.number,
        "state": booked.state,
        "begins": from_json(booked.begins),
        "ends": from_json(booked.ends),
    }


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    inputs, resource = wanted.inputs or {}, wanted.headers["resource"]
    booked = around.resources.book(
        resource,
        read_moment(inputs.get("begins")),
        str(inputs.get("lane") or ""),
        read_units(inputs.get("units")),
        asking=around.asking,
        at=around.at,
    )
    around.record(BOOKED, resource=resource)
    return answer_of(booked)


TYPE = ServiceType(
    "booking.book",
    Text(
        "为办件的当事人预约一个时段，有空位即确认；已满则候补，规则不许则不办理并说明原因",
        "books a slot for the party of the case and confirms it; where it is full the booking "
        "waits, and what the rules of the resource refuse is told to whoever acts",
    ),
    _rehearse,
    headers=(RESOURCE,),
    inputs=(
        Argument(
            "begins",
            "any",
            Text("时段开始的时刻", "when the slot begins: a moment, its text, or a day"),
            example='=date and time("2026-04-13T09:00:00")',
        ),
        Argument(
            "lane",
            "text",
            Text("通道；只有一个时可不写", "the lane, where there are several"),
            required=False,
            example='="all"',
        ),
        Argument(
            "units",
            "number",
            Text("数量；不写为 1", "how many units; one if not said"),
            required=False,
            example="=2",
        ),
        Argument(
            "reference",
            "text",
            Text(
                "到场时凭它找到预约，例如车牌",
                "what finds the booking at the door, such as a plate",
            ),
            required=False,
            example='="吉H12345"',
        ),
    ),
    results=(
        Result("number", "text", Text("预约号", "the number of the booking"), made_up=True),
        Result("state", "text", Text("`confirmed` 或 `waiting`", "`confirmed` or `waiting`")),
        Result("begins", "any", Text("开始的时刻", "when the slot begins")),
        Result("ends", "any", Text("结束的时刻", "when it ends")),
    ),
    verbs=(BOOKED,),
)
