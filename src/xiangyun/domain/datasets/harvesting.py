"""Harvests: catalogues of others, another CKAN or DCAT, taken over where something changed.

A run reads the whole catalogue first and writes then, in one transaction: whatever is wrong, all
stays as it was. What a stranger's catalogue says is cut to what is known of a package, its lengths
are bounded, and addresses are kept that lead to http and https alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Text

from .actions import PROVINCE, may
from .listing import put, terms_of
from .models import Harvest, Listing
from .ports import source

KINDS: Final = ("ckan", "dcat")
APART: Final = "--"
"""Between the name of a harvest and that of a package in the code of an entry."""
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9_-]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of pairs: what JSON can write and UTF-8 cannot."""
_SHORT, _LONG, _MANY = 300, 5_000, 100
_BATCH = 1000
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Harvested:
    """What a run changed: packages that came, changed, went, and those that stayed as they were."""

    came: int
    changed: int
    went: int
    same: int


def add(name: str, address: str, kind: str, *, actor: Actor) -> Harvest:
    """Enter a catalogue, or another address for one that is there; `run` reads it.

    Raises Forbidden for whoever is no data steward, Refused `dataset.E038` for a name or kind.
    """
    may(actor)
    # Its entries stand under its name as those of departments under theirs.
    if not _NAME.fullmatch(name) or len(name) > 40 or kind not in KINDS or department(name):
        raise Refused([_no_name(name, kind)])
    with acting_as(SYSTEM):
        found, _ = Harvest.objects.update_or_create(
            name=name, defaults={"address": address, "kind": kind}
        )
    return found


def remove(name: str, *, actor: Actor, at: datetime) -> int:
    """Remove a catalogue and all that came by it; how many entries went."""
    may(actor)
    with acting_as(SYSTEM), transaction.atomic():
        found = _found(name)
        went, _ = Listing.objects.filter(source=name).delete()
        found.delete()
        _record(name, Harvested(0, 0, went, 0), actor, at)
    return went


def harvests() -> list[Harvest]:
    """Every catalogue that is harvested, by name."""
    with acting_as(SYSTEM):
        return list(Harvest.objects.order_by("name"))


def run(name: str, *, actor: Actor, at: datetime, emptied: bool = False) -> Harvested:
    """Read a catalogue and take over what changed since the last run.

    `emptied`: whether one may be empty that was not. Raises NotFound `dataset.E039`, Refused as
    `ports.Source` does; what went wrong stands with the harvest, and nothing else changed.
    """
    may(actor)
    with acting_as(SYSTEM):
        harvest = _found(name)
    before, address = harvest.result or {}, harvest.address
    tag = before.get("tag", "") if before.get("address") == address else ""
    try:
        given = source().catalogue(harvest.kind, address, tag)
        packages = {} if given.same else dict(_packages(given.packages))
        if harvest.seen and not packages and not given.same and not emptied:
            raise Conflict([_empty(name, len(harvest.seen))])
    except Refused as refused:
        with acting_as(SYSTEM):
            told = {"at": at, "problem": _text(refused.findings[0].message.en, 500)}
            Harvest.objects.filter(pk=name).update(**told)
        raise
    with acting_as(SYSTEM), transaction.atomic():
        harvest = _found(name, Harvest.objects.select_for_update())
        if given.same:
            made = Harvested(0, 0, 0, len(harvest.seen))
        else:
            made = _taken(harvest, packages, at)
        harvest.at, harvest.problem = at, ""
        harvest.result = {**asdict(made), "tag": given.tag, "address": address}
        harvest.save()
        if made.came or made.changed or made.went:
            _record(name, made, actor, at)
    return made


def run_all(*, at: datetime) -> Iterator[tuple[str, Harvested | Refused]]:
    """Every catalogue once; one that fails keeps no other from its turn."""
    with acting_as(SYSTEM):
        names = list(Harvest.objects.order_by("name").values_list("name", flat=True))
    for name in names:
        try:
            yield name, run(name, actor=SYSTEM, at=at)
        except Refused as refused:
            yield name, refused


def _taken(harvest: Harvest, packages: Mapping[str, dict[str, Any]], at: datetime) -> Harvested:
    digests = {name: _digest(package) for name, package in packages.items()}
    changed = [name for name, digest in digests.items() if harvest.seen.get(name) != digest]
    gone = [name for name in harvest.seen if name not in digests]
    for start in range(0, len(changed), _BATCH):
        some = changed[start : start + _BATCH]
        put([_listing(harvest.name, name, packages[name], at) for name in some])
    for start in range(0, len(gone), _BATCH):
        codes = [code_of(harvest.name, name) for name in gone[start : start + _BATCH]]
        Listing.objects.filter(source=harvest.name, code__in=codes).delete()
    came = sum(name not in harvest.seen for name in changed)
    harvest.seen = digests
    return Harvested(came, len(changed) - came, len(gone), len(digests) - len(changed))


def code_of(harvest: str, name: str) -> str:
    """The code of a package's entry: no code of our own has two hyphens in a row."""
    return f"{harvest}{APART}{name}"


def _digest(package: Mapping[str, Any]) -> str:
    text = json.dumps(package, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# -- what of a stranger's package is kept ---------------------------------------------------------


def _packages(
    given: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[str, dict[str, Any]]]:
    seen = set[str]()
    for each in given:
        package = _package(each)
        if package["name"] in seen:  # two names that are one once they are written as names are
            package["name"] += f"-{_digest(dict(each))[:8]}"
        seen.add(package["name"])
        yield package["name"], package


def _package(given: Mapping[str, Any]) -> dict[str, Any]:
    name = _NOT_IN_NAMES.sub("-", _text(given.get("name")).lower()).strip("-_")[:80]
    if not name:
        name = hashlib.sha256(_text(given.get("id")).encode()).hexdigest()[:16]
    office = given.get("organization")
    return {
        "id": _text(given.get("id")) or name,
        "name": name,
        "title": _text(given.get("title")) or name,
        "notes": _text(given.get("notes"), _LONG),
        "url": _link(given.get("url")),
        "license_id": _text(given.get("license_id")),
        "license_title": _text(given.get("license_title")),
        "license_url": _link(given.get("license_url")),
        "metadata_created": _text(given.get("metadata_created")),
        "metadata_modified": _text(given.get("metadata_modified")),
        "organization": {"title": _text(office.get("title") or office.get("name"))}
        if isinstance(office, dict)
        else {"title": ""},
        "tags": [{"name": tag} for tag in _tags(given.get("tags"))],
        "groups": [],
        "resources": [
            _resource(place, each)
            for place, each in enumerate(_things(given.get("resources")))
        ],
        "extras": [
            {"key": _text(each.get("key")), "value": _text(each.get("value"))}
            for each in _things(given.get("extras"))
        ],
    }  # fmt: skip


def _resource(place: int, given: Mapping[str, Any]) -> dict[str, Any]:
    size = given.get("size")
    return {
        "id": _text(given.get("id")) or str(place),
        "name": _text(given.get("name")),
        "description": _text(given.get("description"), _LONG),
        "format": _text(given.get("format")),
        "mimetype": _text(given.get("mimetype")),
        "url": _link(given.get("url")),
        "size": size if isinstance(size, int) and size >= 0 else None,
        "hash": _text(given.get("hash")),
        "last_modified": _text(given.get("last_modified")),
        "datastore_active": False,
        "position": place,
        "state": "active",
    }


def _text(value: Any, most: int = _SHORT) -> str:
    """A text without what no text of the database can hold."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return _HALVES.sub("?", _CONTROLS.sub("", text).strip()[:most])


def _link(value: Any) -> str:
    text = _text(value, 2_000)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.hostname else ""


def _things(value: Any) -> list[dict[str, Any]]:
    found: list[Any] = value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, dict)][:_MANY]


def _tags(value: Any) -> list[str]:
    found = [_text(each.get("name")) for each in _things(value)]
    return sorted({each for each in found if each})


def _listing(harvest: str, name: str, package: dict[str, Any], at: datetime) -> Listing:
    title, tags = package["title"], [tag["name"] for tag in package["tags"]]
    formats = sorted({each["format"].upper()[:20] for each in package["resources"]} - {""})
    office = package["organization"]["title"]
    missing = list(_missing(package))
    return Listing(
        code=code_of(harvest, name),
        kind="dataset",
        organization=harvest,
        opening="unconditional",
        formats=formats,
        tags=tags,
        source=harvest,
        title=title,
        modified=_moment(package["metadata_modified"], at),
        score=max(0, 100 - 15 * len(missing)),
        terms=terms_of([title, package["notes"], name, office, *tags]),
        told={
            "title": {"zh": title, "en": title},
            "summary": {"zh": package["notes"], "en": package["notes"]},
            "office": office,
            "page": package["url"],
            "licence": package["license_id"] or package["license_url"],
            "missing": [each.to_json() for each in missing],
            "package": package,
        },
    )


def _missing(package: Mapping[str, Any]) -> Iterator[Text]:
    if not package["notes"]:
        yield Text("没有摘要", "no description")
    if not package["tags"]:
        yield Text("没有关键词", "no keywords")
    if not package["license_id"] and not package["license_url"]:
        yield Text("没有许可", "no licence")
    if not package["organization"]["title"]:
        yield Text("没有提供方", "no publisher")
    if not package["resources"]:
        yield Text("没有资源", "no resources")


def _moment(written: str, at: datetime) -> datetime:
    """A moment that a stranger wrote; none that lies ahead, nor before there were catalogues."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return at
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if _FIRST <= found <= at else at


def _found(name: str, among: QuerySet[Harvest] | None = None) -> Harvest:
    found = (Harvest.objects.all() if among is None else among).filter(pk=name).first()
    if found is None:
        raise NotFound([_no_harvest(name)])
    return found


def _record(name: str, made: Harvested, actor: Actor, at: datetime) -> None:
    journal.record(
        journal.entry_of(
            verb="dataset.harvested",
            subject=f"harvest/{name}",
            division=min((m.division for m in actor.mandates), default=PROVINCE),
            owner=None,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"came": made.came, "changed": made.changed, "went": made.went},
        )
    )


def _no_name(name: str, kind: str) -> Finding:
    return Finding(
        "dataset.E038",
        "error",
        Text("不能登记为“{name}”（{kind}）。", "It cannot be entered as “{name}” ({kind}).",
             name=name[:100], kind=kind[:20]),
        None,
        Text("名称用小写字母、数字和单个连字符，不能是部门的名称；种类是 ckan 或 dcat。",
             "A name has small letters, digits and single hyphens, and is no department's; a kind "
             "is ckan or dcat."),
    )  # fmt: skip


def _no_harvest(name: str) -> Finding:
    return Finding(
        "dataset.E039",
        "error",
        Text("没有登记目录“{name}”。", "No catalogue is entered as “{name}”.", name=name[:100]),
        None,
        Text("请看 xiangyun harvest list。", "Look at `xiangyun harvest list`."),
    )


def _empty(name: str, had: int) -> Finding:
    return Finding(
        "dataset.E041",
        "error",
        Text("“{name}”原有 {had} 个数据集，现在一个也没有。",
             "“{name}” held {had} data sets, and now none.", name=name, had=had),
        None,
        Text("什么都没有改动；若确实如此，加 --emptied。",
             "Nothing was changed; where that is right, say --emptied."),
    )  # fmt: skip
