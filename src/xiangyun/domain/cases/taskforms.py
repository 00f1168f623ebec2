"""The form of a task while it is answered: kept with an optimistic lock, with its files, sent once.

Whoever may do the task sees and writes its answers. Each writing says on which revision it builds;
one that builds on another than the last is refused, and nothing of either is lost. Sending is a
step of the case as any other; under a key of the sender's choice it counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from xiangyun.domain.accounts import checks as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files import actions as files
from xiangyun.domain.files import queries as contents
from xiangyun.domain.vault.sealing import opening
from xiangyun.kernel.feel import Value, from_stored, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Place, Refused, Stale
from xiangyun.kernel.formspec import Form, Question, check, submitted
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.taskforms import ANSWERS

from . import access, actions, checks, drafts, sealing, secrecy, signing
from .handlers import CaseStep
from .models import Case, Evidence, TaskAnswers, WorkItem
from .queries.one import FileContent


@dataclass(frozen=True, slots=True)
class Answering:
    """A task whose form is answered, or was.

    `answers` are FEEL values without files, `revision` is 0 while nobody has kept any.
    """

    case: Case
    work_item: WorkItem
    pack: Pack
    form: Form
    kept: TaskAnswers | None
    evidence: Sequence[Evidence]

    @property
    def revision(self) -> int:
        return self.kept.revision if self.kept else 0

    @property
    def stored(self) -> dict[str, Any]:
        """What is kept, as it is stored; until anything is, what the task's own inputs say under
        the names of questions, as form-js begins with variables: a check list with its points."""
        asked = {question.key for question in self.form.questions}
        begun = {key: value for key, value in self.work_item.inputs.items() if key in asked}
        return {**begun, **(self.kept.answers if self.kept else {})}

    @property
    def answers(self) -> dict[str, Value]:
        """The same as FEEL values."""
        return {key: from_stored(value) for key, value in self.stored.items()}

    @property
    def with_files(self) -> dict[str, Value]:
        """The answers with the files, as lists of {name, size, reference}."""
        return {**self.answers, **files_as_answers(self.evidence)}

    @property
    def is_open(self) -> bool:
        return self.work_item.closed_at is None


def answering(case_id: UUID, token: str, *, actor: Actor) -> Answering:
    """The form of a task with what is kept of it, for whoever may do the task.

    Raises `Case.DoesNotExist` and `WorkItem.DoesNotExist` for what is not there or has no form,
    and `Forbidden` for somebody else's task.
    """
    case = access.case_for(actor, case_id)
    work_item = WorkItem.objects.get(case=case, token=token)
    pack = catalogue.pack(case.version_id)
    form = pack.task_form(work_item.element) or _of_buttons_alone(work_item)
    if form is None:
        raise WorkItem.DoesNotExist
    if not access.may_do(actor, work_item, case):
        raise Forbidden([checks.NOT_YOURS])
    with opening():  # whoever may do the task reads what is sealed
        kept = TaskAnswers.objects.filter(case=case, token=token).first()
        inputs = {name: from_stored(value) for name, value in work_item.inputs.items()}
        form = form.given(inputs)
        return Answering(case, work_item, pack, form, kept, evidence_of(case_id, token))


def _of_buttons_alone(work_item: WorkItem) -> Form | None:
    """An applicant does a task without a form on the page of a form too: it shows its buttons.

    An official has them on the page of the case; a correction has pages of its own.
    """
    own = access.APPLICANT in work_item.groups and work_item.headers.get("form") != ANSWERS
    return Form("", ()) if own else None


def was_sent(case_id: UUID, token: str, key: UUID, *, actor: Actor) -> bool:
    """Whether this actor sent the answers of a task under this key, which counted.

    With the last step of a sealed case whoever did it may lose the right to see it; a device that
    never got the answer still asks.
    """
    if actor.account is None:
        return False
    with acting_as(SYSTEM):
        rows = TaskAnswers.objects.filter(case=case_id, token=token, key=key, by=actor.account)
        return rows.exists()


def keep_answers(
    case_id: UUID,
    token: str,
    answers: Mapping[str, Value],
    *,
    base: int | None,
    actor: Actor,
    at: datetime,
) -> TaskAnswers:
    """Keep answers of an open task that need not be whole; those of other questions stay.

    `base` is the revision that they build on, 0 for none; None writes over whatever there is.
    Raises `Stale` `checks.ANSWERED_ELSEWHERE` where another was kept meanwhile, with other answers.
    """
    with transaction.atomic():
        _lock(case_id, token)
        found = _open(answering(case_id, token, actor=actor))
        merged = {**found.answers, **answers}
        if found.kept is not None and to_stored(merged) == found.kept.answers:
            return found.kept
        _refuse_overtaken(found, base)
        return _write(found, merged, None, actor, at)


def _open(found: Answering) -> Answering:
    if not found.is_open:
        raise Stale([checks.GONE])
    return found


def _lock(case_id: UUID, token: str) -> None:
    """Of two who write to one task at once the second waits, and finds what the first one left.

    Held until the transaction ends. What is read after it is what counts: a file that comes while
    another person sends the task is sent with it, or finds it done.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"task {case_id} {token}"]
        )


def _refuse_overtaken(found: Answering, base: int | None) -> None:
    if base is not None and base != found.revision:
        raise Stale([checks.ANSWERED_ELSEWHERE])


_MAY_CHANGE = ("answers", "revision", "key", "by", "by_name", "updated_at")


def _write(
    found: Answering, answers: Mapping[str, Value], key: UUID | None, actor: Actor, at: datetime
) -> TaskAnswers:
    """Write what is kept of a task as its next revision; its row is locked, where there is one."""
    if actor.account is None:
        raise Forbidden([accounts.NO_ACCOUNT])
    row = found.kept or TaskAnswers(
        case=found.case,
        token=found.work_item.token,
        matter=found.case.matter,
        need=found.case.need,
        party=access.answering_party(actor, found.work_item, found.case),
        revision=0,
    )
    readable = to_stored(dict(answers))
    row.answers = sealing.sealed_value(found.case, readable, "cases_taskanswers.answers")
    row.revision, row.key = row.revision + 1, key
    row.by, row.by_name, row.updated_at = actor.account, actor.name, at
    try:
        with transaction.atomic():
            if found.kept is None:
                row.save(force_insert=True)
            else:
                row.save(update_fields=_MAY_CHANGE)
    except IntegrityError:  # two devices began at once
        raise Stale([checks.ANSWERED_ELSEWHERE]) from None
    finally:
        row.answers = readable
    return row


def answer_task(
    case_id: UUID,
    token: str,
    answers: Mapping[str, Value],
    *,
    action: str,
    actor: Actor,
    at: datetime,
    note: str = "",
    base: int | None = None,
    key: UUID | None = None,
    signature: signing.Signing | None = None,
) -> Case:
    """Send the answers of a task with one of its buttons; its files were added before.

    Answers given before and not given now stay. Sent again under the same `key` it answers with
    the case as it stands. Raises `Refused` with every problem of the whole form, placed at its
    question, and `Stale` where the answers kept are not those of `base`.
    """
    with transaction.atomic():
        _lock(case_id, token)
        found = answering(case_id, token, actor=actor)
        if not found.is_open and key is not None and found.kept and found.kept.key == key:
            return found.case
        _open(found)
        whole = submitted(found.form, {**found.with_files, **answers})
        if {**found.answers, **answers} != found.answers:
            _refuse_overtaken(found, base)
        if problems := check(found.form, whole, on=timezone.localdate(at)):
            raise Refused([_placed(problem, name) for name, problem in problems.items()])
        _write(found, without_files(found.form, whole), key, actor, at)
        said = {"evidence": digests_of(found.evidence)}

        def step(step: CaseStep) -> None:
            asked = step.pack.task_form(found.work_item.element) is not None
            answered = {ANSWERS: seen_by_feel(found.form, whole)}
            fields: dict[str, Value] = {**answered} if asked else {}
            actions.complete(step, token, action, note.strip(), fields, said, signature)

        return actions.stepping(case_id, step, actor=actor, at=at)


def without_files(form: Form, answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers that are kept as such; files lie beside them."""
    kinds = {question.key: question.kind for question in form.questions}
    return {key: v for key, v in answers.items() if kinds.get(key) not in (None, "filepicker")}


def _placed(problem: Finding, name: str) -> Finding:
    return replace(problem, place=Place(question=name))


def seen_by_feel(form: Form, answers: Mapping[str, Value]) -> dict[str, Value]:
    """What processes and rules see: every question, null where it was not asked or left empty."""
    empty: dict[str, Value] = dict.fromkeys(question.key for question in form.questions)
    return {**empty, **submitted(form, answers)}


# -- files -----------------------------------------------------------------------------------------


def evidence_of(case_id: UUID, token: str) -> list[Evidence]:
    """The files of a task that the one who acts may see, in the order in which they came."""
    return list(Evidence.objects.filter(case=case_id, token=token).order_by("added_at", "id"))


def add_evidence(
    case_id: UUID,
    token: str,
    question: Question,
    *,
    name: str,
    media_type: str,
    content: bytes,
    actor: Actor,
    at: datetime,
    key: UUID | None = None,
) -> Evidence:
    """Add a file to an open task, in answer to a question of its form. Raises `Refused`.

    Where the question takes one file only, it comes in place of the one before. Sent again under
    the same `key`, which becomes its id, it counts once.
    """
    drafts.refuse_file(question, name, content)
    found = answering(case_id, token, actor=actor)
    if (there := _sent_before(found, key)) is not None:
        return there
    _open(found)
    assert actor.account is not None  # whoever may do a task has one
    digest = files.keep(content, sealing.sealing_content(found.case))
    with transaction.atomic():
        _lock(case_id, token)
        found = answering(case_id, token, actor=actor)
        if (there := _sent_before(found, key)) is not None:
            return there
        _open(found)
        rows = Evidence.objects.filter(case=case_id, token=token)
        held = rows.aggregate(number=Count("id"), size=Sum("size"))
        if (
            held["number"] >= drafts.MOST_FILES
            or (held["size"] or 0) + len(content) > drafts.MOST_BYTES
        ):
            raise Conflict([drafts.TOO_MUCH_MATERIAL])
        if not question.multiple:
            rows.filter(question=question.key).delete()
        made = Evidence(
            id=key or uuid4(),
            case=found.case,
            token=token,
            matter=found.case.matter,
            need=found.case.need,
            question=question.key,
            name=sealing.sealed_words(found.case, name[-200:], "cases_evidence.name"),
            media_type=media_type[:100],
            size=len(content),
            digest=digest,
            party=access.answering_party(actor, found.work_item, found.case),
            by=actor.account,
            added_at=at,
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except ProgrammingError as problem:
            # The database takes no file for what waits no more: the case was taken back meanwhile.
            if getattr(problem.__cause__, "sqlstate", "") != _REFUSED:
                raise
            raise Stale([checks.GONE]) from problem
        made.name = name[-200:]
        return made


_REFUSED = "42501"
"""The SQLSTATE insufficient_privilege: what row-level security refuses."""


def _sent_before(found: Answering, key: UUID | None) -> Evidence | None:
    """The file that was sent under this key already."""
    return next((each for each in found.evidence if key is not None and each.pk == key), None)


def remove_evidence(case_id: UUID, token: str, evidence_id: UUID, *, actor: Actor) -> None:
    """Take a file out of an open task; one that is gone stays gone."""
    with transaction.atomic():
        _lock(case_id, token)
        found = _open(answering(case_id, token, actor=actor))
        Evidence.objects.filter(case=found.case, token=token, pk=evidence_id).delete()


def evidence_content(actor: Actor, case_id: UUID, evidence_id: UUID) -> FileContent:
    """A file of a task with its content, for whoever may see the answers of the task."""
    case = access.case_for(actor, case_id)
    secrecy.refuse_masked(case, actor)
    with opening():
        found = Evidence.objects.get(pk=evidence_id, case=case_id)
    return FileContent(found.name, sealing.opened_content(case, contents.content(found.digest)))


def files_as_answers(evidence: Sequence[Evidence]) -> dict[str, Value]:
    """The files as answers of their questions: lists of {name, size, reference}."""
    answers: dict[str, list[Value]] = {}
    for file in evidence:
        one: Value = {"name": file.name, "size": Decimal(file.size), "reference": str(file.pk)}
        answers.setdefault(file.question, []).append(one)
    return dict(answers)


def digests_of(evidence: Sequence[Evidence]) -> list[dict[str, str]]:
    """What the journal says of the files of a task."""
    return [{"question": file.question, "sha256": file.digest} for file in evidence]
