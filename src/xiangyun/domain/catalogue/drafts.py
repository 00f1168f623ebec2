"""The life of a version: written, checked, replayed over past cases, agreed to, in force.

A published pack may have drafts at any time, several beside each other. Whatever is written into
one takes it back to its beginning, so that what is agreed to is what was checked and replayed. Who
wrote it last does not agree to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.checks import without_role
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Stale, Text
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.packfile.difference import Change
from xiangyun.kernel.packfile.difference import differences as changes

from . import actions, queries, revisions
from .models import PackDraft as PackDraft
from .models import ServiceVersion
from .versions import SERVICE

PUBLISHER = "publisher"
AUTHOR = "pack-author"
"""Writes drafts and hands them in; never agrees to one."""
DRAFT, CHECKED, REPLAYED = "draft", "checked", "replayed"
WAITING, BEGUN, DISCARDED = "waiting", "begun", "discarded"
_OVER = (BEGUN, DISCARDED)
_MOST_TOLD = 200
Files = Mapping[str, str]


# Reading -------------------------------------------------------------------------------------


def draft(id: UUID) -> PackDraft:
    """One draft. Raises NotFound, also where it is not for whoever asks."""
    found = PackDraft.objects.filter(pk=id).first()
    if found is None:
        raise NotFound([_no_draft()])
    return found


def drafts(code: str = "", most: int = 200) -> list[PackDraft]:
    """Drafts that are not over, of one pack or of all, the latest first, without their files."""
    rows = PackDraft.objects.exclude(state__in=_OVER)
    rows = rows.filter(code=code) if code else rows
    return list(rows.defer("files", "findings").order_by("-changed_at")[:most])


def files_of(code: str, number: int | None = None) -> dict[str, str]:
    """The files of a published version of a service, the current one unless said. NotFound."""
    rows = ServiceVersion.objects.filter(code=code)
    rows = rows.filter(current=True) if number is None else rows.filter(number=number)
    found = rows.values_list("files", flat=True).first()
    if found is None:
        raise NotFound([_no_version(code, number or 0)])
    return dict(found)


def differences(of: PackDraft) -> dict[str, list[Change]]:
    """What a draft says differently from the version that is in force now, by file."""
    return changes(queries.pack_files(of.code), of.files)


# Writing -------------------------------------------------------------------------------------


@transaction.atomic  # what is refused leaves the caller's transaction whole
def begin(code: str, files: Files | None = None, *, actor: Actor, at: datetime) -> PackDraft:
    """Begin a draft, of given files or of those of the version that is in force."""
    must_write(actor)
    with acting_as(SYSTEM):
        current = queries.offered(code)
        # of the whole pack: what a pack declares no more would be withdrawn
        given = dict(queries.pack_files(code) if files is None else files)
        if not given:
            raise Refused([_nothing(code)])
        made = PackDraft(code=code, base=current.number if current else 0, files=given)
        return _kept(made, DRAFT, "pack.drafted", actor, at, author=True)


@transaction.atomic
def write(id: UUID, files: Files, *, revision: int, actor: Actor, at: datetime) -> PackDraft:
    """Replace the files of a draft by these; an empty text removes one.

    Raises Stale where somebody wrote since `revision`, and then writes nothing.
    """
    with acting_as(SYSTEM):
        found = _taken(id, revision, actor)
        merged = {**found.files, **files}
        found.files = {path: text for path, text in merged.items() if text}
        if not found.files:
            raise Refused([_nothing(found.code)])
        found.findings, found.replayed, found.problem = [], None, ""
        found.approver, found.approver_name, found.from_on = None, "", None
        return _kept(found, DRAFT, "pack.drafted", actor, at, author=True)


@transaction.atomic
def check(
    id: UUID, *, revision: int, actor: Actor, at: datetime
) -> tuple[PackDraft, list[Finding]]:
    """Check a draft as publishing would; it goes on only without an error."""
    with acting_as(SYSTEM):
        found = _taken(id, revision, actor)
        said = check_pack(found.files, found.code, queries.known())
        found.findings = [f"{each.place or ''} {each.id} {each.message.zh}" for each in said]
        found.findings = found.findings[:_MOST_TOLD]
        sound = not any(each.severity == "error" for each in said)
        return _kept(found, CHECKED if sound else DRAFT, "pack.checked", actor, at), said


@transaction.atomic
def note_replay(
    id: UUID, cases: int, differing: Sequence[str], *, revision: int, actor: Actor, at: datetime
) -> PackDraft:
    """Keep how past cases came out by a checked draft: how many, and those that differ."""
    with acting_as(SYSTEM):
        found = _taken(id, revision, actor)
        _must_stand(found, CHECKED, REPLAYED)
        found.replayed = {"cases": cases, "differing": list(differing)[:_MOST_TOLD]}
        return _kept(found, REPLAYED, "pack.replayed", actor, at, cases=cases)


@transaction.atomic
def agree(id: UUID, *, revision: int, from_on: date, actor: Actor, at: datetime) -> PackDraft:
    """Agree to a draft that was checked and replayed: a second person, in force from a day.

    From today or earlier it is published at once. Raises Conflict `catalogue.E003` for the author,
    `catalogue.E004` before it is replayed; what publishing refuses.
    """
    with acting_as(SYSTEM):
        found = _taken(id, revision, actor)
        _must_publish(actor)
        _must_stand(found, REPLAYED)
        if revisions.is_own(found, actor):
            raise Conflict([_four_eyes()])
        found.approver, found.approver_name, found.from_on = actor.account, actor.name, from_on
        made = _kept(found, WAITING, "pack.agreed", actor, at, from_on=from_on.isoformat())
        return _published(made, actor, at) if from_on <= localdate(at) else made


@transaction.atomic
def discard(id: UUID, *, revision: int, actor: Actor, at: datetime) -> PackDraft:
    """Give a draft up; it stays readable."""
    with acting_as(SYSTEM):
        return _kept(_taken(id, revision, actor), DISCARDED, "pack.discarded", actor, at)


def begin_due(today: date, *, at: datetime) -> list[PackDraft]:
    """Put into force what was agreed to and whose day has come; what is refused says why."""
    with acting_as(SYSTEM):
        due = PackDraft.objects.filter(state=WAITING, from_on__lte=today)
        ids = list(due.order_by("from_on", "changed_at").values_list("pk", flat=True))
    begun = []
    for id in ids:
        try:
            with transaction.atomic(), acting_as(SYSTEM):
                found = PackDraft.objects.select_for_update().get(pk=id)
                if found.state == WAITING:
                    begun.append(_published(found, SYSTEM, at))
        except Refused as refused:
            with acting_as(SYSTEM):
                PackDraft.objects.filter(pk=id).update(problem=refused.findings[0].message.zh)
    return begun


def writes(actor: Actor) -> bool:
    """Whether somebody writes drafts of packs: authors and publishers do."""
    return any(each.role in (AUTHOR, PUBLISHER) for each in actor.mandates)


def publishes(actor: Actor) -> bool:
    """Whether somebody agrees to drafts that others have written."""
    return any(each.role == PUBLISHER for each in actor.mandates)


def must_write(actor: Actor) -> None:
    """Raises Forbidden for whoever is neither an author nor a publisher."""
    if actor.kind != "system" and not writes(actor):
        raise Forbidden([without_role(AUTHOR)])


# Within --------------------------------------------------------------------------------------


def _published(found: PackDraft, actor: Actor, at: datetime) -> PackDraft:
    """Publish it, unless another version came into force since it was drafted."""
    current = queries.offered(found.code)
    if (current.number if current else 0) != found.base:
        raise Stale([_overtaken(found)])
    made = actions.publish(found.code, found.files, actor=actor, at=at)
    versions = sorted(made.versions, key=lambda each: each.kind != SERVICE)
    found.number = next((each.number for each in versions), None)
    return _kept(found, BEGUN, "pack.begun", actor, at)


def _must_publish(actor: Actor) -> None:
    if actor.kind != "system" and not publishes(actor):
        raise Forbidden([without_role(PUBLISHER)])


def _taken(id: UUID, revision: int, actor: Actor) -> PackDraft:
    must_write(actor)
    found = revisions.locked(PackDraft.objects.all(), id, _no_draft())
    if found.revision != revision:
        raise Stale([_stale(found)])
    if found.state in _OVER:
        raise Conflict([_wrong_state(found)])
    return found


def _must_stand(found: PackDraft, *states: str) -> None:
    if found.state not in states:
        raise Conflict([_wrong_state(found)])


def _kept(
    found: PackDraft,
    state: str,
    verb: str,
    actor: Actor,
    at: datetime,
    *,
    author: bool = False,
    **data: object,
) -> PackDraft:
    found.state = state
    return revisions.keep(
        found,
        verb,
        actor,
        at,
        subject=f"draft/{found.pk}",
        division=min((each.division for each in actor.mandates), default=0),
        role=PUBLISHER if publishes(actor) else AUTHOR,
        data={"code": found.code, **data},
        author=author,
    )


def state_words(state: str) -> Text:
    """How far a draft has come, in words."""
    return {
        DRAFT: Text("草稿", "draft"),
        CHECKED: Text("已检查", "checked"),
        REPLAYED: Text("已重放", "tried on past cases"),
        WAITING: Text("已同意，待生效", "agreed to, waits for its day"),
        BEGUN: Text("已生效", "has begun"),
        DISCARDED: Text("已放弃", "discarded"),
    }[state]


def _no_draft() -> Finding:
    return Finding(
        "catalogue.E002",
        "error",
        Text("没有这份草稿。", "There is no such draft."),
        hint=Text("请从列表里选。", "Choose one from the list."),
    )


def _no_version(code: str, number: int) -> Finding:
    return Finding(
        "catalogue.E001",
        "error",
        Text("{code} 没有第 {number} 版。", "{code} has no version {number}.",
             code=code, number=number),
        hint=Text("0 指在用的一版。", "0 means the one in force."),
    )  # fmt: skip


def _four_eyes() -> Finding:
    return Finding(
        "catalogue.E003",
        "error",
        Text("起草的人不能自己同意发布。", "Who drafted a version does not agree to it."),
        hint=Text("请由另一位有职责的人同意。", "Another publisher agrees to it."),
    )


def _wrong_state(found: PackDraft) -> Finding:
    return Finding(
        "catalogue.E004",
        "error",
        Text(
            "草稿现在的状态是“{state}”，不能这样做。",
            "The draft is “{state}” now, and that cannot be done with it.",
            state=state_words(found.state),
        ),
        hint=Text("先检查，再重放，然后由另一人同意。",
                  "First it is checked, then tried on past cases, then another agrees."),
    )  # fmt: skip


def _stale(found: PackDraft) -> Finding:
    return Finding(
        "catalogue.E005",
        "error",
        Text(
            "这份草稿在您打开以后，{who}又改过，没有保存。",
            "{who} has changed this draft since you opened it; nothing was saved.",
            who=Text.given(found.author_name, found.author_name),
        ),
        hint=Text("请重新打开，再改一次。", "Open it again, and make your change anew."),
    )


def _overtaken(found: PackDraft) -> Finding:
    return Finding(
        "catalogue.E006",
        "error",
        Text(
            "{code} 在起草以后已有新版生效（草稿据第 {base} 版）。",
            "Another version of {code} came into force since this was drafted from version {base}.",
            code=found.code,
            base=found.base,
        ),
        hint=Text("请据现行版重新起草。", "Begin a draft of the version in force."),
    )


def _nothing(code: str) -> Finding:
    return Finding(
        "catalogue.E007",
        "error",
        Text("{code}：没有任何文件。", "{code}: there is no file at all.", code=code),
        hint=Text("请给出事项文件夹的内容。", "Give the contents of the pack's folder."),
    )
