"""The root variables a case starts with, and the functions every FEEL context has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from xiangyun.kernel.bpmn.times import as_moment
from xiangyun.kernel.feel import Value, from_json, function
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack.heldregisters import NONE_DECLARED
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.taskforms import TASKS
from xiangyun.kernel.packfile.amounts import money, money_in_words
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.numbers import CASE
from xiangyun.kernel.service.openings import APPLICANT
from xiangyun.kernel.worktime import Calendar, office_zone, read_schedule

STARTING = (
    "application",
    "applicant",
    "division",
    "authority",
    "parameters",
    "filed_on",
    "case_number",
    "filing",
    "opening",
    TASKS,
)
"""Names of the root variables at the start of a case."""


def starting_variables(
    pack: Pack,
    answers: Mapping[str, Value],
    *,
    division: Mapping[str, Value],
    filed_on: date,
    case_number: str = "",
    filed_at_desk: str = "",
    filed_by: str = "",
    signature: Value = None,
    opening: Mapping[str, Value] = MappingProxyType({}),
    registers: Mapping[str, Register] = NONE_DECLARED,
) -> dict[str, Value]:
    """The root variables of a new case.

    `answers` are FEEL values by form key; a question not answered becomes null. `division` is that
    of the competent authority: {code, name, path: names from the province down to itself}, with
    `name_en` where there is an English one; the authority bears it. The
    applicant is read from the questions whose answers stand in a register about the applicant,
    which the declaration among `registers` says. `filed_at_desk` is empty when the applicant filed
    online; `signature` is None when the applicant signed nothing. Without a `case_number` it is
    that of the first case of the day. `opening` says how a case opened that nobody applied for:
    {how, by, from, message, place}.
    """
    application: dict[str, Value] = {question.key: None for question in pack.form.questions}
    application.update(answers)
    started: dict[str, Value] = {
        "application": application,
        "applicant": _applicant(pack, application, registers),
        **competent(pack, division),
        "parameters": pack.parameters.on(filed_on),
        "filed_on": filed_on,
        "case_number": case_number,
        "filing": filing_of(filed_at_desk, filed_by, signature),
        TASKS: dict(pack.undone),
    }
    if opening:
        started["opening"] = dict(opening)
    if not case_number:
        started["case_number"] = _first_number(pack, started, filed_on)
    return started


def competent(pack: Pack, division: Mapping[str, Value]) -> dict[str, Value]:
    """The variables `division` and `authority`: where a case lies, and the body that decides it.

    `division` as in `starting_variables`.
    """
    code = str(division["code"])
    name = str(division["name"])
    place = Text.given(name, str(division.get("name_en", name)))
    authority = pack.service.authority_for(place, code)
    return {
        "division": {key: division[key] for key in ("code", "name", "path")},
        "authority": {
            "name": authority.name.zh,
            "name_en": authority.name.en,
            "code": authority.code,
            "division": code,
        },
    }


def filing_of(desk: str, by: str, signature: Value = None) -> dict[str, Value]:
    """The variable `filing`: where and by whom it was filed, and how signed, where it was."""
    return {"desk": desk, "by": by, **({} if signature is None else {"signature": signature})}


def opening_of(
    how: str, *, by: str = "", source: str = "", message: str = "", place: str = ""
) -> dict[str, Value]:
    """The variable `opening` of a case: who or what opened it; nothing for what was applied for."""
    if how == APPLICANT:
        return {}
    said = {"by": by, "from": source, "message": message, "place": place}
    return {"how": how, **{name: value or None for name, value in said.items()}}


def _first_number(pack: Pack, data: Mapping[str, Value], on: date) -> str:
    where = data["division"]
    assert isinstance(where, dict)
    if (rule := pack.service.number(CASE)) is not None:
        return rule.written(1, data, where, on)
    return f"{str(where['code'])[:6]}{on:%Y%m%d}000001"


def _applicant(
    pack: Pack, application: Mapping[str, Value], registers: Mapping[str, Register]
) -> dict[str, Value]:
    """What is known of whoever applies: at least a name, an identity number and the kind.

    A register says by its `subject` whom it is about; the code of that subject is the identity
    number, the name is what it is found by. Of one that is not declared here a field is what it
    is called, and its code the identity number.
    """
    applicant: dict[str, Value] = {"name": None, "id_number": None, "kind": "person"}
    for question in pack.form.questions:
        code, _, field = (question.source or "").partition(".")
        value = application.get(question.key)
        if not field or value is None:
            continue
        register = registers.get(code)
        if register is None:
            applicant["id_number" if field == "code" else field] = value
        elif register.subject in _KINDS:
            applicant["kind"] = _KINDS[register.subject]
            applicant[_known_as(register, field)] = value
    return applicant


def sources(pack: Pack) -> frozenset[str]:
    """The registers that a form takes answers from, by their codes."""
    named = (question.source or "" for question in pack.form.questions)
    return frozenset(code for code, dot, _ in (each.partition(".") for each in named) if dot)


_KINDS: Mapping[str, str] = {"person": "person", "organisation": "company"}
"""What a register is about, and what an applicant of that kind is called in rules."""


def _known_as(register: Register, field: str) -> str:
    """As what of an applicant a field is known."""
    if field == register.subject_field:
        return "id_number"
    named = next((each.name for each in register.fields if each.searched == "name"), "name")
    return "name" if field == named else field


CALENDAR_FUNCTIONS = (
    "working days after",
    "working days between",
    "working hours after",
    "next time",
)
"""The functions of the host whose value a holiday may change."""


@lru_cache(maxsize=16)
def host_functions(calendar: Calendar) -> Mapping[str, Value]:
    """Functions to merge into every FEEL context.

    `working days after(day, number)`; `working days between(first, last)`: those after the first
    day up to and including the last, which is what is left of a limit that stands still meanwhile.
    `money(amount)`: 794,958.90; `money in words(amount)`: in Chinese capitals.
    `working hours after(moment, hours)`: when the office has been open for so long. `next time(
    schedule, after)`: when a recurrence such as `0 9 * * 1-5` comes next.
    """

    def working_days_after(day: Value, number: Value) -> Value:
        if not isinstance(day, date) or not isinstance(number, Decimal):
            raise ValueError("working days after wants a date and a number of days")
        return calendar.add_working_days(day, int(number))

    def working_days_between(first: Value, last: Value) -> Value:
        if not isinstance(first, date) or not isinstance(last, date):
            raise ValueError("working days between wants two dates")
        return Decimal(calendar.working_days_between(first, last))

    def working_hours_after(moment: Value, hours: Value) -> Value:
        at = _moment(moment)
        if at is None or not isinstance(hours, Decimal):
            raise ValueError("working hours after wants a date and time and a number of hours")
        return from_json(calendar.add_working_hours(at, timedelta(hours=float(hours))))

    def next_time(schedule: Value, after: Value) -> Value:
        at = _moment(after)
        if at is None or not isinstance(schedule, str):
            raise ValueError("next time wants a recurrence and a date and time")
        found = read_schedule(schedule).after(at, calendar)
        return None if found is None else from_json(found)

    def amount(value: Value) -> Value:
        if not isinstance(value, Decimal):
            raise ValueError("money wants a number")
        return money(value)

    def amount_in_words(value: Value) -> Value:
        if not isinstance(value, Decimal):
            raise ValueError("money in words wants a number")
        return money_in_words(value)

    return MappingProxyType(
        {
            "money": function(("amount",), amount),
            "money in words": function(("amount",), amount_in_words),
            "working hours after": function(("moment", "hours"), working_hours_after),
            "next time": function(("schedule", "after"), next_time),
            "working days after": function(("day", "number"), working_days_after),
            "working days between": function(("first", "last"), working_days_between),
        }
    )


def _moment(value: Value) -> datetime | None:
    """A FEEL date and time by the clock of the office; a day begins at midnight."""
    midnight = datetime(2000, 1, 1, tzinfo=office_zone())
    found = as_moment(value, midnight)
    if found is None or isinstance(found, datetime):
        return found
    return midnight.replace(year=found.year, month=found.month, day=found.day)
