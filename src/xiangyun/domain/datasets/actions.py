"""The verbs of data sets: build a release, publish it by a second pair of eyes, withdraw it.

A release never changes. Once two people have published one, those that follow by themselves on
schedule are published by the platform, as long as their columns are the same and every check
passes; whatever else waits for somebody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files import actions as files
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.projection import DataSet

from . import listing, subscribing
from .building import all_declared, build, declared, period_due
from .disclosing import attacked
from .models import ENDED, Release
from .ports import workshop

STEWARD = "data_steward"
PROVINCE = 220000000000


def build_release(
    code: str, *, actor: Actor, at: datetime, on: date, file: Path | None = None
) -> Release | None:
    """Build what is to be published next; None where nothing has changed since the last.

    A release that waits already is replaced. Raises NotFound, Forbidden, and Refused with whatever
    is wrong; nothing is left then.
    """
    may(actor)
    declaration = declared(code)
    dataset: DataSet = declaration.value
    with acting_as(SYSTEM):
        version = catalogue.declared_version("dataset", code)
        number = (Release.objects.filter(dataset=code).aggregate(n=Max("number"))["n"] or 0) + 1
    before = last_published(code)
    with workshop().folder() as folder:
        built = build(declaration, version, number, on, folder, file)
        period = built.period.first if built.period else None
        if before is not None and _same(before, built.content, period, version):
            return None
        difference = None
        if before is not None:
            found = workshop().difference(workshop().local(before.digest), built.file)
            difference = {"since": before.number, **asdict(found)}
        digest = files.put(built.file.read_bytes())
        size = built.file.stat().st_size
        whole = files.put(built.whole.read_bytes()) if built.whole else ""
    with acting_as(SYSTEM), transaction.atomic():
        waiting = Release.objects.select_for_update().filter(
            dataset=code, state=Release.State.BUILT
        )
        for each in waiting:
            _reject(each, actor, at, "replaced by a later one")
        release = Release.objects.create(
            dataset=code,
            number=number,
            version=version,
            state=Release.State.BUILT,
            period=period,
            due_on=due_on(dataset, built.period.last if built.period else None),
            rows=built.rows,
            size=size,
            digest=digest,
            content=built.content,
            whole=whole,
            schema=built.schema,
            difference=difference,
            hidden=built.hidden,
            built_at=at,
            built_by=actor.account,
            built_by_name=actor.name,
        )
        _record("built", release, actor, at, {"digest": digest, "rows": built.rows})
    return release


def _same(before: Release, content: str, period: date | None, version: int) -> bool:
    return (before.content, before.period, before.version) == (content, period, version)


def due_on(dataset: DataSet, last: date | None) -> date | None:
    """The day by which what ends on a day is to be published."""
    return None if last is None else last + timedelta(days=dataset.within)


def publish(code: str, *, actor: Actor, at: datetime) -> Release:
    """Publish what waits: never the one who built it.

    Raises NotFound `dataset.E003` where nothing waits, Forbidden `dataset.E004` for the same hand,
    Conflict `dataset.E008` where it gives somebody away by now: build it anew then.
    """
    may(actor)
    dataset: DataSet = declared(code).value
    with acting_as(SYSTEM), transaction.atomic():
        release = (
            Release.objects.select_for_update()
            .filter(dataset=code, state=Release.State.BUILT)
            .first()
        )
        if release is None:
            raise NotFound([_nothing_waits(code)])
        if release.built_by == actor.account and not _follows_by_itself(release, dataset):
            raise Forbidden([_SAME_HAND])
        attacked(dataset, release)
        release.state = Release.State.PUBLISHED
        release.published_at, release.published_by_name = at, actor.name
        release.save(update_fields=["state", "published_at", "published_by_name"])
        _record("published", release, actor, at, {"digest": release.digest})
        if dataset.forgets:
            _forget(code, release.number, actor, at)
        subscribing.tell(release, dataset, at=at)
        listing.relist(code)
    return release


def forget(code: str, *, at: datetime) -> int:
    """Give out no release of a data set until the next one; how many were. What waits is rejected.

    For a data set that forgets, in whose register something has ended. Whoever subscribed is told
    once, of the newest: they may hold it.
    """
    with acting_as(SYSTEM), transaction.atomic():
        waiting = Release.objects.select_for_update()
        for each in waiting.filter(dataset=code, state=Release.State.BUILT):
            _reject(each, SYSTEM, at, "something in it has ended")
        found = _forget(code, None, SYSTEM, at)
        if found:
            listing.relist(code)
            subscribing.tell(found[0], declared(code).value, at=at)
    return len(found)


def _forget(code: str, before: int | None, actor: Actor, at: datetime) -> list[Release]:
    """Withdraw the releases before a number, or all; the newest first."""
    given = Release.objects.select_for_update().filter(dataset=code, state=Release.State.PUBLISHED)
    given = given.order_by("-number")
    some = list(given if before is None else given.filter(number__lt=before))
    for each in some:
        each.state = Release.State.WITHDRAWN
        each.withdrawn_at, each.withdrawn_why = at, ENDED.zh
        each.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
        _record("withdrawn", each, actor, at, {"why": each.withdrawn_why})
    return some


def _follows_by_itself(release: Release, dataset: DataSet) -> bool:
    """Built by the platform, in the form that two people published before, of open data."""
    if release.built_by is not None or dataset.opening == "none":
        return False
    seen = Release.objects.filter(dataset=release.dataset, published_at__isnull=False)
    by_people = seen.filter(built_by__isnull=False).exists()
    before = seen.order_by("-number").first()
    return by_people and before is not None and before.schema["fields"] == release.schema["fields"]


def withdraw(code: str, number: int, why: str, *, actor: Actor, at: datetime) -> Release:
    """Take a release back: its rows are no longer given out, and a stone says when and why.

    Raises NotFound `dataset.E005` where there is no such release.
    """
    may(actor)
    if not why.strip():
        raise Conflict([_NO_REASON])
    with acting_as(SYSTEM), transaction.atomic():
        release = (
            Release.objects.select_for_update()
            .filter(dataset=code, number=number, state=Release.State.PUBLISHED)
            .first()
        )
        if release is None:
            raise NotFound([_no_release(code, number)])
        release.state = Release.State.WITHDRAWN
        release.withdrawn_at, release.withdrawn_why = at, why.strip()[:1000]
        release.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
        _record("withdrawn", release, actor, at, {"why": release.withdrawn_why})
        listing.relist(code)
        if (declaration := catalogue.declaration("dataset", code)) is not None:
            subscribing.tell(release, declaration.value, at=at)
    return release


def publish_what_is_due(
    on: date, *, at: datetime
) -> Iterator[tuple[str, Release | Refused | None]]:
    """Build every data set whose period is over, and publish those that may follow by themselves.

    None: nothing has changed, or it waits for somebody.
    """
    for declaration in all_declared():
        dataset: DataSet = declaration.value
        if dataset.over.kind == "file" and dataset.over.code not in declaration.files:
            continue
        period, before = period_due(dataset, on), last_published(dataset.code)
        if period is None or (before and before.period and before.period >= period.first):
            continue
        try:
            release = build_release(dataset.code, actor=SYSTEM, at=at, on=on)
            if release is not None:
                release = publish(dataset.code, actor=SYSTEM, at=at)
            yield dataset.code, release
        except Forbidden:
            yield dataset.code, None
        except Refused as problem:
            yield dataset.code, problem


def last_published(code: str) -> Release | None:
    """The newest release that is given out."""
    with acting_as(SYSTEM):
        found = Release.objects.filter(dataset=code, state=Release.State.PUBLISHED)
        return found.order_by("-number").first()


def _reject(release: Release, actor: Actor, at: datetime, why: str) -> None:
    release.state = Release.State.REJECTED
    release.save(update_fields=["state"])
    _record("rejected", release, actor, at, {"why": why})


def may(actor: Actor) -> None:
    """Raise Forbidden `dataset.E006` for whoever is no data steward."""
    if actor.kind != "system" and not any(m.gives(STEWARD) for m in actor.mandates):
        raise Forbidden([_NO_STEWARD])


def _record(
    became: str, release: Release, actor: Actor, at: datetime, data: dict[str, Any]
) -> None:
    journal.record(
        journal.entry_of(
            verb=f"dataset.{became}",
            subject=f"dataset/{release.dataset}",
            division=min((m.division for m in actor.mandates), default=PROVINCE),
            owner=None,
            actor=actor.account,
            actor_name=actor.name,
            desk=next((m.desk for m in actor.mandates if m.gives(STEWARD)), ""),
            at=at,
            data={"number": release.number, **data},
        )
    )


def _nothing_waits(code: str) -> Finding:
    return Finding(
        "dataset.E003",
        "error",
        Text("“{code}”没有待发布的版本。", "No release of “{code}” waits.", code=code),
        None,
        Text("请先编制。", "Build one first."),
    )


def _no_release(code: str, number: int) -> Finding:
    return Finding(
        "dataset.E005",
        "error",
        Text(
            "“{code}”没有已发布的第 {number} 版。",
            "“{code}” has no published release {number}.",
            code=code,
            number=number,
        ),
    )


_SAME_HAND = Finding(
    "dataset.E004",
    "error",
    Text("谁编制，谁不能发布。", "Who built a release does not publish it."),
    None,
    Text("请由另一位数据管理员发布。", "Another data steward publishes it."),
)
_NO_STEWARD = Finding(
    "dataset.E006",
    "error",
    Text("只有数据管理员可以编制和发布。", "Data stewards alone build and publish."),
    None,
    Text("请先授予 data_steward 角色。", "Give the role data_steward first."),
)
_NO_REASON = Finding(
    "dataset.E007",
    "error",
    Text("撤下要写明原因。", "Say why it is withdrawn."),
)
