"""One case with all that hangs on it, and the cases that are mine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, clock, extension, ports, sealing, secrecy
from xiangyun.domain.cases.models import (
    Case,
    CaseParty,
    Decision,
    Draft,
    Letter,
    Material,
    WorkItem,
)
from xiangyun.domain.cases.rows import letters_of, parties_in
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files import queries as files
from xiangyun.domain.vault.sealing import opening
from xiangyun.kernel.dmn import annotated
from xiangyun.kernel.feel import Value, from_stored
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import CHINESE
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.packfile import display
from xiangyun.kernel.service.model import APPLICANT
from xiangyun.kernel.worktime import Clock, day_of, moment_of


@dataclass(frozen=True, slots=True)
class FiredRow:
    """A row of a rule table that fired: its number from 1, its words, and its law."""

    decision: str
    row: int
    id: str
    text: Text
    basis: Text
    conditions: tuple[str, ...]


def my_cases(actor: Actor, *, after: str = "", limit: int = 200) -> list[Case]:
    """The cases of the party acted for, and those this desk filed, newest first.

    A keyset page: `after` is the place of the last case of the page before (`place_of`). Raises
    ValueError for a place that no page has given out.
    """
    if actor.account is None:
        return []
    mine = access.mine(actor)
    if after:
        moment, _, ident = after.partition("~")
        at, last = datetime.fromisoformat(moment), UUID(ident)
        if at.tzinfo is None:
            raise ValueError(after)
        mine &= Q(submitted_at__lt=at) | Q(submitted_at=at, id__lt=last)
    found = Case.objects.filter(mine).select_related("version")
    return list(found.order_by("-submitted_at", "-id")[:limit])


def is_mine(actor: Actor, case_id: UUID) -> bool:
    """Whether a case is one of `my_cases`."""
    return Case.objects.filter(access.mine(actor), pk=case_id).exists()


def place_of(case: Case) -> str:
    """Where a case stands in `my_cases`."""
    return f"{case.submitted_at.isoformat()}~{case.pk}"


def my_drafts(actor: Actor) -> list[Draft]:
    """Applications begun and not sent, newest first."""
    found = access.drafts_of(actor).filter(sent=False).select_related("version")
    return list(found.order_by("-updated_at")[:50])


def case_by_number(actor: Actor, number: str) -> Case:
    """The case with this number, if this actor may see it."""
    return access.cases_of(actor).get(number=number.strip())


def numbered(numbers: Iterable[str]) -> list[Case]:
    """The cases with these numbers as far as the asker may see them, with versions and parties."""
    found = Case.objects.filter(number__in=set(numbers)).select_related("version")
    return list(found.defer("variables", "state").prefetch_related("parties"))


def pack_of(case: Case) -> Pack:
    """The compiled pack of the version the case lives by."""
    return catalogue.pack(case.version_id)


def number_of(case: UUID) -> str | None:
    """The number of a case, whoever asks; None where there is none."""
    with acting_as(SYSTEM):
        return Case.objects.filter(pk=case).values_list("number", flat=True).first()


def id_of(number: str) -> UUID | None:
    """The id of a case by its number, whoever asks; None where there is none."""
    with acting_as(SYSTEM):
        return Case.objects.filter(number=number).values_list("pk", flat=True).first()


def pack_of_number(number: str) -> Pack | None:
    """The pack by whose version a case lives, whoever asks; None where there is no such case."""
    with acting_as(SYSTEM):
        version = Case.objects.filter(number=number).values_list("version_id", flat=True).first()
    return catalogue.pack(version) if version else None


def was_taken_back(case: Case) -> bool:
    """Whether the case ended because the applicant withdrew it."""
    outcome = pack_of(case).service.outcome(case.outcome)
    return outcome is not None and outcome.meaning == "taken_back"


def task_words(element: str, pack: Pack) -> Text:
    """A task by its name: one of the drawing, or the platform's own."""
    return extension.TITLE if element == extension.ELEMENT else pack.words(f"task.{element}")


def own_subject(work_item: WorkItem) -> str:
    """The subject line of a task of its own, which its input `subject` says; empty without one.

    Such as the household of one of several visits, or the plot that an opinion is about.
    """
    said = from_stored(work_item.inputs.get("subject"))
    return "" if said is None else display.shown(said, CHINESE)


def subject_of(work_item: WorkItem) -> str:
    """What a task is about: its own subject line; else what its case is about."""
    return own_subject(work_item) or work_item.case.subject


def clock_of(case: Case) -> Clock:
    """The promised time of the case, with its pauses; it explains itself."""
    service = pack_of(case).service
    return clock.time_of(case, service).promised_clock(service, ports.counting_calendar())


def clocks_of(case: Case) -> list[Clock]:
    """Every clock of the case: the promised and the statutory time, then each stage's begun."""
    pack, calendar = pack_of(case), ports.counting_calendar()
    time = clock.time_of(case, pack.service)
    found = [
        time.promised_clock(pack.service, calendar),
        time.statutory_clock(pack.service, calendar),
        *(
            time.stage_clock(each.stage, pack.service, calendar, pack.words(f"stage.{each.stage}"))
            for each in pack.service.stage_limits
        ),
    ]
    return [each for each in found if each is not None]


def tightest_clock(case: Case) -> Clock:
    """Of the promised time and the stages under way the one that ends first: what is most pressing.

    Where everything stands still, the promised time.
    """
    promised, _, *stages = clocks_of(case)
    running = [each for each in (promised, *stages) if each.stopped is None]
    ends = [(due, each) for each in running if (due := each.due) is not None]
    return min(ends, key=lambda end: moment_of(end[0]))[1] if ends else promised


def due_of(case: Case, today: date) -> date | None:
    """The day by the promised time; None while the clock stands still."""
    if case.ended_at is not None:
        return case.due_on
    still = clock_of(case).pause(today) is not None
    return None if still else case.due_on


def time_explained(case: Case, on: date) -> list[Text]:
    """Why so many days are left of the promised time, and whether its end is provisional."""
    return explained(clock_of(case), on, case.due_on)


def explained(clock: Clock, on: date, due: date | None = None) -> list[Text]:
    """Why so many days are left: every pause, every holiday, and whether the end is provisional.

    `due` is the last known end of a clock that stands still.
    """
    end = clock.due or due
    note = ports.provisional(day_of(end)) if end is not None and clock.stopped is None else None
    return [*clock.explain(on), note] if note else clock.explain(on)


def fired_rows(pack: Pack, decision: Decision) -> list[FiredRow]:
    """The rule rows that fired, with their words and the law behind each."""
    return [
        FiredRow(
            decision=step["name"],
            row=fired["row"],
            id=fired["id"],
            text=annotated(fired["annotations"]),
            basis=pack.law(fired["annotations"].get("basis", "")),
            conditions=tuple(fired["conditions"]),
        )
        for step in decision.trace["decisions"]
        for fired in step["fired"]
    ]


def letter(letter_id: int) -> Letter:
    """One letter, as far as whoever asks may see it; `Letter.DoesNotExist` otherwise."""
    return Letter.objects.get(pk=letter_id)


def letter_for(actor: Actor, letter_id: int) -> tuple[Letter, Case]:
    """A letter to the party acted for, or of a case that an official sees, with its case.

    `Letter.DoesNotExist` for all others.
    """
    found = Letter.objects.get(pk=letter_id)
    with_case = access.cases_of(actor).filter(pk=found.case_id).exists()
    with acting_as(SYSTEM):  # a party may see its letters alone; the office's name stands here
        case = Case.objects.get(pk=found.case_id)
    roles = CaseParty.objects.filter(case=found.case_id, party__in=actor.subjects)
    addressed = found.to in set(roles.values_list("role", flat=True))
    own = with_case and found.to == APPLICANT and access.is_applicant(actor, case)
    if not (addressed or own or (with_case and actor.is_official)):
        raise Letter.DoesNotExist
    return found, case


def letters_to(actor: Actor) -> list[Letter]:
    """The letters to the party acted for in roles besides that of the applicant, latest first.

    Of cases that it sees and of those whose letters are all that it sees.
    """
    roles = CaseParty.objects.filter(party__in=actor.subjects).values_list("case_id", "role")
    mine = Q(pk__in=[])
    for case_id, role in roles:
        mine |= Q(case=case_id, to=role)
    return list(Letter.objects.filter(mine).order_by("-pk")[:100])


def own_letters(actor: Actor, case: Case) -> list[Letter]:
    """The letters of a case to the applicant and to the roles of the party acted for."""
    roles = {APPLICANT} if access.is_applicant(actor, case) else set()
    roles |= {each.role for each in parties_in(case) if each.party in actor.subjects}
    return [letter for letter in letters_of(case) if letter.to in roles]


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file that was handed in, with its bytes."""

    name: str
    content: bytes


def material_content(actor: Actor, case_id: UUID, material_id: UUID) -> FileContent:
    """One file with its content, of a case or draft that the actor may see.

    Raises Forbidden `case.E054` for a sealed case in which the actor has no open work.
    """
    of: Draft | Case | None = access.drafts_of(actor).filter(pk=case_id).first()
    if of is None:
        of = access.case_for(actor, case_id)
        secrecy.refuse_masked(of, actor)
    with opening():
        found = Material.objects.get(pk=material_id, draft_id=case_id)
    content = files.content(found.digest) if found.content is None else bytes(found.content)
    return FileContent(found.name, sealing.opened_content(of, content))


def answers_of(case: Case) -> dict[str, Value]:
    """What the applicant told us, as it stands after corrections."""
    answers: dict[str, Value] = from_stored(case.variables["application"])
    return answers
