"""How a draft becomes a case: its number, its competent division, its first variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import import_module
from uuid import UUID

from django.db import connection
from django.utils import timezone

from xiangyun import manifest
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import sheets
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.numbers import actions as numbers
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.parties import queries as known
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Finding, Place, Refused
from xiangyun.kernel.formspec import check, submitted
from xiangyun.kernel.pack import Pack, host_functions, sources, starting_variables
from xiangyun.kernel.service.casetime import begun
from xiangyun.kernel.service.model import AGENT, ServiceItem
from xiangyun.kernel.service.numbers import CASE

from . import clock, drafts, objecting, ports, store
from .handlers.casestep import CaseStep
from .models import Case, Draft
from .prefill import prefill


def application_of(draft: Draft, pack: Pack, at: datetime) -> dict[str, Value]:
    """All answers: what was typed, the files, and over both what registers know.

    Raises `Refused` with every problem, each placed at its question.
    """
    held = prefill(draft)
    known = {key: one.value for key, one in held.known.items()}
    # Who has several records and has chosen none answers these questions by typing in no case.
    waiting = dict.fromkeys(held.undecided)
    answers = {**drafts.answers_of(draft), **drafts.files_as_answers(draft), **waiting, **known}
    answers = submitted(pack.form, answers)
    problems = check(pack.form, answers, known=known.keys(), on=timezone.localdate(at))
    problems |= {key: found for key, found in held.undecided.items() if key in answers}
    problems |= objecting.unfit(draft, pack, answers)
    for admits in _admitting():
        problems |= admits(draft.owner, pack, answers, at)
    if problems:
        raise Refused(
            [replace(finding, place=Place(question=key)) for key, finding in problems.items()]
        )
    return answers


@cache
def _admitting() -> tuple[Callable[..., Mapping[str, Finding]], ...]:
    """What apps above this one say against an application, such as a name that is taken."""
    named = (each.partition(":") for each in manifest.admitting())
    return tuple(getattr(import_module(module), function) for module, _, function in named)


def open_course(
    draft: Draft,
    pack: Pack,
    application: dict[str, Value],
    actor: Actor,
    at: datetime,
    came: Mapping[str, Value] | None = None,
) -> CaseStep:
    """The case that the draft becomes, not yet stored, with its starting variables.

    `came`: the variable `opening` of a case that nobody applied for.
    """
    today = timezone.localdate(at)
    division = competent_division(pack, application)
    case = Case(
        id=draft.id,
        number="",  # below: it may say something of what follows
        version=draft.version,
        division=division.code,
        owner=draft.owner,
        filed_by=draft.filed_by,
        filed_by_name=actor.name if draft.filed_by else "",
        filed_desk=draft.filed_desk,
        filed_in=draft.filed_in,
        matter=draft.matter,
        need=draft.need,
        submitted_at=at,
        clock_from=today,
    )
    data = starting_variables(
        pack,
        application,
        division=said_of(division),
        filed_on=today,
        filed_at_desk=draft.filed_desk,
        filed_by=actor.name,
        opening=came or {},
        registers=registers.declared(sources(pack)),
    )
    case.applicant_name = str(data["applicant"]["name"] or _name_of(draft.owner))
    data["applicant"]["name"] = case.applicant_name or None  # letters address whom no form asked
    data["case_number"] = case.number = _next_number(pack, division.code, data, at)
    case.subject = pack.subject(data)
    case.variables = to_stored(data)
    calendar = ports.counting_calendar()
    functions = host_functions(calendar)
    counting = timezone.localtime(at) if pack.service.counts_hours else today
    local = sheets.promise_at(pack.service, division.code, today)
    clock.put(case, begun(pack.service, counting, {**functions, **data}, local))
    clock.set_due(case, pack.service, calendar)
    step = CaseStep(case, pack, actor, at, data, functions, calendar)
    step.writes.parties += parties_of(pack.service, application, actor, division.code)
    return step


def said_of(division: divisions.Division) -> dict[str, Value]:
    """A competent division as the variables of a case say it."""
    return {
        "code": str(division.code),
        "name": division.name,
        "name_en": division.words.en,
        "path": [step.name for step in divisions.path(division.code)],
    }


def parties_of(
    service: ServiceItem, application: Mapping[str, Value], actor: Actor, division: int
) -> list[store.Row]:
    """The parties of a new case besides the one that applied: who acted for it, and the named.

    Whom the answers name by a code is that party, entered where nobody knew it. A role that the
    answers leave out has nobody.
    """
    rows: list[store.Row] = []
    if actor.acts_for_another and actor.account is not None:
        rows.append({"role": AGENT, "party": actor.account, "name": actor.name, "sees": False})
    for each in service.parties:
        code = str(application.get(each.code) or "").strip()
        name = str(application.get(each.party_name) or "").strip()
        if not code or not name:
            continue
        with acting_as(SYSTEM):
            party = parties.ensure(each.kind, code, name, division=division)
        rows.append({"role": each.role, "party": party.pk, "name": name, "sees": each.sees})
    return rows


def competent_division(pack: Pack, application: dict[str, Value]) -> divisions.Division:
    """The division whose office decides: that of the service's level around the given address."""
    given = divisions.division(str(application[pack.service.competent_question]))
    found = divisions.at_level(given.code, int(pack.service.level))
    return found or given


def _next_number(pack: Pack, division: int, data: Mapping[str, Value], at: datetime) -> str:
    """The number of a new case: as the service declares it, or place, day and a serial number."""
    today = timezone.localdate(at)
    if (rule := pack.service.number(CASE)) is not None:
        counted = rule.counted(pack.code, str(division), today)
        serial = numbers.take(counted.series, counted.year, counted.place)
        where = data["division"]
        assert isinstance(where, dict)
        return rule.written(serial, data, where, today)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number')")
        drawn: int = cursor.fetchone()[0]
    return f"{str(division)[:6]}{today:%Y%m%d}{drawn:06d}"


def _name_of(owner: UUID) -> str:
    """The name of the party where no register answers a question with it."""
    with acting_as(SYSTEM):
        found = known.parties([owner]).get(owner)
    return found.name if found else ""
