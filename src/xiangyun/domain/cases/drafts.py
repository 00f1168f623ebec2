"""The application while it is being written: begun, kept page by page, with its files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from xiangyun.domain.accounts import checks as accounts
from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files import actions as files
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.feel import Value, from_stored, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Stale, Text
from xiangyun.kernel.formspec import Question
from xiangyun.kernel.formspec.filekinds import is_what_it_says

from . import access, admission, sealing
from .models import Draft, Evidence, Material
from .objecting import Objected
from .prefill import SOURCE, Known, no_candidate, prefill

MOST_DRAFTS = 50
"""Applications of one account that are begun and not sent."""
MOST_FILES, MOST_BYTES = 60, 200 * 1024 * 1024
"""Of one application."""
ELSEWHERE = ""
"""The question of a file that no question asks for: another organisation has handed it over."""


def empty_draft(code: str, *, actor: Actor, at: datetime) -> Draft:
    """The own draft of a service in which nothing stands yet, or a new one.

    Pressed twice at once it is one: the second waits for the first. Raises as `start_draft`.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            keys = [f"{actor.subject}/{actor.account}", code]
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", keys)
        version = catalogue.current_version(code)
        mine = access.drafts_of(actor).filter(sent=False, version=version.pk, filed_by=None)
        found = next((each for each in mine.order_by("-updated_at") if not each.answers), None)
        return found or start_draft(code, actor=actor, at=at)


def start_draft(
    code: str,
    *,
    actor: Actor,
    at: datetime,
    owner: UUID | None = None,
    key: UUID | None = None,
    objected: Objected | None = None,
) -> Draft:
    """Begin an application for the party acted for, or by a desk for the citizen `owner`.

    A desk needs a mandate with the role `desk`; its name goes into the record. With a `key` of
    the asker's choice, an application begun under that key before is gone on with. `objected`: the
    value that it objects to, whose department decides. Raises `Conflict` with every reason why the
    service takes no such application (see `admission`).
    """
    if actor.account is None or actor.subject is None:
        raise Forbidden([accounts.NO_ACCOUNT])
    if key is not None and (begun := access.drafts_of(actor).filter(pk=key).first()):
        return begun
    version = catalogue.current_version(code)
    _refuse_hoard(actor)
    draft = Draft(version=version, owner=actor.subject, created_at=at, updated_at=at)
    draft.matter, draft.need = access.belonging(catalogue.pack(version.pk).service)
    if objected is not None:
        draft.matter, draft.need = objected.matter, max(draft.need, objected.need)
        draft.answers = objected.kept
    draft.id = key or draft.id
    if actor.about and draft.matter not in actor.about:
        raise Forbidden([accounts.OTHER_MATTER])
    if owner is not None and owner not in actor.subjects:
        item = catalogue.pack(version.pk).service
        desk = admission.desk_that_files(item, actor, owner, at)
        draft.owner, draft.filed_by = owner, actor.account
        draft.filed_desk, draft.filed_in = desk.desk, desk.division
    else:
        admission.refuse_unless_taken(draft, at)
    with admission.held(), transaction.atomic():
        if not key:
            draft.save(force_insert=True)
            return draft
        # Two who begin under one key at the same moment: one wins. The other goes on with it where
        # it is the own one; a key of somebody else is absent for whoever asks.
        Draft.objects.bulk_create([draft], ignore_conflicts=True)
    return access.draft_for(actor, draft.pk)


def _refuse_hoard(actor: Actor) -> None:
    """Raise `Refused` where somebody has begun more than anybody finishes."""
    if access.drafts_of(actor).filter(sent=False).count() >= MOST_DRAFTS:
        raise Conflict([TOO_MANY_DRAFTS])


def keep_answers(
    draft_id: UUID, answers: Mapping[str, Value], *, actor: Actor, at: datetime
) -> Draft:
    """Keep the answers of a page; those of other pages stay. A sent draft keeps no more."""
    with transaction.atomic():
        draft = access.draft_for(actor, draft_id, lock=True)
        if draft.sent:
            raise Stale([SENT])
        draft.answers = {**draft.answers, **to_stored(dict(answers))}
        draft.updated_at = at
        _save_answers(draft, "updated_at")
        return draft


def discard_draft(draft_id: UUID, *, actor: Actor) -> None:
    """Delete an application that was not sent, with its files. One that is gone stays gone."""
    with transaction.atomic():
        try:
            draft = access.draft_for(actor, draft_id, lock=True)
        except Draft.DoesNotExist:
            return
        if draft.sent:
            raise Stale([SENT])
        draft.delete()


def start_again(case_id: UUID, *, actor: Actor, at: datetime) -> Draft:
    """Begin anew what an ended case was about, with its answers as far as the form still asks them.

    Files are handed in anew. One that was begun anew and not sent is gone on with.
    """
    case = access.case_for(actor, case_id)
    if case.ended_at is None or not access.is_applicant(actor, case):
        raise Conflict([RUNNING])
    sent = access.draft_for(actor, case_id)
    version = catalogue.current_version(sent.version.code)
    open_ = access.drafts_of(actor).filter(version=version.pk, sent=False, owner=case.owner)
    before = open_.filter(created_at__gte=case.ended_at).first()
    draft = before or start_draft(version.code, actor=actor, at=at, owner=case.owner)
    asked = {q.key for q in catalogue.pack(version.pk).form.questions if q.kind != "filepicker"}
    if not draft.answers:
        draft.answers = {key: value for key, value in sent.answers.items() if key in asked}
        _save_answers(draft)
    return draft


def _save_answers(draft: Draft, *besides: str) -> None:
    """Write the answers as they are stored; the draft in the hand keeps them readable."""
    readable, draft.answers = draft.answers, sealing.sealed_answers(draft)
    try:
        draft.save(update_fields=["answers", *besides])
    finally:
        draft.answers = readable


def subject_of(draft: Draft) -> str:
    """What an application is about, as far as it is filled in; empty while that says nothing."""
    pack, known = catalogue.pack(draft.version_id), known_values(draft)
    application = {**answers_of(draft), **{key: held.value for key, held in known.items()}}
    if not draft.answers:
        return ""
    blank = dict.fromkeys(question.key for question in pack.form.questions)
    return pack.subject({"application": {**blank, **application}})


def known_values(draft: Draft) -> Mapping[str, Known]:
    """What registers know of the answers, by question; see `prefill`."""
    return prefill(draft).known


def choose_records(
    draft_id: UUID, chosen: Mapping[str, str], *, actor: Actor, at: datetime
) -> Draft:
    """Keep which record of each register answers for it, by its key.

    Raises `Refused` for a register of which there is nothing to choose, and for a key that is none
    of the candidates: whether there is such a record of somebody else is not said.
    """
    choices = {each.register: each for each in prefill(access.draft_for(actor, draft_id)).choices}
    wrong = [
        no_candidate(code)
        for code, key in chosen.items()
        if code not in choices or key not in {each.key for each in choices[code].candidates}
    ]
    if wrong:
        raise Refused(wrong)
    kept = {choices[code].field: key for code, key in chosen.items()}
    return keep_answers(draft_id, kept, actor=actor, at=at)


def note_reading(draft: Draft, *, actor: Actor, at: datetime) -> None:
    """Write down, once a day, that a desk looks at what registers know of the one it files for."""
    if actor.account is None or actor.speaks_for(draft.owner) or draft.filed_in is None:
        return
    since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    look = journal.entry_of(
        verb="draft.read",
        subject=f"draft/{draft.pk}",
        division=draft.filed_in,
        owner=draft.owner,
        actor=actor.account,
        actor_name=actor.name,
        desk=draft.filed_desk,
        at=at,
        data={},
        matter=draft.matter,
        need=draft.need,
    )
    journal.record_once(look, since)


def answers_of(draft: Draft) -> dict[str, Value]:
    """The answers so far, as FEEL values, without what registers know."""
    return {
        key: from_stored(value)
        for key, value in draft.answers.items()
        if not key.startswith(SOURCE)
    }


def add_material(
    draft_id: UUID,
    question: Question,
    *,
    name: str,
    media_type: str,
    content: bytes,
    actor: Actor,
    at: datetime,
) -> Material:
    """Add a file in answer to a question, in place of the one before. Raises `Refused`.

    In an application that is sent, a file comes only for a task that asks for one, as a new one:
    what was handed in before stays.
    """
    refuse_file(question, name, content)
    return _put(draft_id, question, name, media_type, content, actor, at)


def stand_in(
    draft_id: UUID,
    question: Question,
    instead: str,
    *,
    name: str,
    media_type: str,
    content: bytes,
    actor: Actor,
    at: datetime,
) -> Material:
    """Add what stands for a file, such as a certificate: made or checked by whoever calls."""
    return _put(draft_id, question, name, media_type, content, actor, at, instead=instead)


def supply_later(
    case_id: UUID,
    question: Question,
    *,
    name: str,
    media_type: str,
    content: bytes,
    actor: Actor,
    at: datetime,
) -> Material:
    """Add a file that was to follow to a running case; the caller has seen that it is awaited.

    The database takes it only where it knows of that (see `domain.materials`).
    """
    refuse_file(question, name, content)
    return _put(case_id, question, name, media_type, content, actor, at, awaited=True)


def _put(
    draft_id: UUID,
    question: Question,
    name: str,
    media_type: str,
    content: bytes,
    actor: Actor,
    at: datetime,
    *,
    instead: str = "",
    awaited: bool = False,
) -> Material:
    draft = access.draft_for(actor, draft_id)  # nothing is kept for who may not add
    digest = files.keep(content, sealing.sealing_content(draft))
    with transaction.atomic():
        draft = access.draft_for(actor, draft_id, lock=True)  # else two at once both stay
        if draft.sent and not awaited and not access.is_asked_for_files(draft_id):
            raise Stale([SENT])
        held = draft.materials.aggregate(number=Count("id"), size=Sum("size"))
        if held["number"] >= MOST_FILES or (held["size"] or 0) + len(content) > MOST_BYTES:
            raise Conflict([TOO_MUCH_MATERIAL])
        if not question.multiple and not draft.sent:
            draft.materials.filter(question=question.key).delete()
        made = Material.objects.create(
            draft=draft,
            question=question.key,
            name=sealing.sealed_words(draft, name[-200:], "cases_material.name"),
            media_type=media_type[:100],
            size=len(content),
            digest=digest,
            added_at=at,
            instead=instead,
        )
        made.name = name[-200:]
        return made


def refuse_file(question: Question, name: str, content: bytes) -> None:
    """Raise `Refused` for a file that the question does not take: its size, its kind, its name."""
    limit = question.max_bytes
    if len(content) > limit:
        raise Refused([too_large(name, len(content), limit)])
    if not content:
        raise Refused([EMPTY])
    if question.accept and not name.lower().endswith(question.accept):
        raise Refused([not_accepted(name, question.accept)])
    if not is_what_it_says(name, content):
        raise Refused([another_kind(name)])


def remove_material(material_id: UUID, *, actor: Actor) -> None:
    """Take a file out of an application that is not sent yet."""
    material = Material.objects.get(pk=material_id)
    if access.draft_for(actor, material.draft_id).sent:
        raise Stale([SENT])
    material.delete()


def digests_named(some: Collection[str]) -> set[str]:
    """Those of some digests that a file of a draft, a case or a task has."""
    of_tasks = Evidence.objects.filter(digest__in=some).values_list("digest", flat=True)
    return {*Material.objects.filter(digest__in=some).values_list("digest", flat=True), *of_tasks}


def materials_of(draft_id: UUID) -> list[Material]:
    """The files of a draft or of the case made from it, without their content."""
    return list(Material.objects.filter(draft_id=draft_id).defer("content").order_by("added_at"))


def files_as_answers(draft: Draft) -> dict[str, Value]:
    """The files as answers of their questions: lists of {name, size, reference, sha256}.

    Of a question for one file the newest counts; an earlier one was handed in before a correction.
    """
    form = catalogue.pack(draft.version_id).form
    single = {q.key for q in form.questions if q.kind == "filepicker" and not q.multiple}
    answers: dict[str, Value] = {}
    for material in materials_of(draft.pk):
        if material.question == ELSEWHERE:
            continue
        file = {
            "name": material.name,
            "size": Decimal(material.size),
            "reference": str(material.id),
            "sha256": material.digest,
            **({"instead": material.instead} if material.instead else {}),
        }
        before = [] if material.question in single else answers.get(material.question, [])
        answers[material.question] = [*before, file]
    return answers


def digests_of(draft_id: UUID) -> list[dict[str, str]]:
    """What the journal says of the files, so that a receipt and the audit find any change."""
    return [
        {"question": material.question, "sha256": material.digest}
        for material in materials_of(draft_id)
    ]


TOO_MANY_DRAFTS = Finding(
    "case.E026",
    "error",
    Text(
        "您有 {most} 份没有提交的申请，不能再新建。",
        "You have {most} applications that are not sent; no more can be begun.",
        most=MOST_DRAFTS,
    ),
    hint=Text("请先提交或删除其中的几份。", "Send or delete some of them first."),
)
TOO_MUCH_MATERIAL = Finding(
    "case.E027",
    "error",
    Text(
        "一份申请最多 {files} 个文件，合计 {size} MB。",
        "An application holds at most {files} files of {size} MB together.",
        files=MOST_FILES,
        size=MOST_BYTES // 1_048_576,
    ),
    hint=Text("请合并或压缩文件，或删去不需要的。", "Merge or compress files, or remove some."),
)
SENT = Finding(
    "case.E008",
    "error",
    Text("这份申请已经提交，不能再改。", "This application has been sent and cannot be changed."),
    hint=Text(
        "需要更改时，请等补正通知或撤回后重新申请。",
        "Wait to be asked, or withdraw and apply anew.",
    ),
)
RUNNING = Finding(
    "case.E028",
    "error",
    Text("这件还在办理，不能重新申请。", "This case is still under way: it cannot be begun anew."),
    hint=Text("办结或撤回以后可以重新申请。", "Once it has ended, you may apply anew."),
)
EMPTY = Finding(
    "case.E009",
    "error",
    Text("这个文件是空的。", "This file is empty."),
    hint=Text("请重新选择，例如一份 PDF 或一张照片。", "Choose another, such as a PDF or a photo."),
)


def not_accepted(name: str, endings: Sequence[str]) -> Finding:
    """The finding for a file whose name ends in what the question does not take."""
    return Finding(
        "case.E024",
        "error",
        Text(
            "这里不收“{name}”这种文件，请交 {endings}。",
            "A file such as “{name}” is not taken here; send {endings}.",
            name=name,
            endings=list(endings),
        ),
        hint=Text("请换一种格式再传。", "Save it in one of these formats and send it again."),
    )


def another_kind(name: str) -> Finding:
    """The finding for a file whose content is not what its name says."""
    return Finding(
        "case.E025",
        "error",
        Text(
            "文件“{name}”的内容与它的扩展名不符。",
            "The content of the file “{name}” is not what its name says.",
            name=name,
        ),
        hint=Text(
            "请打开看一看，另存为正确的格式再传。",
            "Open it, save it in the right format, and send it again.",
        ),
    )


def too_large(name: str, size: int, limit: int) -> Finding:
    """The finding for a file over its limit, in bytes."""
    have, allowed = f"{size / 1_000_000:.1f}", f"{limit / 1_000_000:g}"
    return Finding(
        "case.E010",
        "error",
        Text(
            "文件“{name}”有 {have} MB，超过 {allowed} MB。",
            "The file “{name}” has {have} MB; the limit is {allowed} MB.",
            name=name,
            have=have,
            allowed=allowed,
        ),
        hint=Text(
            "请压缩，或用手机拍照上传，例如一张 2 MB 的照片。",
            "Compress it or take a photo of it, of 2 MB for example.",
        ),
    )
