"""A file into a register: by COPY, a batch a transaction, with one entry of the journal each.

COPY knows no row-level security, so that the owner of the tables loads, as migrations do; who may
write is asked here for every row. While the database takes a batch, the next one is prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor
from xiangyun.domain.collector import without_collector
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.parties import queries as parties
from xiangyun.kernel.findings import Conflict, Finding, Place, Text
from xiangyun.kernel.ledger import root_hash
from xiangyun.kernel.record.data import RecordReader, as_json

from . import access
from .copying import OWNER, Copied, New
from .declarations import Used, used
from .models import Batch
from .ports import Rows
from .states import State, history, state_in

BATCH = 50_000
FROM, TO = "valid_from", "valid_to"
"""Columns that say when a row is true, unless the register has fields of these names."""
_CELLS = (str, date)
"""Types of cells that are remembered: equal ones are the same value, which 1 and true are not."""
_MOST_CELLS = 20_000
Refusal = tuple[int, Finding]
"""The line of a row that was not taken, and why; the field stands in the finding's place."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be loaded, by whom and from where; `why` allows rows to correct others."""

    register: str
    source: str
    at: datetime
    valid_from: date
    why: str = ""
    actor: Actor = SYSTEM
    batch: int = BATCH
    using: str = OWNER
    """The connection: the owner's, or that of the running program, which acts as the platform."""


@dataclass(slots=True)
class Loaded:
    """How far a load is: rows of the file that are done, and what became of them."""

    rows: int = 0
    facts: int = 0
    unchanged: int = 0
    refused: int = 0
    resumed_at: int = 0


@dataclass(slots=True)
class _Row:
    line: int
    key: str
    values: dict[str, Any]
    division: int
    valid_from: date
    valid_to: date | None
    given: bool  # whether the row itself says from when


@dataclass(slots=True)
class _Taken:
    """A piece of the file, read: its rows, and those that are refused."""

    rows: dict[str, list[_Row]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    count: int = 0
    composed: _Composed | None = None


@dataclass(slots=True)
class _Composed:
    """What a piece comes to: what is written, and the rows that say nothing new or clash."""

    copied: Copied
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


def done(register: str, digest: str, *, using: str = OWNER) -> tuple[int, int]:
    """The rows of a file that are loaded already, and how many of them were refused."""
    last = (
        Batch.objects.using(using)
        .filter(register__code=register, digest=digest)
        .order_by("-rows", "-pk")
        .first()
    )
    return (last.rows, last.refused) if last else (0, 0)


def goes_on(register: str, rows: Rows, *, using: str = OWNER) -> tuple[int, int]:
    """The rows that a load goes on behind, and how many of them were refused.

    A file that was read to its end and had rows refused is begun anew: what refused them, a
    declaration or a mapping, may be mended since. What stands already changes nothing.
    """
    before, refused = done(register, rows.digest, using=using)
    if refused and next(rows.rows(before), None) is None:
        return 0, 0
    return before, refused


def load(
    order: Order,
    rows: Rows,
    refuse: Callable[[Sequence[Refusal]], None],
    report: Callable[[float], None] = lambda share: None,
) -> Loaded:
    """Load a file; begun again, it goes on behind the last batch that was committed (`goes_on`).

    `refuse` is told the rows that are not taken, before their batch is committed. Raises NotFound
    `register.E010`, and Conflict `register.E020` for a register that nobody declared.
    """
    target = used(order.register)
    if target.declaration is None:
        raise Conflict([_undeclared(target)])
    before, refused = goes_on(target.code, rows, using=order.using)
    told = Loaded(rows=before, refused=refused, resumed_at=before)
    reading = _Reading(target, order, rows)
    pieces = reading.pieces(before)
    with _reader() as ahead, without_collector():
        coming: Future[_Taken | None] = ahead.submit(next, pieces, None)
        while (taken := coming.result()) is not None:
            share = rows.share
            coming = ahead.submit(next, pieces, None)
            with transaction.atomic(order.using):
                _keep(target, order, rows, taken, told, refuse)
            report(share)
    return told


def tried(order: Order, rows: Rows, refuse: Callable[[Sequence[Refusal]], None]) -> Loaded:
    """What a load would come to, its refusals told as `load` tells them; nothing is kept."""
    with transaction.atomic(order.using):
        told = load(order, rows, refuse)
        transaction.set_rollback(True, order.using)
    return told


@contextmanager
def _reader() -> Iterator[ThreadPoolExecutor]:
    """A thread that reads ahead. Rows may ask the database, too: what they opened is closed."""
    with ThreadPoolExecutor(1) as ahead:
        try:
            yield ahead
        finally:
            ahead.submit(connections.close_all).result()


class _Reading:
    """Turns lines into rows of the declared types; runs beside the database."""

    def __init__(self, target: Used, order: Order, rows: Rows) -> None:
        assert target.declaration is not None
        self._declared = declared = target.declaration
        self._target, self._order, self._rows = target, order, rows
        self._reader = RecordReader(declared, written=rows.written)
        self._own = [name for name in (FROM, TO) if name not in declared.by_name]
        self._may: dict[int, bool] = {}
        # What cells were read as: most of a file are the same places, days and words again.
        self._cells: dict[str, dict[Any, Any]] = {field.name: {} for field in declared.fields}
        self._required = [field.name for field in declared.fields if field.required]

    def pieces(self, before: int) -> Iterator[_Taken]:
        lines = self._rows.rows(before)
        while some := list(islice(lines, self._order.batch)):
            taken = _Taken(count=len(some))
            for line, row in some:
                if isinstance(row, Finding):
                    taken.refused.append((line, row))
                else:
                    self._take(line, row, taken)
            # As if no key were known yet, which is so for most of a first delivery.
            taken.composed = _compose(self._target, self._order, taken, {}, {})
            yield taken

    def _take(self, line: int, row: Mapping[str, Any], taken: _Taken) -> None:
        data = dict(row)
        try:
            begins, ends = (
                day_of(data.pop(name, None) if name in self._own else None, name)
                for name in (FROM, TO)
            )
        except NoDay as wrong:
            taken.refused.append((line, wrong.finding))
            return
        values = self._known_cells(data)
        if values is None:
            read = self._reader.read(data)
            if errors := read.errors:
                taken.refused += [(line, finding) for finding in errors]
                return
            values = as_json(self._declared, read.values)
            self._remember(data, values)
        place = self._declared.division
        division = int(values[place]) if place and values.get(place) else 0
        start = begins or self._order.valid_from
        if ends is not None and ends <= start:
            taken.refused.append((line, _NO_TIME))
        elif not self._may_write(division):
            taken.refused.append((line, access.no_writer(self._target, self._order.actor.name)))
        else:
            key = self._target.keyed(str(values[self._declared.key]))
            row_ = _Row(line, key, values, division, start, ends, given=begins is not None)
            taken.rows.setdefault(key, []).append(row_)

    def _known_cells(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        """The row, where every cell but a few was read before; None where it has to be whole."""
        values: dict[str, Any] = {}
        unread: dict[str, Any] = {}
        for name, cell in data.items():
            if cell is None or cell == "":
                continue
            known = self._cells.get(name)
            if known is None or type(cell) not in _CELLS:
                return None
            if cell in known:
                values[name] = known[cell]
            else:
                unread[name] = cell
        if unread:
            if len(unread) > 3:
                return None
            read = self._reader.read(unread, partial=True)
            if read.findings:
                return None
            found = as_json(self._declared, read.values)
            self._remember(unread, found)
            values |= found
        return values if all(name in values for name in self._required) else None

    def _remember(self, data: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        for name, cell in data.items():
            if name in values and type(cell) in _CELLS:
                known = self._cells[name]
                if len(known) >= _MOST_CELLS:
                    known.clear()
                known[cell] = values[name]

    def _may_write(self, division: int) -> bool:
        found = self._may.get(division)
        if found is None:
            found = access.may_write(self._target, self._order.actor, division)
            self._may[division] = found
        return found


def _keep(
    target: Used,
    order: Order,
    rows: Rows,
    taken: _Taken,
    told: Loaded,
    refuse: Callable[[Sequence[Refusal]], None],
) -> None:
    """One batch: its records, facts and index rows, its entry; all of it or nothing."""
    composed = taken.composed
    before = [_plain(target, some) for some in taken.rows.values()] if target.hides_key else []
    if known := _known(target, [*taken.rows, *before], order.using):
        held: dict[int, list[State]] = {}
        for fact in history((record for record, _ in known.values()), using=order.using):
            held.setdefault(fact.record, []).append(fact)
        composed = _compose(target, order, taken, known, held)
    assert composed is not None
    copied = composed.copied
    refused = sorted([*taken.refused, *composed.refused], key=lambda one: one[0])
    told.rows += taken.count
    told.unchanged += composed.unchanged
    told.refused += len({line for line, _ in refused})
    told.facts += copied.size
    refuse(refused)
    root = root_hash(copied.hashes)
    batch = Batch.objects.using(order.using).create(
        register_id=target.number,
        at=order.at,
        size=copied.size,
        root=root,
        salt=copied.salt,
        entry=_entry(target, order, rows, copied.size, root, told),
        file=rows.name,
        digest=rows.digest,
        rows=told.rows,
        refused=told.refused,
    )
    assert target.declaration is not None
    codes, subject = copied.codes, target.declaration.subject
    holders = parties.by_codes(subject, codes, using=order.using) if codes else {}
    copied.write(connections[order.using], batch.pk, holders)


def _compose(
    target: Used,
    order: Order,
    taken: _Taken,
    known: Mapping[str, tuple[int, int]],
    held: Mapping[int, list[State]],
) -> _Composed:
    """What the rows of a piece come to, given the records that there are and their facts."""
    assert target.declaration is not None
    about = "" if target.declaration.subject == "none" else target.declaration.subject_field
    composed = _Composed(Copied(target, order.at, order.source, order.why))
    for key, some in taken.rows.items():
        record, before = known.get(key) or known.get(_plain(target, some)) or (None, None)
        old = held.get(record, []) if record is not None else []
        if new := _new_facts(some, old, order, composed):
            last = some[-1]
            code = str(last.values.get(about) or "").upper() if about else ""
            moved = before is not None and before != last.division
            composed.copied.add(record, key, last.division, code, new, old, moved=moved)
    return composed


def _plain(target: Used, some: Sequence[_Row]) -> str:
    """The key as records have it from before it was sensitive."""
    return str(some[-1].values[target.key_field])


def _known(target: Used, keys: list[str], using: str) -> dict[str, tuple[int, int]]:
    """The records that are there already, locked: id and division by key."""
    with connections[using].cursor() as cursor:
        cursor.execute(_KNOWN, [target.code, keys])
        return {key: (record, division) for key, record, division in cursor.fetchall()}


_KNOWN = """
SELECT r.key, COALESCE(r.merged_into_id, r.id), r.division FROM registers_record r
WHERE r.register = %s AND r.key = ANY (%s) ORDER BY r.id FOR UPDATE
"""


def _new_facts(rows: list[_Row], old: list[State], order: Order, composed: _Composed) -> list[New]:
    """Those rows of one key that say something new; the others are unchanged, or refused."""
    found: list[New] = []
    standing = {f.valid_from: f for f in old if f.superseded_by is None}
    said: dict[date, tuple[dict[str, Any], date | None]] = {}
    for row in rows:
        before = standing.get(row.valid_from)
        if not row.given and before is None:
            before = state_in(old, row.valid_from)
            if before is not None and before.opened != row.values:
                before = None
        if row.valid_from in said:
            if said[row.valid_from] == (row.values, row.valid_to):
                composed.unchanged += 1
            else:
                composed.refused.append((row.line, _TWICE))
            continue
        said[row.valid_from] = (row.values, row.valid_to)
        if before is None:
            found.append((row.values, row.valid_from, row.valid_to, None))
        elif before.opened == row.values and before.valid_to == row.valid_to:
            composed.unchanged += 1
        elif order.why:
            found.append((row.values, row.valid_from, row.valid_to, before.fact))
        else:
            composed.refused.append((row.line, _DIFFERS))
    return found


def _entry(target: Used, order: Order, rows: Rows, size: int, root: bytes, told: Loaded) -> int:
    entry = journal.entry_of(
        verb="batch.loaded",
        subject=f"register/{target.code}",
        division=0,
        owner=None,
        actor=order.actor.account,
        actor_name=order.actor.name,
        desk="",
        at=order.at,
        data={
            "register": target.code,
            "version": target.version,
            "facts": size,
            "root": root.hex(),
            "file": rows.digest,
            "rows": told.rows,
        },
        private={"source": order.source, "why": order.why, "name": rows.name},
    )
    return int(journal.record(entry, using=order.using).pk)


class NoDay(Exception):
    """A cell that should say a day does not; `finding` says so."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def day_of(value: object, name: str) -> date | None:
    """The day in a cell of a column of this name; None for nothing. Raises `NoDay`."""
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    with suppress(ValueError, TypeError):
        if isinstance(value, str) and len(value.strip()) == 10:
            return date.fromisoformat(value.strip())
    raise NoDay(
        Finding(
            "register.E021",
            "error",
            Text("{name} 这一列应是日期。", "The column {name} must be a day.", name=name),
            Place(question=name),
            Text("例如 2026-04-09。", "Such as 2026-04-09."),
        )
    )


def today() -> date:
    """The day on which rows are true that do not say since when."""
    return timezone.localdate()


# Findings ----------------------------------------------------------------------------------------

_NO_TIME = Finding(
    "register.E018",
    "error",
    Text("有效期的终止日不在起始日之后。", "It ends on or before the day on which it begins."),
    Place(question=TO),
    Text(
        "终止日是不再有效的第一天，请改日期。",
        "The end is the first day on which it is no longer true: change one of the days.",
    ),
)
_TWICE = Finding(
    "register.E022",
    "error",
    Text(
        "文件里同一主键、同一起始日有两行不同的内容。",
        "The file says two different things of this key from the same day on.",
    ),
    hint=Text("只登记了第一行，请核对。", "The first row was taken; compare them."),
)
_DIFFERS = Finding(
    "register.E023",
    "error",
    Text(
        "同一起始日已登记了不同的内容。",
        "Something else is recorded of this key from the same day on.",
    ),
    hint=Text(
        "要更正已登记的内容，请用 --why 写明理由；新的情况请写新的 valid_from。",
        "To correct it say why with --why; what is new has a new valid_from.",
    ),
)


def _undeclared(target: Used) -> Finding:
    return Finding(
        "register.E020",
        "error",
        Text(
            "库“{code}”没有声明，不能批量导入。",
            "The register “{code}” is not declared, so that nothing can be loaded.",
            code=target.code,
        ),
        hint=Text(
            "请在事项包里写 registers/{code}.yaml 并发布。",
            "Write registers/{code}.yaml in a pack and publish it.",
            code=target.code,
        ),
    )
