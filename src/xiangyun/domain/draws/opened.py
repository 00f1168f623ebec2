"""The cases of visits: opened once each, and given anew what follows from who goes there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import openings, renewal
from xiangyun.domain.registers.queries import used
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, NotFound, Refused, Text
from xiangyun.kernel.occasion.draws import DRAWN, DeclaredDraw
from xiangyun.kernel.service.openings import DRAW

from . import freezing, queries
from .models import Draw, Visit

_AT_A_TIME = 200


def open_cases(number: str, *, at: datetime, at_most: int = 5_000) -> tuple[int, int]:
    """Open the case of each visit that has none yet; how many opened, and how many could not.

    Each is a transaction of its own; killed in the middle, the next run goes on, and no case opens
    twice: its id follows from draw and object.
    """
    with acting_as(SYSTEM):
        found = queries.numbered(number)
        declared: DeclaredDraw = queries.declared(found.code).value
    opened = failed = 0
    after = 0
    while opened + failed < at_most:
        with acting_as(SYSTEM):
            waiting = Visit.objects.filter(draw=found, case=None, skipped=False, pk__gt=after)
            some = list(waiting.order_by("pk")[:_AT_A_TIME])
            keys = [each.key for each in some]
            rows = {
                row.key: row
                for row in freezing.rows_of(declared.frame.register, None, found.ordered_on, keys)
            }
            people = freezing.people_of(declared, found)
        for visit in some:
            after = visit.pk
            problem = _open(found, declared, visit, rows.get(visit.key), people, at)
            opened, failed = opened + (not problem), failed + bool(problem)
        if len(some) < _AT_A_TIME:
            break
    return opened, failed


def _open(
    found: Draw,
    declared: DeclaredDraw,
    visit: Visit,
    row: freezing.Row | None,
    people: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> str:
    """Open the case of one visit; why not, where it could not be opened."""
    if row is None:
        return _note(visit, _GONE)
    try:
        answers = _answers(found, declared, visit, row, people, visit.inspectors)
        begun = openings.Begun(
            DRAW,
            f"{found.pk}:{visit.key}",
            openings.Subject() if declared.days_hidden else _subject(declared, row),
            answers,
            place=visit.division,
            by=found.code,
            source=found.number,
        )
        with acting_as(SYSTEM), transaction.atomic():
            case, _ = openings.open_case(declared.service, begun, at=at)
            Visit.objects.filter(pk=visit.pk).update(case=case.pk, problem="")
    except (Refused, ObjectDoesNotExist) as problem:
        why = problem.summary if isinstance(problem, Refused) else Text.given(str(problem), "")
        return _note(visit, why)
    return ""


def _subject(declared: DeclaredDraw, row: freezing.Row) -> openings.Subject:
    """Whom the case is about: whom the record is about, entered as a party if nobody knew it.

    Of a visit without notice it is about the place: whoever a case is about sees it at once.
    """
    register = used(declared.frame.register).declaration
    code = row.data.get(register.subject_field) if register else None
    if row.holder is not None or register is None or register.subject == "none" or code is None:
        return openings.Subject(row.holder)
    named = (each.name for each in register.fields if each.searched == "name")
    name = next((str(row.data[each]) for each in named if row.data.get(each)), str(code))
    return openings.Subject(None, register.subject, str(code), name)


def _note(visit: Visit, why: Text) -> str:
    """Why no case could be opened, in both languages, as it is kept and shown."""
    problem = f"{why.zh} {why.en}".strip()[:500]
    with acting_as(SYSTEM):
        Visit.objects.filter(pk=visit.pk).update(problem=problem)
    return problem


def follow(visit: Visit, before: Iterable[str], *, at: datetime) -> None:
    """After a recusal: the case of a visit gets what follows from who goes there now.

    `before`: who went there, as `team/code`. Raises Refused where the case refuses the other one.
    """
    if visit.case is None:
        return
    was = list(before)
    with acting_as(SYSTEM):
        found = visit.draw
        declared: DeclaredDraw = queries.declared(found.code).value
        people = freezing.people_of(declared, found)
        register = declared.frame.register
        row = next(freezing.rows_of(register, None, found.ordered_on, [visit.key]), None)
    if row is None:
        raise NotFound([_gone(visit)])
    old, new = (
        _answers(found, declared, visit, row, people, going) for going in (was, visit.inspectors)
    )
    changed = {name: value for name, value in new.items() if old[name] != value}
    struck = [_account(each, people) for each in was if each not in visit.inspectors]
    drawn = [_account(each, people) for each in visit.inspectors if each not in was]
    passed_on = {login: (drawn or [""])[0] for login in struck if login}
    renewal.renew(visit.case, changed, passed_on, by=found.number, at=at)


def _account(named: str, people: Mapping[str, Mapping[str, Any]]) -> str:
    """The log-in name of `team/code`; empty for one without."""
    return str(people.get(named.partition("/")[2], {}).get("account") or "")


def _answers(
    found: Draw,
    declared: DeclaredDraw,
    visit: Visit,
    row: freezing.Row,
    people: Mapping[str, Mapping[str, Any]],
    going: Iterable[str],
) -> dict[str, Value]:
    """What `draws.yaml` answers for a visit by these inspectors."""
    known = [people.get(each.partition("/")[2], {}) for each in going]
    drawn = (visit.key, found.ordered_on, found.number, [dict(each) for each in known if each],
             f"{visit.division:012}", visit.register)  # fmt: skip
    seen = {**row.values, **dict(zip(DRAWN, drawn, strict=True))}
    return {name: formula.value(seen) for name, formula in declared.answers.items()}


def _gone(visit: Visit) -> Finding:
    return Finding(
        "draw.E018",
        "error",
        Text("{key}：{why}", "{key}: {why}", key=visit.key, why=_GONE),
    )


_GONE = Text("对象已经不在库里。", "The object is in its register no more.")
