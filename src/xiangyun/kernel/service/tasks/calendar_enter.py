"""`calendar.enter`: an appointment, a visit or a deadline stands in somebody's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import DateTime, Value
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.language import CHINESE, ENGLISH
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.letters import write_letter
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings
from xiangyun.kernel.worktime import office_time

from .message_send import TO

ENTERED = Verb("entry.put", Text("列入日程《{entry}》", "Put into the calendar: {entry}"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ENTRY = Header("entry", "entry", Text("哪一项日程", "which entry"), example="told")


def read_times(inputs: Mapping[str, Value]) -> tuple[date, date] | tuple[datetime, datetime]:
    """When an entry begins and ends: its first and last day, or two moments; without an end twice
    the same.

    A moment without a zone is one of the office's clock. Raises Refused `service.E020` for what is
    neither, mixed, out of every calendar, or ends before it begins.
    """
    start, end = inputs.get("start"), inputs.get("end")
    try:
        if isinstance(start, DateTime) and (end is None or isinstance(end, DateTime)):
            begins, ends = _moment(start), _moment(end or start)
            if begins <= ends:
                return begins, ends
        elif isinstance(start, date) and (end is None or isinstance(end, date)):
            first, last = start, end or start
            if first <= last:
                return first, last
    except OverflowError:
        pass
    raise Refused([NO_TIME])


def _moment(value: DateTime) -> datetime:
    if value.offset is None:
        clock = _EPOCH + timedelta(microseconds=value.nanos // 1000)
        return office_time(clock.replace(tzinfo=None))
    return _EPOCH + timedelta(microseconds=value.instant // 1000)


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    name = wanted.headers["entry"]
    read_times(wanted.inputs or {})
    for language in (ENGLISH, CHINESE):
        made = write_letter(
            name,
            around.files.texts,
            around.variables,
            language,
            around.findings,
            around.at,
            kind="entry",
        )
    around.entries.append(made)
    around.record(ENTERED, entry=name)
    return {}


NO_TIME = Finding(
    "service.E020",
    "error",
    Text(
        "日程的 start、end 不是日期，也不是时刻，或者结束早于开始。",
        "`start` and `end` of a calendar entry are two days or two moments, in this order.",
    ),
    hint=Text(
        "请写 date(…) 或 date and time(…)，两个用同一种。",
        "Give date(…) or date and time(…), both of one kind.",
    ),
)

TYPE = ServiceType(
    "calendar.enter",
    Text(
        "把约见、上门或期限列入日程，并发消息；同一项再列一次即为改期",
        "puts an appointment, a visit or a deadline into calendars and says so; the same entry "
        "once more is a change of it",
    ),
    _rehearse,
    headers=(ENTRY, TO),
    inputs=(
        Argument(
            "start",
            "any",
            Text("开始的日期或时刻", "the day or the moment it begins"),
            example='=date("2026-04-20")',
        ),
        Argument(
            "end",
            "any",
            Text("结束的日期（含当天）或时刻", "the last day, or the moment it ends"),
            required=False,
            example='=date("2026-04-21")',
        ),
        Argument("place", "text", Text("地点", "where"), required=False, example='="珲春市"'),
    ),
    verbs=(ENTERED,),
)
