"""Publish packs: read, checked, given versions; a pack with an error is refused whole.

A pack may declare things of several kinds (`kernel.pack.kinds`). Each gets a version of its own,
and one whose files are as before keeps the version it has. A service can be taken off the
catalogue: nobody applies any more, and cases under way go on.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.checks import without_role
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.pack import (
    Contents,
    Declaration,
    Known,
    check_contents,
    check_fits,
    check_pack,
    read_contents,
)
from xiangyun.kernel.pack.model import digest_of
from xiangyun.kernel.pack.openedcases import names_services
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.spelling import did_you_mean

from . import bulk, queries
from .models import DeclarationVersion, PackRest, ServiceVersion
from .versions import SERVICE, Publication, Version, hooks, record, row_of


def publish(code: str, files: Mapping[str, str], *, actor: Actor, at: datetime) -> Publication:
    """Publish all that a pack declares as current versions.

    The same content again makes no new version. What the pack declared before and declares no more
    is current no more. Raises `Refused` with every finding when the checks find an error, in the
    pack or in what is published and refers to it, and then leaves the catalogue as it was;
    `Forbidden` for an actor who holds no mandate as publisher.
    """
    _refuse_others(actor)
    return _publish_contents(code, files, read_contents(files, code), actor, at)


def _publish_contents(
    code: str, files: Mapping[str, str], contents: Contents, actor: Actor, at: datetime
) -> Publication:
    errors = [each for each in contents.findings if each.severity == "error"]
    with acting_as(SYSTEM):  # which nobody else may write for
        kept = {(each.kind, each.code): _kept(each) for each in contents.declarations}
        changed = [each for each, one in kept.items() if one is None or not one.current]
        # A register may be named by any service; a service by those that open its cases.
        naming = any(kind != SERVICE for kind, _ in (*changed, *_dropped(code, kept)))
        known = queries.known(services=naming or names_services(files))
        if changed and not errors:
            # What stands in the catalogue already was rehearsed when it was published first.
            found = check_contents(contents, files, code, known)
            errors = [each for each in found if each.severity == "error"]
        if naming:
            errors += _broken_elsewhere(known, known.with_pack(code, contents.declarations), code)
            errors += _used(_dropped(code, kept), known, at)
    if errors or not contents.declarations:  # raised here, where no transaction is broken by it
        raise Refused(errors or check_pack(files, code))
    with transaction.atomic(), acting_as(SYSTEM):  # what an app refuses breaks no transaction
        _retire(code, kept)
        versions = [
            _publish(each, kept[each.kind, each.code], actor, at) for each in contents.declarations
        ]
        _keep_rest(code, files, contents.declarations)
    return Publication(code, tuple(versions))


def publish_all(
    packs: Mapping[str, Mapping[str, str]], *, actor: Actor, at: datetime
) -> tuple[list[Publication], dict[str, Refused]]:
    """Publish several packs, each after those that declare what it names.

    Answers with what was published, and why by its code for each pack that was refused. Raises
    `Forbidden` as `publish` does. Items of standard ways, which hardly anything names, come after
    the others and many at a time; what was refused for the lack of one is tried again.
    """
    _refuse_others(actor)
    items = bulk.items_in(packs)
    read: dict[str, Contents] = {}  # of a pack that stands before what it names: tried again
    others = [code for code in packs if code not in items]
    done, refused = _in_turn(others, packs, read, actor, at)
    published, wrong = bulk.publish_items(
        {code: packs[code] for code in packs if code in items}, actor, at
    )
    if refused and published:  # they may name what came last
        more, refused = _in_turn(refused, packs, read, actor, at)
        published = [*published, *more]
    return done + published, refused | wrong


def _in_turn(
    codes: Iterable[str],
    packs: Mapping[str, Mapping[str, str]],
    read: dict[str, Contents],
    actor: Actor,
    at: datetime,
) -> tuple[list[Publication], dict[str, Refused]]:
    """Publish packs that name each other, again and again while that brings another one in."""
    done: list[Publication] = []
    refused: dict[str, Refused] = {}
    waiting = list(codes)
    while waiting:
        before, refused = len(done), {}
        for code in waiting:
            contents = read.pop(code, None) or read_contents(packs[code], code)
            try:
                done.append(_publish_contents(code, packs[code], contents, actor, at))
            except Forbidden:
                raise
            except Refused as why:
                refused[code], read[code] = why, contents
        waiting = list(refused)
        if len(done) == before:
            break
    return done, refused


def unpublish(code: str, *, actor: Actor, at: datetime) -> Publication:
    """Withdraw what was published; the same pack published again brings it back.

    `code` is that of a service, which is offered no more while its cases go on; of a pack without
    one, of which all is withdrawn; or one declaration, `role/inspector`. Answers with the versions
    that were current. Raises `NotFound` where nothing of this name is in force, `Conflict` with all
    that still uses it, by name: what other packs declare, mandates, running cases; `Forbidden` for
    an actor who holds no mandate as publisher.
    """
    _refuse_others(actor)
    with acting_as(SYSTEM):
        versions = _in_force(code)
        withdrawn = {(each.kind, each.code) for each in versions}
        used = [*_broken(withdrawn), *_used(withdrawn, queries.known(services=False), at)]
        if versions and not used:
            for version in versions:
                version.current = False
                version.save(update_fields=["current"])
                record(version, "unpublished", actor, at)
    if not versions:
        raise NotFound([_not_in_force(code)])
    if used:
        raise Conflict(used)
    return Publication(code, tuple(versions))


def _in_force(code: str) -> list[Version]:
    """What is current under a name: a service, one declaration, or all of a pack without one."""
    services = ServiceVersion.objects.select_for_update().filter(code=code, current=True)
    if found := list(services):
        return list(found)
    current = DeclarationVersion.objects.select_for_update().filter(current=True)
    kind, _, name = code.partition("/")
    return list(current.filter(kind=kind, code=name)) or list(current.filter(pack=code))


def _broken(withdrawn: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """What else is published and names one of these, by kind and code; nothing names services."""
    if all(kind == SERVICE for kind, _ in withdrawn):
        return
    before = queries.known()
    kept = (each for each in before if (each.kind, each.code) not in withdrawn)
    yield from _broken_elsewhere(before, Known(kept, whole=before.whole), "")


def _used(withdrawn: Iterable[tuple[str, str]], known: Known, at: datetime) -> Iterator[Finding]:
    """Who uses one of these in what runs, as the apps say."""
    for kind, name in withdrawn:
        declaration = known.all(kind).get(name)
        for uses in hooks("in_use", kind) if declaration else ():
            yield from uses(declaration, at=at)


def _refuse_others(actor: Actor) -> None:
    if actor.kind != "system" and not any(m.role == "publisher" for m in actor.mandates):
        raise Forbidden([without_role("publisher")])


def _not_in_force(code: str) -> Finding:
    services = ServiceVersion.objects.filter(current=True).values_list("code", flat=True)
    others = [f"{each.kind}/{each.code}" for each in queries.current_declarations()]
    return Finding(
        "catalogue.E001",
        "error",
        Text(
            "目录里没有在用的“{code}”。",
            "Nothing called “{code}” is in force in the catalogue.",
            code=code,
        ),
        hint=did_you_mean(code, sorted([*services, *others])),
    )


def _rows(kind: str, code: str) -> QuerySet[Any]:
    """The versions of a declaration, the oldest first."""
    if kind == SERVICE:
        found: QuerySet[Any] = ServiceVersion.objects.filter(code=code)
    else:
        found = DeclarationVersion.objects.filter(kind=kind, code=code)
    return found.order_by("number")


def _kept(declaration: Declaration) -> Version | None:
    """The version of this pack that has just this content."""
    rows = _rows(declaration.kind, declaration.code).filter(digest=digest_of(declaration.files))
    if declaration.kind != SERVICE:
        rows = rows.filter(pack=declaration.pack)
    found: Version | None = rows.select_for_update().last()
    return found


def _broken_elsewhere(before: Known, after: Known, code: str) -> Iterator[Finding]:
    """What other packs have published and what this publication would make wrong."""
    wrong = [
        (each, finding)
        for each, finding in check_fits(after)
        if each.pack != code and finding.severity == "error"
    ]
    if not wrong:  # as good as always; to ask what was wrong before takes as long again
        return
    was = {(each.code, finding.id, finding.place) for each, finding in check_fits(before)}
    for each, finding in wrong:
        if (each.code, finding.id, finding.place) not in was:
            yield fault(
                "pack.E056",
                Text(
                    "{pack} 已发布，会因此出错：{why}",
                    "{pack} is published and would be broken by this: {why}",
                    pack=each.pack,
                    why=finding.message,
                ),
                finding.place,
                Text(
                    "请先发布 {pack} 的新版，再改这里。",
                    "Publish a new version of {pack} first, then change this.",
                    pack=each.pack,
                ),
            )


def _dropped(code: str, declared: Container[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a pack has published and declares no more, by kind and code."""
    rows = DeclarationVersion.objects.filter(pack=code, current=True)
    found = [(row.kind, row.code) for row in rows.defer("files")]
    if ServiceVersion.objects.filter(code=code, current=True).exists():
        found.append((SERVICE, code))
    return [each for each in found if each not in declared]


def _retire(code: str, declared: Container[tuple[str, str]]) -> None:
    """What a pack declares no more is current no more."""
    for kind, name in _dropped(code, declared):
        _rows(kind, name).filter(current=True).update(current=False)


def _keep_rest(code: str, files: Mapping[str, str], declarations: Iterable[Declaration]) -> None:
    """What no declaration keeps, which the pack has as well: it comes back byte for byte."""
    kept = {path for each in declarations for path in each.files}
    rest = {path: text for path, text in files.items() if path not in kept}
    if rest or PackRest.objects.filter(code=code).exists():
        PackRest.objects.update_or_create(code=code, defaults={"files": rest})


def _publish(declaration: Declaration, kept: Version | None, actor: Actor, at: datetime) -> Version:
    if kept is not None and kept.current:
        return kept
    rows = _rows(declaration.kind, declaration.code)
    rows.filter(current=True).update(current=False)
    if kept is not None:
        kept.current = True
        kept.save(update_fields=["current"])
        version: Version = kept
    else:
        number = (rows.aggregate(Max("number"))["number__max"] or 0) + 1
        version = row_of(declaration, number, actor, at)
        version.save(force_insert=True)
    for told in hooks("publishes", declaration.kind):
        told(declaration, version.number, at=at)
    record(version, "published", actor, at)
    return version
