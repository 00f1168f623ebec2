"""`booking.extend`: a resource is open longer, on application."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

from .booking_book import RESOURCE

EXTENDED = Verb(
    "booking.extended",
    Text("《{resource}》延长开放：{hours}", "{resource} is open longer: {hours}"),
)


def read_days(inputs: Mapping[str, Value]) -> tuple[date, date]:
    """The first and the last day, which is the first where it is not said.

    Raises Refused `booking.E016` for what is no day.
    """
    first = inputs.get("first")
    last = inputs.get("last") or first
    if isinstance(first, str) and isinstance(last, str):
        with suppress(ValueError):
            first, last = date.fromisoformat(first), date.fromisoformat(last)
    if isinstance(first, date) and isinstance(last, date):
        return first, last
    raise Refused([Finding(
        "booking.E016",
        "error",
        Text("延长开放的 first、last 不是日期。",
             "`first` and `last` of extended hours are no days."),
        None,
        Text("请写 date(…)。", "Give date(…)."),
    )])  # fmt: skip


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    inputs, resource = wanted.inputs or {}, wanted.headers["resource"]
    hours = str(inputs.get("hours") or "")
    around.resources.extend(resource, *read_days(inputs), hours)
    around.record(EXTENDED, resource=resource, hours=hours)
    return {}


TYPE = ServiceType(
    "booking.extend",
    Text(
        "依申请延长资源的开放时间，不超过其 extension 的规定",
        "opens a resource longer on application, as far as its `extension` allows",
    ),
    _rehearse,
    headers=(RESOURCE,),
    inputs=(
        Argument("first", "date", Text("第一天", "the first day"), example='=date("2026-04-13")'),
        Argument(
            "last",
            "date",
            Text("最后一天；不写为第一天", "the last day; the first if not said"),
            required=False,
            example='=date("2026-04-14")',
        ),
        Argument("hours", "text", Text("时段", "spans of the clock"), example='="17:00-18:00"'),
    ),
    verbs=(EXTENDED,),
)
