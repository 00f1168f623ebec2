"""Hiding what is too small in a table, beside all that was published of it and of its group before.

A row is hidden with all its figures. Cells are the counts of who contributed, and the sums where
dominance counts; along divisions and totals they are sums of each other. What an earlier release
showed is known for ever; what it hid stays hidden as long as it is the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.disclosure import (
    Cell,
    Exposed,
    Key,
    Rule,
    Table,
    attack,
    joined,
    primary,
    protect,
    sums_of,
)
from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.projection import LEVELS, TOTAL, Column, DataSet, Disclosure
from xiangyun.kernel.projection.statement import CONTRIBUTORS

from .models import Release
from .ports import TableColumn, workshop

SUPPRESSED = "suppressed"
"""The column of a table with `disclosure` that says that the figures of a row are not shown."""
_BETWEEN = "|"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Looked:
    """A table as it was before anything was hidden: its counts, and each of its guarded sums."""

    counts: Mapping[Key, Cell]
    sums: Mapping[str, Mapping[Key, Cell]]


def hide(
    dataset: DataSet, whole: Path, notes: Mapping[str, str], folder: Path, out: Path
) -> dict[str, object]:
    """Write what may be shown of a table, and say how much was hidden.

    Raises Conflict `dataset.E008` with the figures that could be worked out whatever is hidden.
    """
    declared = dataset.disclosure
    assert declared is not None
    rule = _rule(declared)
    earlier = list(_earlier(dataset))
    hidden, first = _hidden(dataset, _looked(dataset, whole), earlier, rule)
    _attacked(dataset, _looked(dataset, whole), hidden, earlier, rule)
    _written(dataset, declared, whole, hidden, notes, folder, out)
    return {
        "primary": len(first),
        "secondary": len(hidden - first),
        "rows": len(_looked(dataset, whole).counts),
        "beside": [f"{code} v{number}" for code, number, *_ in earlier],
    }


def _rule(declared: Disclosure) -> Rule:
    return Rule(declared.threshold, declared.largest, declared.share, declared.protect)


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _key(columns: Sequence[Column]) -> str:
    """A row's key in SQL: its dimensions as texts."""
    parts = ", ".join(f"coalesce(CAST({_q(c.name)} AS VARCHAR), '')" for c in columns)
    return f"concat_ws('{_BETWEEN}', {parts})"


def _guarded(dataset: DataSet) -> list[Column]:
    """Sums that somebody large may dominate."""
    rule = dataset.disclosure
    if rule is None or not rule.largest:
        return []
    return [c for c in dataset.measured if c.measure is not None and c.measure.kind == "sum"]


def _looked(dataset: DataSet, whole: Path) -> _Looked:
    guarded = _guarded(dataset)
    more = "".join(f", {_q(c.name)}, {_q('_top_' + c.name)}" for c in guarded)
    rows = workshop().rows(
        whole, f"SELECT {_key(dataset.dimensions)}, {_q(CONTRIBUTORS)}{more} FROM t"
    )
    counts: dict[Key, Cell] = {}
    sums: dict[str, dict[Key, Cell]] = {c.name: {} for c in guarded}
    for key, count, *values in rows:
        name, number = tuple(str(key).split(_BETWEEN)), int(str(count))
        counts[name] = Cell(float(number), number)
        for place, column in enumerate(guarded):
            value, top = (float(str(v or 0)) for v in values[2 * place : 2 * place + 2])
            sums[column.name][name] = Cell(value, number, top)
    return _Looked(counts, sums)


def _parents(dataset: DataSet, keys: Iterable[Key]) -> list[dict[str, str]]:
    """What each value is part of: a division of the next wider level, a code of all together."""
    found = []
    for place, column in enumerate(dataset.dimensions):
        values = {key[place] for key in keys}
        if column.type == "division":
            found.append(dict(_above(values, dataset.levels)))
        elif column.total:
            found.append({value: TOTAL for value in values if value != TOTAL})
        else:
            found.append({})
    return found


def _above(values: set[str], levels: Sequence[str]) -> Iterator[tuple[str, str]]:
    widths = [LEVELS[level] for level in levels]
    for value in values:
        for width in reversed(widths):
            wider = value[:width].ljust(12, "0")
            if wider != value and wider in values:
                yield value, wider
                break


def _table(cells: Mapping[Key, Cell], dataset: DataSet) -> Table:
    return Table(dict(cells), sums_of(cells, _parents(dataset, cells)))


def _earlier(dataset: DataSet) -> Iterator[tuple[str, int, _Looked, set[Key]]]:
    """What was published of this table before, whole, and which of its rows were hidden."""
    with acting_as(SYSTEM):
        found = list(
            Release.objects.filter(
                dataset=dataset.code, published_at__isnull=False
            ).exclude(whole="").order_by("number")
        )  # fmt: skip
    columns = [column.name for column in dataset.dimensions]
    for release in found:
        has = [field["name"] for field in release.schema["fields"]]
        if SUPPRESSED not in has or not set(columns) <= set(has):
            continue
        hidden = workshop().rows(
            workshop().local(release.digest),
            f"SELECT {_key(dataset.dimensions)} FROM t WHERE {SUPPRESSED}",
        )
        keys = {tuple(str(key).split(_BETWEEN)) for (key,) in hidden}
        with workshop().unshown(release.whole) as file:
            yield release.dataset, release.number, _looked(dataset, file), keys


def _hidden(
    dataset: DataSet,
    now: _Looked,
    earlier: Sequence[tuple[str, int, _Looked, set[Key]]],
    rule: Rule,
) -> tuple[set[Key], set[Key]]:
    """The rows to hide, and those of them that are so because of themselves."""
    hidden, first, known = set[Key](), set[Key](), set[Key]()
    for *_, was, gone in earlier:
        same = {key for key, cell in was.counts.items() if _still(cell, now.counts.get(key))}
        known |= same - gone
        hidden |= same & gone
    hidden -= known
    exposed: list[Exposed] = []
    for cells in (now.counts, *now.sums.values(), now.counts):
        marked = {
            key: Cell(cell.value, cell.contributors, cell.top, known=key in known)
            for key, cell in cells.items()
        }
        table = _table(marked, dataset)
        table.hidden = set(hidden)
        found = protect(table, rule)
        hidden, first = set(table.hidden), first | found.primary
        exposed = list(found.exposed)
        if exposed:
            raise Conflict([_exposed(dataset, each) for each in exposed[:_NAMED]])
    return hidden, first


def _still(was: Cell, now: Cell | None) -> bool:
    return now is not None and now.value == was.value


def _attacked(
    dataset: DataSet,
    now: _Looked,
    hidden: set[Key],
    earlier: Sequence[tuple[str, int, _Looked, set[Key]]],
    rule: Rule,
) -> None:
    """Once more, with every release together: what none of them gives away, all of them may."""
    tables = []
    for looked, gone in (*((was, gone) for *_, was, gone in earlier), (now, hidden)):
        table = _table(looked.counts, dataset)
        table.hidden = set(gone)
        tables.append(table)
    whole = joined(tables)
    aims = primary(whole.cells.items(), rule)
    out = [
        Exposed(key, whole.cells[key].value, whole.cells[key].value, whole.cells[key].value, 1.0)
        for key in sorted(aims - whole.hidden)
    ]
    out += attack(whole, aims & whole.hidden, rule)
    if out:
        raise Conflict([_exposed(dataset, each) for each in out[:_NAMED]])


def _written(
    dataset: DataSet,
    declared: Disclosure,
    whole: Path,
    hidden: set[Key],
    notes: Mapping[str, str],
    folder: Path,
    out: Path,
) -> None:
    listed = folder / "hidden.csv"
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["key"])
        writer.writerows([_BETWEEN.join(key)] for key in sorted(hidden))
    keys = folder / "hidden.parquet"
    workshop().made(listed, [TableColumn("key", "text")], {}, keys)
    columns = []
    for column in dataset.columns:
        name = _q(column.name)
        if column.measure is None:
            columns.append(f"w.{name}")
            continue
        value = f"w.{name}"
        if declared.round and column.measure.kind in ("count", "sum"):
            value = f"round({value} / {declared.round}.0) * {declared.round}"
            value = f"CAST({value} AS BIGINT)" if column.type == "integer" else value
        columns.append(f"CASE WHEN h.key IS NULL THEN {value} END AS {name}")
    workshop().rewritten(
        f"SELECT {', '.join(columns)}, h.key IS NOT NULL AS {SUPPRESSED} FROM whole w"
        f" LEFT JOIN hidden h ON h.key = {_key(dataset.dimensions)}"
        f" ORDER BY {', '.join(str(n) for n in range(1, len(dataset.dimensions) + 1))}",
        {"whole": whole, "hidden": keys},
        notes,
        out,
    )


def _exposed(dataset: DataSet, each: Exposed) -> Finding:
    named = "，".join(
        f"{column.name}={value}"
        for column, value in zip(dataset.dimensions, each.key, strict=False)
    )
    return Finding(
        "dataset.E008",
        "error",
        Text(
            "“{cell}”的数会被推算出来：在 {low} 和 {high} 之间。",
            "The figure of “{cell}” can be worked out: it lies between {low} and {high}.",
            cell=named,
            low=f"{each.low:g}",
            high=f"{each.high:g}",
        ),
        None,
        Text(
            "请合并类别、减少合计，或者不公开这张表。",
            "Put classes together, leave totals out, or do not open this table.",
        ),
    )
