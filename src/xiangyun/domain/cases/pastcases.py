"""Past cases as records that another version of their service can be tried on.

What happened comes from the journal, in its order; the rest from the rows of the case. What people
did can be replayed exactly but for one thing: of several corrections only the last is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.queries import Entry
from xiangyun.kernel.feel import Value, from_json, from_stored
from xiangyun.kernel.formspec import submitted
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.pack.taskforms import ANSWERS
from xiangyun.kernel.service.signing import SIGNATURE_FOR_FEEL
from xiangyun.kernel.service.tasks import service_types
from xiangyun.kernel.simulation import LookUp, Recorded, RecordedEvent, recorded_answers

from .lookups import records_where
from .models import Case, Material, ServiceCall, WorkItem
from .store import BEGINNINGS, STANDING

MESSAGES = {"case.withdrawn": "withdraw"}
"""Journal verbs that stand for a message to the process."""
CAME = {"message.received": "message", "signal.received": "signal"}
"""Journal verbs of what came from other cases, or from this one: that it will send itself again."""
SENT = {"message.sent": "message", "signal.thrown": "signal"}


def ended_cases(code: str, number: int, at_most: int) -> list[Case]:
    """The cases of a version that have ended, the latest first."""
    ended = Case.objects.filter(version__code=code, version__number=number, ended_at__isnull=False)
    return list(ended.order_by("-ended_at")[:at_most])


def record_of(case: Case, pack: Pack) -> Recorded:
    """An ended case as a record; `pack` is that of its version."""
    entries = journal.history(case.number)
    variables: dict[str, Value] = {
        name: from_stored(value) for name, value in case.variables.items()
    }
    recorded_events = tuple(_recorded_events(case, entries, pack, variables))
    corrections = sum("application" in happening.result for happening in recorded_events)
    assert case.ended_at is not None
    return Recorded(
        number=case.number,
        application=_first_application(case, entries, pack, variables["application"], corrections),
        division=variables["division"],
        filed_at=timezone.localtime(case.submitted_at),
        filed_at_desk=case.filed_desk,
        filed_by=variables["filing"]["by"],
        recorded_events=recorded_events,
        answers=recorded_answers(pack, variables),
        until=timezone.localtime(case.ended_at),
        outcome=case.outcome,
        opening=_opening(variables),
        signature=variables["filing"].get(SIGNATURE_FOR_FEEL),
        exact=corrections < 2 and not any(entry.verb == "case.migrated" for entry in entries),
        rang=_rang(entries),
    )


def _opening(variables: Mapping[str, Value]) -> Mapping[str, Value]:
    """How the case opened, where nobody applied for it."""
    found = variables.get("opening")
    return found if isinstance(found, dict) else {}


def _rang(entries: Sequence[Entry]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for entry in entries:
        if entry.verb == "timer.rang":
            found.setdefault(entry.data["element"], []).append(timezone.localtime(entry.at))
    return found


def _to_the_second(at: datetime) -> Value:
    return from_json(at.replace(microsecond=0))


def registers_without(number: str) -> LookUp:
    """Registers as they were on a day, without what the case itself has entered."""

    def look_up(register: str, field: str, value: Value, on: date) -> Sequence[Mapping[str, Value]]:
        return records_where(register, field, value, as_of=on, known_on=on, without_source=number)

    return look_up


def _recorded_events(
    case: Case, entries: Sequence[Entry], pack: Pack, variables: Mapping[str, Value]
) -> Iterator[RecordedEvent]:
    items = list(WorkItem.objects.filter(case=case).exclude(closed_at=None).order_by("pk"))
    calls = list(ServiceCall.objects.filter(case=case).exclude(answered_at=None).order_by("pk"))
    own: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        at, data = timezone.localtime(entry.at), {**entry.data, **_said(entry)}
        if entry.verb == "task.done":
            yield _task_done(entry, items, pack, variables)
        elif entry.verb == "service.answered":
            element = data.pop("element")
            call = _call_of(entry, calls)
            kept = data if call is None or call.result is None else call.result
            part = "" if call is None else divided(call.token)[0]
            yield RecordedEvent("service", element, at, _answer(pack, element, kept), part=part)
        elif entry.verb in SENT:
            kind = SENT[entry.verb]
            own[kind, data[kind]] += 1
        elif entry.verb in CAME and own[sent := (CAME[entry.verb], data["name"])]:
            own[sent] -= 1
        elif entry.verb in CAME:
            payload = {name: from_stored(value) for name, value in data["payload"].items()}
            yield RecordedEvent(CAME[entry.verb], data["name"], at, payload)
        elif entry.verb in MESSAGES:
            result = {"note": data.get("note", ""), "at": _to_the_second(at)}
            yield RecordedEvent("message", MESSAGES[entry.verb], at, result)


def _said(entry: Entry) -> dict[str, Any]:
    """The private part of an entry without what the platform adds to it."""
    return {name: value for name, value in entry.private.items() if name != STANDING}


def _task_done(
    entry: Entry, items: list[WorkItem], pack: Pack, variables: Mapping[str, Value]
) -> RecordedEvent:
    """A task as it was answered; its row is taken out of `items`, which are in their order."""
    element, action, at = entry.data["task"], entry.data["action"], timezone.localtime(entry.at)
    named = entry.data.get("part", "")  # an older entry names none
    done = [
        work_item
        for work_item in items
        if (work_item.element, work_item.action) == (element, action)
    ]

    def likeness(work_item: WorkItem) -> tuple[bool, bool]:
        """Several of one element, such as those of processes that run side by side."""
        return work_item.closed_at == entry.at, divided(work_item.token)[0] == named

    work_item = max(done, key=likeness, default=None)
    if work_item is not None:
        items.remove(work_item)
    result: dict[str, Value] = {
        "action": action,
        "note": entry.private.get("note", ""),
        "by": entry.actor_name,
        "at": _to_the_second(at),
    }
    drawn = pack.elements.get(element)
    if drawn is not None and drawn.headers.get("form") == "answers":
        result["application"] = variables["application"]
    elif ANSWERS in (said := entry.private.get("fields") or {}):
        result[ANSWERS] = from_stored(said[ANSWERS])
    if SIGNATURE_FOR_FEEL in (said := entry.private.get("fields") or {}):
        result[SIGNATURE_FOR_FEEL] = from_stored(said[SIGNATURE_FOR_FEEL])
    stored = work_item.inputs if work_item is not None else {}
    inputs = {name: from_stored(value) for name, value in stored.items()}
    part = named or (divided(work_item.token)[0] if work_item is not None else "")
    return RecordedEvent("task", element, at, result, inputs, part)


def _answer(pack: Pack, element: str, data: Mapping[str, Any]) -> dict[str, Value]:
    """A department's answer, which the journal has in JSON."""
    drawn = pack.elements.get(element)
    type_ = service_types().get(drawn.type.text) if drawn is not None and drawn.type else None
    return type_.answer(data) if type_ is not None else dict(from_json(dict(data)))


def _call_of(entry: Entry, calls: list[ServiceCall]) -> ServiceCall | None:
    """The call that was answered, which has the answer; it is taken out of `calls`.

    The entry cannot name it: all its other keys are the department's, whatever they are called. Of
    another system's answer it says in public only by which message it came, and has the answer
    itself as `result` in its private part.
    """
    asked = [call for call in calls if call.element == entry.data["element"]]
    said = _said(entry)

    def likeness(call: ServiceCall) -> tuple[bool, bool]:
        answer = call.result or {}
        whole = {"element": call.element, **answer} == {**entry.data, **said}
        return call.answered_at == entry.at, whole or answer == said.get("result")

    call = max(asked, key=likeness, default=None)
    if call is not None:
        calls.remove(call)
    return call


def _first_application(
    case: Case,
    entries: Sequence[Entry],
    pack: Pack,
    last: Mapping[str, Value],
    corrections: int,
) -> Mapping[str, Value]:
    """What was first applied for: the case itself keeps the corrected answers only.

    Typed answers stand in the journal, files carry the moment they were added, and what a register
    knew is taken as unchanged.
    """
    filed = next((entry for entry in entries if entry.verb in BEGINNINGS), None)
    if not corrections or filed is None:
        return last
    typed = filed.private.get("answers", {})
    early = Material.objects.filter(draft_id=case.pk, added_at__lte=case.submitted_at)
    files = {str(pk) for pk in early.values_list("pk", flat=True)}
    first: dict[str, Value] = {}
    for question in pack.form.questions:
        value = last.get(question.key)
        if question.key in typed:
            value = from_stored(typed[question.key])
        elif question.kind == "filepicker":
            value = [file for file in value or () if file.get("reference") in files] or None
        elif not question.source:
            value = None
        first[question.key] = value
    return {**dict.fromkeys(first), **submitted(pack.form, first)}
