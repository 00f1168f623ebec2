"""`draw.plan`: a draw is put into the plan of a year, which everybody can read."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

PLANNED = Verb(
    "draw.put_into_plan",
    Text("列入 {year} 年抽查计划：{draw}", "Put into the plan of {year}: {draw}"),
)


def read(inputs: Mapping[str, Value]) -> tuple[str, int, int, str]:
    """Which draw, the year, the month from 1 to 12 (0 for what is no number), and the note."""
    year, month = (_whole(inputs.get(name)) for name in ("year", "month"))
    return str(inputs.get("draw") or ""), year, month, str(inputs.get("note") or "")


def _whole(value: Value) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    draw, year, _, _ = read(wanted.inputs or {})
    around.record(PLANNED, draw=draw, year=str(year))
    return {}


TYPE = ServiceType(
    "draw.plan",
    Text(
        "把一种抽查列入某年某月的年度抽查计划并公布；已经列入的不变",
        "puts a draw into the published plan of a year; what stands there already stays so",
    ),
    _rehearse,
    inputs=(
        Argument(
            "draw",
            "text",
            Text("哪一种抽查", "the code of the draw"),
            example='="checks/yearly:companies"',
        ),
        Argument("year", "any", Text("年份", "the year"), example="=2027"),
        Argument("month", "any", Text("月份，1 至 12", "the month, 1 to 12"), example="=3"),
        Argument("note", "text", Text("说明", "a note"), required=False, example='="食品"'),
    ),
    verbs=(PLANNED,),
)
