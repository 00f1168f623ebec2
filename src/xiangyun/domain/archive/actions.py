"""Move closed cases to the archive; destroy files whose term is over. `returning` brings one back.

A case moves in four steps, each of which may be the last before a crash: its file is written and
brought to the disk; a row and an entry of the journal say so, with the digest of the file; the file
is read again and checked; the rows are erased, in the transaction that says so. Whoever comes next
goes on where the last one stopped, and nothing is erased that a checked file does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, recording
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as entries
from xiangyun.domain.journal.ports import Signer
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.service.retention import Retention

from . import queries, volumes
from .models import State, Volume
from .ports import ShelfUnavailable, shelf

Step = Callable[[str], None]
"""Told after each step of a case: written, recorded, checked, moved."""


@dataclass(slots=True)
class Moved:
    """What one run did: how many cases moved, their bytes, and what was refused of which."""

    cases: int = 0
    bytes: int = 0
    refused: list[tuple[str, Finding]] | None = None


def move_what_is_due(
    *,
    at: datetime,
    signer: Signer,
    at_most: int = 10_000,
    progress: Callable[[float], None] = lambda share: None,
) -> Moved:
    """Move every closed case whose time online is over; by the platform itself, whoever calls.

    Each case has a transaction of its own: a run that is stopped, or a case that goes wrong, undoes
    nothing that moved before. `progress` is told the share that is through. What cannot be moved is
    told and does not keep the others. Raises `Conflict` `archive.E001` where the place of the
    archive does not answer.
    """
    done = Moved(refused=[])
    assert done.refused is not None
    with acting_as(SYSTEM):
        due = [(case.pk, terms) for case, terms in queries.due(timezone.localdate(at), at_most)]
    for number, (case_id, retention) in enumerate(due, 1):
        with acting_as(SYSTEM):
            case = access.case_for(SYSTEM, case_id)
            try:
                done.bytes += move(case, retention, at=at, signer=signer)
                done.cases += 1
            except ShelfUnavailable as problem:
                raise Conflict([_no_place(str(problem))]) from problem
            except Refused as refused:  # in here: that its row is taken back has to be kept
                done.refused += [(case.number, each) for each in refused.findings]
        progress(number / len(due))
    return done


def move(
    case: Any,
    retention: Retention,
    *,
    at: datetime,
    signer: Signer,
    told: Step = lambda step: None,
) -> int:
    """Move one case; how many bytes its file has. As the platform.

    Raises `Conflict` `archive.E002` for a file that is not as it was written, and `archive.E003`
    for a case that changed meanwhile: it stays where it is, and the next run writes it anew.
    """
    volume = Volume.objects.filter(pk=case.number, state=State.WRITTEN).first()
    if volume is None or not volumes.is_whole(
        shelf().get(volume.place), volume.digest, signer.trusted
    ):
        volume = _write(case, retention, at, signer, told)
    if not volumes.is_whole(shelf().get(volume.place), volume.digest, signer.trusted):
        raise Conflict([_not_whole(volume.number)])
    told("checked")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT xiangyun_case_erase(%s)", [volume.case])
            erased = cursor.fetchone() == (True,)
        if not erased:
            transaction.set_rollback(True)
        else:
            why = Text("已归档", "moved to the archive").zh
            journal.erase(volume.number, why=why, by=SYSTEM.account, by_name=SYSTEM.name, at=at)
            Volume.objects.filter(pk=volume.pk).update(state=State.MOVED, moved_at=at)
    if not erased:
        Volume.objects.filter(pk=volume.pk, state=State.WRITTEN).delete()
        raise Conflict([_changed(volume.number)])
    told("moved")
    return volume.size


def _write(case: Any, retention: Retention, at: datetime, signer: Signer, told: Step) -> Volume:
    made = volumes.written(case, at=at, signer=signer)
    last = entries.history(case.number)[-1].pk
    ended = timezone.localdate(case.ended_at)
    place = f"{ended.year}/{case.version.code}/{_named(case.number)}.zip"
    shelf().put(place, made.content)
    told("written")
    with transaction.atomic():
        Volume.objects.filter(pk=case.number, state__in=(State.WRITTEN, State.BACK)).delete()
        volume = Volume.objects.create(
            number=case.number,
            case=case.pk,
            service=case.version.code,
            division=case.division,
            matter=case.matter,
            need=case.need,
            owner=case.owner,
            ended_on=ended,
            kept_until=retention.kept_until(ended),
            place=place,
            digest=made.digest,
            size=len(made.content),
            rows=made.rows,
            last_entry=last,
            state=State.WRITTEN,
            written_at=at,
        )
        journal.record(
            recording.about(
                case,
                queries.ARCHIVED,
                actor=SYSTEM.account,
                actor_name=SYSTEM.name,
                desk="",
                at=at,
                data={"sha256": made.digest, "bytes": len(made.content)},
            )
        )
    told("recorded")
    return volume


def destroy(number: str, *, why: str, by_name: str, at: datetime) -> None:
    """Destroy the file of a case whose term is over, and the key of a sealed one; as the platform.

    The journal keeps what happened when, and proves it by the digests of what is gone. First the
    row and the entry, then the file: after a crash in between, the same call goes on. Raises
    `NotFound` `archive.E004` for a number that is not in the archive, and `Forbidden`
    `archive.E006` before the term is over, or without a reason.
    """
    lies = (State.MOVED, State.DESTROYED)  # one that was brought back moves again first
    volume = Volume.objects.filter(pk=number, state__in=lies).first()
    if volume is None:
        raise NotFound([absent(number)])
    if volume.state == State.MOVED:
        today = timezone.localdate(at)
        if not why.strip() or volume.kept_until is None or today < volume.kept_until:
            raise Forbidden([_too_early(volume)])
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT xiangyun_case_forget_key(%s)", [volume.case])
            Volume.objects.filter(pk=number).update(state=State.DESTROYED, destroyed_at=at)
            record("archive.destroyed", volume, why=why, by_name=by_name, at=at)
    try:
        shelf().remove(volume.place)
    except ShelfUnavailable as problem:
        raise Conflict([_no_place(str(problem))]) from problem


def refused_words(refused: Iterable[tuple[str, Finding]]) -> list[Text]:
    """What was refused, a sentence each."""
    return [
        Text("{number}：{said}", "{number}: {said}", number=number, said=each.message)
        for number, each in refused
    ]


def _named(number: str) -> str:
    """A number as the name of a file: what a file system might take for something else goes."""
    return "".join(each if each.isalnum() or each in "-_" else "_" for each in number)


def _no_place(problem: str) -> Finding:
    return Finding(
        "archive.E001",
        "error",
        Text(
            "档案存放处不可用：{problem}。没有办件被移走。",
            "The place of the archive does not answer: {problem}. No case was moved.",
            problem=problem,
        ),
        hint=Text(
            "请检查 XIANGYUN_ARCHIVE 指的文件夹和磁盘空间，再运行 xiangyun archive。",
            "Look at the folder that XIANGYUN_ARCHIVE names and at the disk, then run xiangyun "
            "archive.",
        ),
    )


def _not_whole(number: str) -> Finding:
    return Finding(
        "archive.E002",
        "error",
        Text(
            "办件 {number} 的档案读回来与写下的不一致，数据库中的内容没有删除。",
            "The file of the case {number} does not read back as written; its rows stay.",
            number=number,
        ),
        hint=Text("请检查磁盘，再运行一次。", "Look at the disk, and run it again."),
    )


def _changed(number: str) -> Finding:
    return Finding(
        "archive.E003",
        "error",
        Text(
            "办件 {number} 在归档途中有变化，没有移走。",
            "The case {number} changed on its way to the archive and stays.",
            number=number,
        ),
        hint=Text("下一次运行会重新写。", "The next run writes it anew."),
    )


def record(verb: str, volume: Volume, *, why: str, by_name: str, at: datetime, **data: str) -> None:
    """Tell the journal what somebody did with the file of a case, and why; as the platform."""
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=volume.number,
            division=volume.division,
            owner=volume.owner,
            actor=SYSTEM.account,
            actor_name=by_name,
            desk="",
            at=at,
            data={"sha256": volume.digest, **data},
            private={"why": why.strip()},
            matter=volume.matter,
            need=volume.need,
        )
    )


def absent(number: str) -> Finding:
    """A case that does not lie in the archive."""
    return Finding(
        "archive.E004",
        "error",
        Text("档案中没有 {number}。", "There is no {number} in the archive.", number=number),
        hint=Text("xiangyun archive --list 列出全部。", "xiangyun archive --list tells all."),
    )


def _too_early(volume: Volume) -> Finding:
    return Finding(
        "archive.E006",
        "error",
        Text(
            "{number} 的档案还不能销毁：保管至 {until}，并且须写明理由。",
            "The file of {number} cannot be destroyed: it is kept until {until}, and a reason is "
            "needed.",
            number=volume.number,
            until=volume.kept_until or Text("永久", "the end of time"),
        ),
        hint=Text("期满后用 --destroy 和 --why。", "When the term is over, --destroy with --why."),
    )
