"""Sheets of places: drafted, proved, approved by a second person, in force from a day.

A sheet is held to the item as the place above it offers it: a county to its city, a town to its
county. Whoever changes what stands above, an item or a sheet, learns beforehand which sheets would
be worse by it; those that are still better are held to the new version from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.checks import without_role
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.planned import planned
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Stale, Text
from xiangyun.kernel.pack import Declaration, Pack
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.sheet import Base, Sheet, applied, applied_rules, parse_sheet, prove

from . import queries, revisions
from .models import ServiceVersion
from .models import SheetVersion as SheetVersion

KEEPER = "sheet-keeper"
DRAFT, SUBMITTED, APPROVED = "draft", "submitted", "in_force"
RETURNED, SET_ASIDE = "returned", "ended"
OPEN = (DRAFT, SUBMITTED)


@dataclass(frozen=True, slots=True)
class Broken:
    """A sheet in force that a change would make worse than what stands above it, and why."""

    item: str
    division: int
    number: int
    why: tuple[Finding, ...]


# Reading -------------------------------------------------------------------------------------


def in_force(item: str, on: date, places: Iterable[int] | None = None) -> list[SheetVersion]:
    """The sheets of an item in force on a day, the widest place first: one statement."""
    within = None if places is None else list(places)
    with planned():
        found = list(SheetVersion.objects.raw(_IN_FORCE, [item, on, within, within]))
    return sorted(found, key=lambda row: (-_width(row.division), row.division))


_COLUMNS = ", ".join(field.attname for field in SheetVersion._meta.concrete_fields)
_IN_FORCE = f"""
SELECT {_COLUMNS} FROM (
    SELECT DISTINCT ON (division) {_COLUMNS} FROM catalogue_sheetversion
    WHERE item = %s AND state IN ('{APPROVED}', '{SET_ASIDE}') AND from_on <= %s
        AND (%s::bigint[] IS NULL OR division = ANY (%s::bigint[]))
    ORDER BY division, number DESC
) AS newest WHERE state = '{APPROVED}'
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """An item as a place offers it: a version, and the texts of the sheets that change it.

    Never changes, and stands for its pack where something is kept that was made of it.
    """

    version: UUID
    sheets: tuple[str, ...]

    @property
    def pack(self) -> Pack:
        """The pack of the item with the sheets of the place and those above."""
        pack = queries.pack(self.version)
        for text in self.sheets:
            found = _parsed(text)
            rules = applied_rules(pack.rules, found)
            pack = replace(pack, service=applied(pack.service, found), rules=rules)
        return pack


def offer(version: ServiceVersion, division: int, on: date) -> Offer:
    """An item as a place offers it."""
    rows = in_force(version.code, on, line(division))
    return Offer(version.pk, tuple(row.text for row in rows))


def offered(version: ServiceVersion, division: int, on: date) -> Pack:
    """The pack of an item as a place offers it: with the sheets of the place and those above."""
    return offer(version, division, on).pack


def promise_at(item: ServiceItem, division: int, on: date) -> int | None:
    """What a place promises of an item by its sheet, in the item's unit; None where none does.

    A promise in another unit binds the guide alone: the clock of a case counts in one unit.
    """
    rows = in_force(item.code, on, line(division))
    promises = [found for row in rows if (found := _parsed(row.text).promised)]
    nearest = promises[-1] if promises else None
    return nearest.number if nearest and nearest.unit == item.promised.unit else None


def sheets_of(item: str, division: int) -> list[SheetVersion]:
    """Every version of a place's sheet that the asker may read, the newest first."""
    return list(SheetVersion.objects.filter(item=item, division=division).order_by("-number"))


def sheet(id: UUID) -> SheetVersion:
    """One version. Raises NotFound."""
    found = SheetVersion.objects.filter(pk=id).first()
    if found is None:
        raise NotFound([_no_sheet()])
    return found


def open_sheet(item: str, division: int) -> SheetVersion:
    """What is drafted or handed in for a place. Raises NotFound."""
    rows = SheetVersion.objects.filter(item=item, division=division, state__in=OPEN)
    found = rows.order_by("-number").first()
    if found is None:
        raise NotFound([_no_sheet()])
    return found


def sheet_in_force(item: str, division: int, on: date) -> SheetVersion:
    """What holds in a place by a sheet of its own. Raises NotFound where what is above it holds."""
    rows = in_force(item, on, [division])
    if not rows:
        raise NotFound([_no_sheet()])
    return rows[0]


def version(item: str, division: int, number: int | None = None) -> SheetVersion:
    """A version of a place's sheet, the newest where none is named. Raises NotFound."""
    for row in sheets_of(item, division):
        if number in (None, row.number):
            return row
    raise NotFound([_no_sheet()])


def open_sheets(division: int = 0, most: int = 200) -> list[SheetVersion]:
    """Drafts and what waits for approval, the latest first, of the places the asker keeps."""
    rows = SheetVersion.objects.filter(state__in=OPEN)
    if division:
        rows = rows.filter(division__range=codes.subtree(f"{division:012}"))
    return list(rows.defer("text").order_by("-changed_at")[:most])


def check(text: str, on: date) -> list[Finding]:
    """What is wrong with a sheet: its own faults, and each rule that it breaks."""
    try:
        found = parse_sheet(text)
    except Refused as refused:
        return list(refused.findings)
    version = queries.offered(found.item)
    if version is None:
        return [no_item(found)]
    place = int(found.division)
    if not divisions.is_there(place):
        return [no_place(found)]
    above = [row for row in in_force(found.item, on, line(place)) if row.division != place]
    return prove(found, _base(queries.pack(version.pk), above))


def broken_by(pack: Pack, on: date, changed: Mapping[int, str] | None = None) -> list[Broken]:
    """The sheets, in force or approved for later, that a version of an item would make worse.

    `changed`: sheets that are to be in force besides, by their places.
    """
    found = {
        (each.division, each.number): each
        for day in (on, date.max)
        for each in _broken_on(pack, day, changed or {})
    }
    return list(found.values())


def _broken_on(pack: Pack, on: date, changed: Mapping[int, str]) -> list[Broken]:
    rows = in_force(pack.code, on)
    texts = {row.division: row.text for row in rows} | dict(changed)
    numbers = {row.division: row.number for row in rows}
    found, sound = [], dict[int, str]()
    for place in sorted(texts, key=lambda each: (-_width(each), each)):
        above = [sound[each] for each in line(place) if each in sound]
        try:
            why = prove(_parsed(texts[place]), _based(pack, above))
        except Refused as refused:  # by what no version of before could say
            why = list(refused.findings)
        if why:
            found.append(Broken(pack.code, place, numbers.get(place, 0), tuple(why)))
        else:
            sound[place] = texts[place]
    return found


def may_keep(actor: Actor, division: int) -> bool:
    """Whether an official keeps the sheets of a place."""
    return any(each.role == KEEPER and each.low <= division <= each.high for each in actor.mandates)


def places_of(actor: Actor) -> list[int]:
    """The divisions whose sheets an official keeps, each with all below it."""
    return sorted({each.division for each in actor.mandates if each.role == KEEPER})


def keeps_some(actor: Actor) -> bool:
    """Whether an official keeps any sheets: the entry of the navigation asks."""
    return bool(places_of(actor))


# Writing -------------------------------------------------------------------------------------


@transaction.atomic  # what is refused leaves the caller's transaction whole
def save(text: str, *, revision: int, actor: Actor, at: datetime) -> SheetVersion:
    """Keep a draft, which must be proved to be no worse than what stands above.

    `revision`: that of the draft the author looked at, 0 where there was none. Raises Refused with
    every rule that it breaks, Stale where somebody else has written meanwhile, Forbidden.
    """
    found = parse_sheet(text)
    place = int(found.division)
    _must_keep(actor, place)
    if why := check(text, localdate(at)):
        raise Refused(why)
    with acting_as(SYSTEM):
        version = queries.current_version(found.item)
        rows = SheetVersion.objects.select_for_update().filter(item=found.item, division=place)
        draft = rows.filter(state__in=OPEN).first()
        if (draft.revision if draft else 0) != revision:
            raise Stale([_stale(draft)])
        if draft is not None and draft.state != DRAFT:
            raise Conflict([_wrong_state(draft)])
        if draft is None:
            last = rows.aggregate(Max("number"))["number__max"] or 0
            draft = SheetVersion(item=found.item, division=place, number=last + 1, revision=0)
        draft.text, draft.state, draft.against = text, DRAFT, version.number
        return _kept(draft, "sheet.saved", actor, at, author=True)


@transaction.atomic
def submit(id: UUID, *, revision: int, actor: Actor, at: datetime) -> SheetVersion:
    """Hand a draft in for approval. Raises Stale, Conflict, Forbidden as `save` does."""
    with acting_as(SYSTEM):
        draft = _taken(id, revision, DRAFT, actor)
        draft.state = SUBMITTED
        return _kept(draft, "sheet.submitted", actor, at)


@transaction.atomic
def approve(id: UUID, *, revision: int, from_on: date, actor: Actor, at: datetime) -> SheetVersion:
    """Put a sheet that was handed in into force from a day on: by a second person (four eyes).

    It is proved once more, and so are those of all places below it. Raises Conflict where the
    author approves, or where a sheet below would be worse than this one; Refused where the item
    has changed so that the sheet itself is worse now.
    """
    with acting_as(SYSTEM):
        draft = _taken(id, revision, SUBMITTED, actor)
        if revisions.is_own(draft, actor):
            raise Conflict([_four_eyes()])
        if why := check(draft.text, max(from_on, localdate(at))):
            raise Refused(why)
        version = queries.current_version(draft.item)
        pack = queries.pack(version.pk)
        worse = broken_by(pack, max(from_on, localdate(at)), {draft.division: draft.text})
        if worse:
            raise Conflict([_breaks(each) for each in worse])
        draft.state, draft.from_on, draft.against = APPROVED, from_on, version.number
        draft.approver, draft.approver_name = actor.account, actor.name
        return _kept(draft, "sheet.approved", actor, at)


@transaction.atomic
def return_to_author(
    id: UUID, why: str, *, revision: int, actor: Actor, at: datetime
) -> SheetVersion:
    """Give what was handed in back, with a reason; the author may begin a new draft."""
    with acting_as(SYSTEM):
        draft = _taken(id, revision, SUBMITTED, actor)
        draft.state, draft.note = RETURNED, _reason(why)
        return _kept(draft, "sheet.returned", actor, at)


@transaction.atomic
def set_aside(id: UUID, why: str, *, actor: Actor, at: datetime) -> SheetVersion:
    """End a sheet that is in force: what stands above it holds at the place again."""
    with acting_as(SYSTEM):
        found = revisions.locked(SheetVersion.objects.all(), id, _no_sheet())
        if not any(each.role == "publisher" for each in actor.mandates):
            _must_keep(actor, found.division)
        if found.state != APPROVED:
            raise Conflict([_wrong_state(found)])
        found.state, found.note = SET_ASIDE, _reason(why)
        return _kept(found, "sheet.set_aside", actor, at)


def rebase(declaration: Declaration, number: int, *, at: datetime) -> None:
    """Hold the sheets of an item to its new version, in the transaction of its publication.

    Raises Conflict with every sheet that would be worse than the new version: those places change
    theirs first, or the publisher sets them aside.
    """
    rows = SheetVersion.objects.filter(item=declaration.code, state=APPROVED)
    if not rows.exists():
        return
    worse = broken_by(declaration.value.pack(), localdate(at))
    if worse:
        raise Conflict([_breaks(each) for each in worse])
    rows.update(against=number)


# Within --------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Sheet:
    return parse_sheet(text)


def _base(pack: Pack, above: Sequence[SheetVersion]) -> Base:
    return _based(pack, [row.text for row in above])


def _based(pack: Pack, above: Sequence[str]) -> Base:
    held = Base(pack.service, pack.parameters, pack.rules)
    return with_sheets(held, [_parsed(text) for text in above])


def with_sheets(held: Base, above: Iterable[Sheet]) -> Base:
    """What a place is held to: the item with the sheets above it, the widest first."""
    item, within, waived, rules = held.item, held.within, held.waived, held.rules
    for found in above:
        item, within, waived = applied(item, found), int(found.division), waived | {*found.waived}
        rules = applied_rules(rules, found)
    return Base(item, held.parameters, rules, within, waived)


def line(division: int) -> list[int]:
    """A division and all that it lies in, the widest first."""
    spans = (10**10, 10**8, 10**6, 10**3, 1)
    return list(dict.fromkeys(division - division % span for span in spans))


def _width(division: int) -> int:
    low, high = codes.subtree(f"{division:012}")
    return high - low


def _must_keep(actor: Actor, division: int) -> None:
    if actor.kind != "system" and not may_keep(actor, division):
        raise Forbidden([without_role(KEEPER)])


def _taken(id: UUID, revision: int, state: str, actor: Actor) -> SheetVersion:
    """A version to change, locked. Raises NotFound, Forbidden, Stale, Conflict."""
    found = revisions.locked(SheetVersion.objects.all(), id, _no_sheet())
    _must_keep(actor, found.division)
    if found.revision != revision:
        raise Stale([_stale(found)])
    if found.state != state:
        raise Conflict([_wrong_state(found)])
    return found


def _kept(
    version: SheetVersion, verb: str, actor: Actor, at: datetime, *, author: bool = False
) -> SheetVersion:
    data = {"version": version.number, "item": version.item}
    if version.from_on is not None:
        data["from_on"] = version.from_on.isoformat()
    if version.note:
        data["why"] = version.note
    return revisions.keep(
        version,
        verb,
        actor,
        at,
        subject=f"sheet/{version.item}@{version.division:012}",
        division=version.division,
        role=KEEPER,
        data=data,
        author=author,
    )


def _reason(why: str) -> str:
    if not why.strip():
        raise Refused([_no_reason()])
    return why.strip()[:500]


def _breaks(broken: Broken) -> Finding:
    said = next(iter(broken.why))
    return Finding(
        "sheet.E023",
        "error",
        Text(
            "{place}（{code}）的实施清单会比事项差：{why}",
            "The sheet of {place} ({code}) would be worse than the item: {why}",
            place=divisions.path_words(broken.division),
            code=str(broken.division),
            why=said.message,
        ),
        said.place,
        Text(
            "请由当地先改，或者停用那一份（xiangyun sheet set-aside），再发布。",
            "Let the place change it first, or set it aside (xiangyun sheet set-aside).",
        ),
    )


def _stale(draft: SheetVersion | None) -> Finding:
    who = draft.author_name if draft else "—"
    return Finding(
        "sheet.E021",
        "error",
        Text(
            "这份清单在您打开以后，{who}又改过，没有保存。",
            "{who} has changed this sheet since you opened it; nothing was saved.",
            who=Text.given(who, who),
        ),
        hint=Text("请重新打开，再改一次。", "Open it again, and make your change anew."),
    )


def _four_eyes() -> Finding:
    return Finding(
        "sheet.E022",
        "error",
        Text("起草的人不能自己批准。", "Who drafted a sheet does not approve it."),
        hint=Text("请由另一位有职责的人批准。", "Another keeper of the place approves it."),
    )


def _wrong_state(found: SheetVersion) -> Finding:
    return Finding(
        "sheet.E024",
        "error",
        Text(
            "这份清单现在的状态是“{state}”，不能这样做。",
            "This sheet is “{state}” now, and that cannot be done with it.",
            state=state_words(found.state),
        ),
        hint=Text("请重新打开，看它到了哪一步。", "Open it again to see how far it has come."),
    )


def state_words(state: str) -> Text:
    """The state of a sheet in words."""
    return {
        DRAFT: Text("草稿", "draft"),
        SUBMITTED: Text("待批准", "waits for approval"),
        APPROVED: Text("已批准", "in force from its day"),
        RETURNED: Text("已退回", "returned"),
        SET_ASIDE: Text("已停用", "ended"),
    }[state]


def _no_sheet() -> Finding:
    return Finding(
        "sheet.E025",
        "error",
        Text("没有这份实施清单。", "There is no such sheet."),
        hint=Text("请从列表里选。", "Choose one from the list."),
    )


def no_item(found: Sheet) -> Finding:
    """A sheet of an item that is not in force."""
    return Finding(
        "sheet.E002",
        "error",
        Text("目录里没有在用的事项“{item}”。", "No item “{item}” is in force.", item=found.item),
        found.at("item"),
        Text("请写已发布事项的代码。", "Write the code of a published item."),
    )


def no_place(found: Sheet) -> Finding:
    """A sheet of a place that is none."""
    return Finding(
        "sheet.E003",
        "error",
        Text("没有区划 {code}。", "There is no division {code}.", code=found.division),
        found.at("division"),
        Text("请写本地的 12 位区划代码。", "Write the twelve digits of your own place."),
    )


def _no_reason() -> Finding:
    return Finding(
        "sheet.E026",
        "error",
        Text("请写明理由。", "A reason is needed."),
        hint=Text("一句话即可，它会记入日志。", "One sentence; it stands in the journal."),
    )


def differences(old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """What two sheets say differently, by key, as it is written: before and after."""
    was, now = (_lines(text) for text in (old, new))
    for key in sorted(was.keys() | now.keys()):
        if was.get(key) != now.get(key):
            yield key, was.get(key, ""), now.get(key, "")


def _lines(text: str) -> dict[str, str]:
    """What stands below each key of the first column."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in text.splitlines():
        if line[:1].strip() and ":" in line and not line.startswith("#"):
            key = line.partition(":")[0]
        if key:
            found.setdefault(key, []).append(line)
    return {key: "\n".join(lines) for key, lines in found.items()}
