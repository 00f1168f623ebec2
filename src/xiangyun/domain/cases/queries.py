"""Read cases: mine, the queue of an office, and one case with all that hangs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.feel import Value, from_stored
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.worktime import Clock

from . import access, checks, clock, drafts, ports
from .models import (
    Case,
    Decision,
    Draft,
    Letter,
    Material,
    Rating,
    ServiceCall,
    Timer,
    WorkItem,
)

Light = Literal["green", "amber", "red"]
Mark = Literal["done", "here", "ahead", "failed"]
StageState = Literal["done", "here", "ahead"]
OPTIONAL = ("correct",)  # stages that most cases never see are not announced


@dataclass(frozen=True, slots=True)
class Button:
    """Something the process allows now: what the button says and what pressing it causes."""

    action: str
    words: Text
    effect: Text
    note_required: bool


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that waits, with its buttons; `form` "answers": the answers are to be edited."""

    id: str
    element: str
    title: Text
    hint: Text
    groups: tuple[str, ...]
    form: str
    shows: tuple[str, ...]
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step of the journal in words: when, who, at which desk, what, and the written note."""

    at: datetime
    who: str
    desk: str
    verb: str
    what: Text
    note: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the service for this case; `at`: when it began."""

    key: str
    name: Text
    state: StageState
    at: datetime | None


@dataclass(frozen=True, slots=True)
class FiredRow:
    """A row of a rule table that fired: its number from 1, its words, and its law."""

    decision: str
    row: int
    id: str
    text: Text
    basis: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    case_id: UUID
    number: str
    light: Light
    days_left: int
    due_on: date
    applicant: str
    subject: str
    service: Text
    step: Text
    item_id: int


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue; `counts` per light over all of it; `next` asks for the next page."""

    rows: tuple[QueueRow, ...]
    counts: Mapping[str, int]
    next: str


def my_cases(actor: Actor) -> list[Case]:
    """The cases this actor applied for or filed, newest first."""
    mine = Q(owner=actor.account) | Q(filed_by=actor.account)
    if actor.account is None:
        return []
    return list(Case.objects.filter(mine).select_related("version").order_by("-submitted_at")[:200])


def my_drafts(actor: Actor) -> list[Draft]:
    """Applications begun and not sent, newest first."""
    if actor.account is None:
        return []
    mine = Q(owner=actor.account) | Q(filed_by=actor.account)
    found = Draft.objects.filter(mine, sent=False).select_related("version")
    return list(found.order_by("-updated_at")[:50])


def case_by_number(actor: Actor, number: str) -> Case:
    """The case with this number, if this actor may see it."""
    return access.cases_of(actor).get(number=number.strip())


def pack_of(case: Case) -> Pack:
    """The compiled pack of the version the case lives by."""
    return catalogue.pack(case.version_id)


def clock_of(case: Case) -> Clock:
    """The promised time of the case, with its pauses; it explains itself."""
    return clock.promised(case, pack_of(case))


def time_explained(case: Case, on: date) -> list[Text]:
    """Why so many days are left: every pause, every holiday, and whether the end is provisional."""
    explained = clock_of(case).explain(on)
    note = ports.provisional(case.due_on)
    return [*explained, note] if note else explained


def stage_of(case: Case) -> Text:
    """Where the case is, in a word."""
    pack = pack_of(case)
    if case.ended_at is not None:
        return pack.words(f"outcome.{case.outcome}")
    item = WorkItem.objects.filter(case=case, closed_at=None).order_by("opened_at").first()
    if item is not None and item.headers.get("stage"):
        return pack.words(f"stage.{item.headers['stage']}")
    if case.service_calls.filter(answered_at=None).exists():
        return pack.words("stage.follow_up")
    return pack.words("stage.submit")


def open_tasks(actor: Actor, case: Case) -> list[OpenTask]:
    """The tasks of this case that wait for this actor, with the buttons the process allows."""
    items = WorkItem.objects.filter(case=case, closed_at=None).order_by("opened_at")
    pack = pack_of(case)
    return [_open_task(item, pack) for item in items if access.may_do(actor, item, case)]


def waiting_for(case: Case) -> list[tuple[Text, tuple[str, ...]]]:
    """What the case waits for, whoever is to do it: the task's title and its roles."""
    items = WorkItem.objects.filter(case=case, closed_at=None).order_by("opened_at")
    pack = pack_of(case)
    return [(pack.words(f"task.{item.element}"), tuple(item.groups)) for item in items]


def task_title(item: WorkItem, pack: Pack) -> Text:
    """The task in words, with its department where several review at once."""
    title = pack.words(f"task.{item.element}")
    department = item.inputs.get("department")
    if not isinstance(department, dict):
        return title
    zh = department.get("name", "")
    return Text(f"{title.zh} · {zh}", f"{title.en} · {department.get('name_en', zh)}")


def answer_by(case: Case) -> date | None:
    """The day by which the applicant must answer: that of the timer beside the open task."""
    waiting = WorkItem.objects.filter(
        case=case, closed_at=None, groups__contains=[access.APPLICANT]
    )
    if not waiting.exists():
        return None
    timer = Timer.objects.filter(case=case, closed_at=None).order_by("due").first()
    return timezone.localdate(timer.due) if timer else None


def may_withdraw(actor: Actor, case: Case) -> bool:
    """Whether this actor could take the application back now."""
    return access.is_applicant(actor, case) and "withdraw" in case.awaiting.values()


def decisions_of(case: Case) -> list[Decision]:
    """The decisions the rules took, the latest first, each with its trace and findings."""
    return list(Decision.objects.filter(case=case).order_by("-pk"))


def letters_of(case: Case) -> list[Letter]:
    """What the office wrote, the latest first."""
    return list(Letter.objects.filter(case=case).order_by("-pk"))


def service_calls_of(case: Case) -> list[ServiceCall]:
    """Work handed to other departments, with their answers."""
    return list(ServiceCall.objects.filter(case=case).order_by("pk"))


def rating_of(case: Case) -> Rating | None:
    """The applicant's rating, or None."""
    return Rating.objects.filter(case=case).first()


def materials_of(case: Case) -> list[Material]:
    """The files handed in."""
    return drafts.materials_of(case.id)


def material_content(actor: Actor, case_id: UUID, material_id: UUID) -> Material:
    """One file with its content, of a case or draft that the actor may see."""
    if not access.drafts_of(actor).filter(pk=case_id).exists():
        access.case_for(actor, case_id)
    return Material.objects.get(pk=material_id, draft_id=case_id)


def answers_of(case: Case) -> dict[str, Value]:
    """What the applicant told us, as it stands after corrections."""
    answers: dict[str, Value] = from_stored(case.variables["application"])
    return answers


def fired_rows(decision: Decision) -> list[FiredRow]:
    """The rule rows that fired, with their words and the law behind each."""
    return [
        FiredRow(
            decision=step["name"],
            row=fired["row"],
            id=fired["id"],
            text=Text(
                fired["annotations"].get("text", ""), fired["annotations"].get("text_en", "")
            ),
            basis=fired["annotations"].get("basis", ""),
            conditions=tuple(fired["conditions"]),
        )
        for step in decision.trace["decisions"]
        for fired in step["fired"]
    ]


def stages_of(case: Case) -> list[Stage]:
    """The stages in the service's order, without those that never came and will not."""
    pack = pack_of(case)
    began: dict[str, datetime] = {"submit": case.submitted_at}
    here: set[str] = set()
    for item in WorkItem.objects.filter(case=case).order_by("opened_at"):
        stage = item.headers.get("stage", "")
        began.setdefault(stage, item.opened_at)
        if item.closed_at is None:
            here.add(stage)
    for call in ServiceCall.objects.filter(case=case):
        stage = call.headers.get("stage", "")
        began.setdefault(stage, call.asked_at)
        if call.answered_at is None:
            here.add(stage)
    if case.outcome == "issued" and case.ended_at:
        began.setdefault("issue", case.ended_at)
    names = pack.item.stages
    last = max((names.index(name) for name in began if name in names), default=0)
    stages = []
    for place, name in enumerate(names):
        if name not in began and (case.ended_at is not None or place < last or name in OPTIONAL):
            continue
        state: StageState = "here" if name in here else "done" if name in began else "ahead"
        stages.append(Stage(name, pack.words(f"stage.{name}"), state, began.get(name)))
    return stages


def history(case: Case) -> list[HistoryLine]:
    """Every step of the case in order, from the journal."""
    pack = pack_of(case)
    notes = {
        (item.element, item.closed_at): item.note for item in WorkItem.objects.filter(case=case)
    }
    return [
        HistoryLine(
            at=entry.at,
            who=entry.actor_name,
            desk=entry.desk,
            verb=entry.verb,
            what=_what(entry.verb, entry.data, pack),
            note=notes.get((entry.data.get("task"), entry.at), ""),
        )
        for entry in journal.history(case.number)
    ]


def marks(case: Case) -> dict[str, Mark]:
    """Which elements of the drawing are done, and where the token stands."""
    found: dict[str, Mark] = {}
    for item in WorkItem.objects.filter(case=case):
        found[item.element] = "here" if item.closed_at is None else "done"
    for decision in Decision.objects.filter(case=case):
        found.setdefault(decision.element, "done")
    for call in ServiceCall.objects.filter(case=case):
        found[call.element] = "done" if call.answered_at else "here"
    return found


def queue(
    actor: Actor,
    *,
    today: date,
    light: str | None = None,
    service: str = "",
    words: str = "",
    after: str = "",
    limit: int = 50,
) -> Queue:
    """The open work of this official: the roles held, the divisions held, by deadline.

    `after` is the `next` of the page before: pages are found by key, so the last is as fast as
    the first.
    """
    work = _open_work(actor)
    if service:
        work = work.filter(case__version__code=service)
    if words:
        work = work.filter(
            Q(case__number=words)
            | Q(case__applicant_name__contains=words)
            | Q(case__subject__contains=words)
        )
    bounds: dict[str, Q] = {
        "red": Q(due_on__lt=today),
        "amber": Q(due_on__gte=today, amber_on__lte=today),
        "green": Q(due_on__gte=today, amber_on__gt=today),
    }
    counts = {name: work.filter(bound).count() for name, bound in bounds.items()}
    page = work.filter(bounds[light]) if light in bounds else work
    if after:
        day, _, number = after.partition("_")
        on = date.fromisoformat(day)
        page = page.filter(Q(due_on__gt=on) | Q(due_on=on, id__gt=int(number)))
    items = list(page.select_related("case__version").order_by("due_on", "id")[: limit + 1])
    more = len(items) > limit
    rows = tuple(_row(item, today) for item in items[:limit])
    last = items[limit - 1] if more else None
    return Queue(rows, counts, f"{last.due_on.isoformat()}_{last.pk}" if last else "")


def next_case(actor: Actor, *, today: date, after: UUID) -> UUID | None:
    """The case after this one in the queue, for going on without the list."""
    ids = [row.case_id for row in queue(actor, today=today, limit=200).rows]
    rest = ids[ids.index(after) + 1 :] if after in ids else ids
    return next((case_id for case_id in rest if case_id != after), None)


def _open_work(actor: Actor) -> QuerySet[WorkItem]:
    held = Q(pk__in=[])
    for mandate in actor.mandates:
        held |= Q(groups__contains=[mandate.role], division__range=(mandate.low, mandate.high))
    return WorkItem.objects.filter(held, closed_at=None)


def _row(item: WorkItem, today: date) -> QueueRow:
    case, pack = item.case, catalogue.pack(item.case.version_id)
    late, near = item.due_on < today, item.amber_on <= today
    light: Light = "red" if late else "amber" if near else "green"
    return QueueRow(
        case_id=case.id,
        number=case.number,
        light=light,
        days_left=clock.days_left(today, item.due_on, ports.counting_calendar()),
        due_on=item.due_on,
        applicant=case.applicant_name,
        subject=case.subject,
        service=pack.item.name,
        step=task_title(item, pack),
        item_id=item.pk,
    )


def _open_task(item: WorkItem, pack: Pack) -> OpenTask:
    prefix = f"task.{item.element}"
    noted = item.headers.get("note_required", "").split(",")
    stuck = item.headers.get("incident", "")
    return OpenTask(
        id=item.token,
        element=item.element,
        title=task_title(item, pack),
        hint=Text(stuck, stuck) if stuck else pack.words(f"{prefix}.hint"),
        groups=tuple(item.groups),
        form=item.headers.get("form", ""),
        shows=tuple(filter(None, item.headers.get("shows", "").split(","))),
        buttons=tuple(
            Button(
                action=action,
                words=pack.words(f"{prefix}.{action}"),
                effect=pack.words(f"{prefix}.{action}.effect"),
                note_required=action in noted,
            )
            for action in checks.actions_of(item)
        ),
    )


def _what(verb: str, data: Mapping[str, str], pack: Pack) -> Text:
    """A journal entry in words."""
    if verb == "task.done":
        task = pack.words(f"task.{data['task']}")
        action = pack.words(f"task.{data['task']}.{data['action']}")
        return Text(f"{task.zh}：{action.zh}", f"{task.en}: {action.en}")
    if verb == "letter.sent":
        title = pack.words(f"letter.{data['letter']}.title")
        return Text(f"发出《{title.zh}》", f"Letter sent: {title.en}")
    if verb in ("department.notified", "service.answered", "service.parked"):
        key = data.get("department") or data.get("element", "")
        work = pack.words(f"work.{key}") if "department" in data else _element(pack, key)
        done = _VERBS[verb]
        return Text(f"{done.zh}：{work.zh}", f"{done.en}: {work.en}")
    if verb == "case.ended":
        outcome = pack.words(f"outcome.{data['outcome']}")
        return Text(f"办结：{outcome.zh}", f"Ended: {outcome.en}")
    if verb == "decision.made":
        rows: Sequence[str] = data.get("rows", ())
        return Text(f"规则自动判断，命中 {len(rows)} 行", f"Rules decided; {len(rows)} rows fired")
    return _VERBS.get(verb, Text(verb, verb))


def _element(pack: Pack, element: str) -> Text:
    name = pack.process.elements[element].name if element in pack.process.elements else element
    return Text(name, name)


_VERBS = {
    "case.submitted": Text("提交申请", "Application sent"),
    "case.withdrawn": Text("撤回申请", "Application withdrawn"),
    "case.rated": Text("申请人作出评价", "Rated by the applicant"),
    "case.read": Text("查看了申请", "Looked at the application"),
    "case.stuck": Text("流程停滞，已转督办", "The process stands still; a supervisor sees it"),
    "timer.rang": Text("期限已到", "A time limit has come"),
    "certificate.issued": Text("签发证照", "Certificate issued"),
    "certificate.revoked": Text("撤销证照", "Certificate revoked"),
    "department.notified": Text("已推送", "Passed on"),
    "service.answered": Text("已办妥", "Completed"),
    "service.parked": Text("多次未答复，已转督办", "No answer after several tries"),
}
