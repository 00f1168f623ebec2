"""Whether a name is free: what the rules say, who has a like one, and who has reserved it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import ports
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.names import normal, readings
from xiangyun.kernel.dmn import decide
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack import Pack, RuleFinding, host_functions, starting_variables
from xiangyun.kernel.service.namecheck import NameCheck
from xiangyun.kernel.service.ruling import findings_of

from . import similar
from .models import Reservation

__all__ = ["Checked", "Near", "Reservation", "against", "check", "name_of", "of_owner", "reserved"]
MOST = 50
"""Records that are compared for each way of asking; and like names that are shown."""
_GRAVE = ("refuse", "correct")


@dataclass(frozen=True, slots=True)
class Near:
    """A name that stands near to the one asked for, and why."""

    name: str
    reason: Text
    rules_out: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """One name with all that is to be said of it; `free`: it can be reserved."""

    name: str
    answers: Mapping[str, Value]
    findings: tuple[RuleFinding, ...]
    near: tuple[Near, ...]
    reserved_until: date | None
    """The last day for which somebody else has it; None: nobody has."""

    @property
    def free(self) -> bool:
        ruled = any(each.severity in _GRAVE for each in self.findings)
        return not (ruled or self.reserved_until or any(each.rules_out for each in self.near))


def name_of(pack: Pack, answers: Mapping[str, Value]) -> str:
    """The whole name that answers make."""
    rule = _rule(pack)
    asked: dict[str, Value] = dict.fromkeys(q.key for q in pack.form.questions)
    made = rule.name.value({"application": {**asked, **answers}}) if rule.name else ""
    return str(made or "")


def check(
    pack: Pack, answers: Mapping[str, Value], *, actor: Actor, division: int, at: datetime
) -> Checked:
    """What is to be said of one name in a division; `answers` to the questions of the rule."""
    rule, name = _rule(pack), name_of(pack, answers)
    until = reserved(pack.code, name, actor.subject, on=timezone.localdate(at))
    return Checked(
        name,
        answers,
        tuple(_judged(pack, rule, answers, division, at)),
        tuple(_near(pack, name, answers, actor.subject, on=timezone.localdate(at))),
        until,
    )


def reserved(service: str, name: str, but: UUID | None, *, on: date) -> date | None:
    """Until when a name is reserved for somebody else than a party; None where it is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xiangyun_name_reserved(%s, %s, %s, %s)", [service, normal(name), but, on]
        )
        found: date | None = cursor.fetchone()[0]
    return found


def part_of(rule: NameCheck, answers: Mapping[str, Value]) -> str:
    """The distinctive part of a name, as names are compared."""
    return normal(str(answers.get(rule.variant) or ""))


def kind_of(rule: NameCheck, answers: Mapping[str, Value]) -> str:
    """The line of business of a name; empty where the service does not ask for it."""
    return str(answers.get(rule.kind) or "") if rule.kind else ""


def sound_of(part: str) -> str:
    """How a part is read, by which those that sound the same are found."""
    return "".join(readings(part))


def of_owner(actor: Actor, service: str, *, on: date) -> list[Reservation]:
    """The names that the party acted for has reserved and that still stand."""
    found = Reservation.objects.filter(
        owner__in=actor.subjects, service=service, until__gte=on, released_at=None
    )
    return list(found.order_by("-reserved_at"))


def against(
    owner: UUID, pack: Pack, application: Mapping[str, Value], at: datetime
) -> dict[str, Finding]:
    """What stands against sending an application: its name is reserved for somebody else."""
    rule = pack.service.name_check
    if rule is None:
        return {}
    name = name_of(pack, application)
    until = reserved(pack.code, name, owner, on=timezone.localdate(at)) if name else None
    return {rule.variant: taken(name, until)} if until else {}


def taken(name: str, until: date) -> Finding:
    """The finding for a name that somebody else has reserved."""
    return Finding(
        "portal.E015",
        "error",
        Text(
            "“{name}”已由他人预留至{until}。",
            "“{name}” is reserved for somebody else until {until}.",
            name=name,
            until=until,
        ),
        hint=Text("请换一个字号，或者到期以后再申请。", "Choose another, or apply after that day."),
    )


def _rule(pack: Pack) -> NameCheck:
    rule = pack.service.name_check
    if rule is None:
        raise LookupError(pack.code)
    return rule


def _judged(
    pack: Pack, rule: NameCheck, answers: Mapping[str, Value], division: int, at: datetime
) -> Iterator[RuleFinding]:
    """What the declared decisions say of what the name is made of; nothing about other answers.

    Above the places that decide, only of the part that varies: what place a name may begin with is
    not known there.
    """
    here = divisions.at_level(division, int(pack.service.level))
    found = here or divisions.division(division)
    place: dict[str, Value] = {
        "code": str(found.code),
        "name": found.name,
        "name_en": found.words.en,
        "path": [step.name for step in divisions.path(found.code)],
    }
    on = timezone.localdate(at)
    variables = starting_variables(pack, answers, division=place, filed_on=on)
    known = {**pack.unset, **host_functions(ports.counting_calendar()), **variables}
    for decision in rule.decisions if pack.rules is not None else ():
        assert pack.rules is not None
        for each in findings_of(decide(pack.rules, decision, known)):
            if each.field == rule.variant or (here and each.field in rule.questions):
                yield each


def _near(
    pack: Pack, name: str, answers: Mapping[str, Value], but: UUID | None, *, on: date
) -> Sequence[Near]:
    """What the register has near it, and what others have reserved; the nearest first."""
    rule = _rule(pack)
    part = part_of(rule, answers)
    if not part:
        return []
    asked = similar.Parts(name, part, kind_of(rule, answers))
    found: dict[str, tuple[int, Text]] = {}
    for other in _reserved_like(pack.code, part, but, on):
        why = similar.reason(asked, other)
        if why is not None:
            said = Text("已被预留，{why}", "reserved: {why}", why=similar.REASONS[why])
            found[other.name] = why, said
    for other in _registered_like(rule, part):
        why = similar.reason(asked, other)
        if why is not None:
            found[other.name] = why, similar.REASONS[why]
    ordered = sorted((why, each, said) for each, (why, said) in found.items())[:MOST]
    return [Near(each, said, why <= similar.RULED_OUT) for why, each, said in ordered]


def _registered_like(rule: NameCheck, part: str) -> Iterator[similar.Parts]:
    """Names of the register that may stand near."""
    for text in (part, sound_of(part), *_most_of(part)):
        for state in registers.search(rule.register, text, limit=MOST).states:
            data = state.data or {}
            yield similar.Parts(
                str(data.get(rule.name_field) or ""),
                str(data.get(rule.variant_field) or ""),
                str(data.get(rule.kind_field) or "") if rule.kind_field else "",
            )


def _reserved_like(service: str, part: str, but: UUID | None, on: date) -> list[similar.Parts]:
    """Names that others have reserved and that may stand near."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM xiangyun_names_like(%s, %s, %s, %s, %s, %s)",
            [service, sound_of(part), [part, *_most_of(part)], but, on, MOST],
        )
        return [similar.Parts(*row) for row in cursor.fetchall()]


def _most_of(part: str) -> tuple[str, ...]:
    """All of a part but a sign at either end: what one sign apart has in common with it."""
    return (part[1:], part[:-1]) if len(part) > 2 else ()
