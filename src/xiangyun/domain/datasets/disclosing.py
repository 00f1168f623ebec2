"""Hiding what is too small in a table, beside all that was published of it and of its group before.

Each measure is looked at by itself: the counts of who contributed, and for a formula the sum of it
(which an average and a share give away with the count). A row of too few is hidden with all its
figures, a figure of too few values alone. Tables of one group, and all releases of each, are one
table to an attacker: their cells meet where they mean the same rows, and a margin that two have in
common and neither shows is a cell, too (`latent`). What a release showed is known for ever; what it
hid stays hidden as long as it is the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.disclosure import Cell, Key, Rule
from xiangyun.kernel.projection import Column, DataSet, Disclosure
from xiangyun.kernel.projection.statement import ADDITIVE, CONTRIBUTORS

from .attacking import COUNT, Looked, Space
from .models import Release
from .ports import TableColumn, workshop

SUPPRESSED = "suppressed"
"""The column of a table with `disclosure` that says that figures of a row are not shown."""
_BETWEEN = "\x1f"


def hide(
    dataset: DataSet, whole: Path, notes: Mapping[str, str], folder: Path, out: Path
) -> dict[str, object]:
    """Write what may be shown of a table, and say how much was hidden.

    Raises Conflict `dataset.E008` with the figures that could be worked out whatever is hidden.
    """
    declared = dataset.disclosure
    assert declared is not None
    now, earlier = Looked(dataset, 0, _layers(dataset, whole)), list(_earlier(dataset))
    rule = _strictest(dataset, earlier)
    hidden, small = dict[str, set[Key]](), set[Key]()
    for layer in now.layers:
        space = Space(now, earlier, layer)
        hidden[layer], first = space.protected(hidden.get(COUNT, set()), rule)
        small |= first
    _written(dataset, declared, whole, hidden, notes, folder, out)
    whole_rows = hidden[COUNT]
    return {
        "primary": len(small),
        "secondary": len(set().union(*hidden.values()) - small),
        "rows": len(now.layers[COUNT]),
        "figures": sum(len(keys - whole_rows) for keys in hidden.values()),
        "beside": [f"{each.dataset.code} v{each.number}" for each in earlier],
    }


def attacked(dataset: DataSet, release: Release) -> None:
    """Attack a release once more, beside all that is published by now of it and of its group.

    Raises Conflict `dataset.E008` with the figures that are found too closely: tables of a group
    that were built at the same time did not know of each other. Until the transaction ends no other
    of the group is attacked, so that none comes out beside it unseen.
    """
    if dataset.disclosure is None or not release.whole:
        return
    if dataset.disclosure.group:
        _one_at_a_time(dataset.disclosure.group)
    now = _release(dataset, release)
    if now is None:
        return
    earlier = list(_earlier(dataset))
    rule = _strictest(dataset, earlier)
    for layer in now.layers:
        Space(now, earlier, layer).attacked(rule)


def _one_at_a_time(group: str) -> None:
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", ["disclosure", group]
        )


def _strictest(dataset: DataSet, earlier: Iterable[Looked]) -> Rule:
    """Tables that are looked at together keep the strictest of their rules."""
    rules = [d for each in (dataset, *(e.dataset for e in earlier)) if (d := each.disclosure)]
    dominant = [r for r in rules if r.largest]
    return Rule(
        max(r.threshold for r in rules),
        max((r.largest for r in dominant), default=0),
        min((r.share for r in dominant), default=0),
        max(r.protect for r in rules),
    )


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _key(columns: Sequence[Column]) -> str:
    """A row's key in SQL: its dimensions as texts."""
    parts = ", ".join(f"coalesce(CAST({_q(c.name)} AS VARCHAR), '')" for c in columns)
    return f"concat_ws('{_BETWEEN}', {parts})" if columns else "''"


def _layer(column: Column) -> str:
    """Which layer a measured column belongs to: those of one sum give each other away."""
    measure = column.measure
    assert measure is not None
    if measure.formula is None:
        return COUNT
    source = measure.formula.expression.source.strip()
    kind = "share" if measure.kind == "share" else "sum"
    return f"{kind if measure.kind in ADDITIVE else measure.kind} {source}"


def _layers(dataset: DataSet, whole: Path) -> dict[str, dict[Key, Cell]]:
    """The cells of a table that nobody sees, by layers."""
    described = workshop().rows(whole, "SELECT column_name FROM (DESCRIBE SELECT * FROM t)")
    has = {str(name) for (name,) in described}
    asked = [_key(dataset.dimensions), _q(CONTRIBUTORS)]
    guarded = dict[str, Column]()
    for column in dataset.measured:
        if f"_n_{column.name}" in has:
            layer = _layer(column)
            measure = guarded[layer].measure if layer in guarded else None
            if measure is None or measure.kind != "sum":  # the sum knows who dominates it
                guarded[layer] = column
    for column in guarded.values():
        for name in (f"_n_{column.name}", f"_sum_{column.name}", f"_top_{column.name}"):
            asked.append(_q(name) if name in has else "NULL")
    rows = workshop().rows(whole, f"SELECT {', '.join(asked)} FROM t")
    found: dict[str, dict[Key, Cell]] = {COUNT: {}, **{layer: {} for layer in guarded}}
    for key, count, *values in rows:
        row, number = _parts(dataset, key), int(str(count))
        found[COUNT][row] = Cell(float(number), number)
        for place, (layer, column) in enumerate(guarded.items()):
            few, total, top = (float(str(v or 0)) for v in values[3 * place : 3 * place + 3])
            # Of what is no sum nothing follows by sums: its cell is how many have a value.
            value = total if f"_sum_{column.name}" in has else few
            found[layer][row] = Cell(value, int(few), top)
    return found


def _parts(dataset: DataSet, key: object) -> Key:
    return tuple(str(key).split(_BETWEEN)) if dataset.dimensions else ()


def _earlier(dataset: DataSet) -> Iterator[Looked]:
    """What was published of this table and of its group before, whole, and what was hidden."""
    others = {each.code: each.value for each in catalogue.declared("dataset")} | {
        dataset.code: dataset
    }
    group = dataset.disclosure.group if dataset.disclosure else ""
    codes = [
        code
        for code, other in others.items()
        if code == dataset.code
        or (group and other.disclosure is not None and other.disclosure.group == group)
    ]
    with acting_as(SYSTEM):
        found = list(
            Release.objects.filter(dataset__in=codes, published_at__isnull=False)
            .exclude(whole="")
            .order_by("published_at", "pk")
        )
        declared = {(r.dataset, r.version): _declared(r, others) for r in found}
    for release in found:
        as_it_was = declared[release.dataset, release.version]
        looked = _release(as_it_was, release) if as_it_was is not None else None
        if looked is not None and looked.dataset.population == dataset.population:
            yield looked


def _declared(release: Release, others: Mapping[str, DataSet]) -> DataSet | None:
    """The declaration that a release was built by; the one in force where it was built by none."""
    found = catalogue.declaration_of("dataset", release.dataset, release.version)
    value: DataSet | None = found.value if found is not None else others.get(release.dataset)
    return value


def _release(dataset: DataSet, release: Release) -> Looked | None:
    """A release as it was made and shown; None where its columns are not those declared."""
    names = {f["name"] for f in release.schema["fields"]}
    if not {c.name for c in dataset.columns} <= names or not dataset.measured:
        return None
    with workshop().unshown(release.whole) as file:
        layers = _layers(dataset, file)
    if SUPPRESSED not in names:  # opened before there was a rule: all of it is out
        return Looked(dataset, release.number, layers, {layer: set() for layer in layers})
    measured = dataset.measured
    nulls = ", ".join(f"{_q(c.name)} IS NULL" for c in measured)
    rows = workshop().rows(
        workshop().local(release.digest),
        f"SELECT {_key(dataset.dimensions)}, {nulls} FROM t WHERE {SUPPRESSED}",
    )
    hidden: dict[str, set[Key]] = {layer: set() for layer in layers}
    for key, *gone in rows:
        name = _parts(dataset, key)
        if all(gone):
            hidden[COUNT].add(name)
        for column, is_gone in zip(measured, gone, strict=True):
            if is_gone and _layer(column) in hidden and _layer(column) != COUNT:
                hidden[_layer(column)].add(name)
    return Looked(dataset, release.number, layers, hidden)


def _written(
    dataset: DataSet,
    declared: Disclosure,
    whole: Path,
    hidden: Mapping[str, set[Key]],
    notes: Mapping[str, str],
    folder: Path,
    out: Path,
) -> None:
    layers = {layer: f"l{place}" for place, layer in enumerate(hidden)}
    listed, keys = folder / "hidden.csv", folder / "hidden.parquet"
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["key", *layers.values()])
        for key in sorted(set().union(*hidden.values())):
            said = [str(key in hidden[layer]).lower() for layer in layers]
            writer.writerow([_BETWEEN.join(key), *said])
    flags = [TableColumn(name, "boolean") for name in layers.values()]
    workshop().made(listed, [TableColumn("key", "text"), *flags], {}, keys)
    columns = []
    for column in dataset.columns:
        name = _q(column.name)
        if column.measure is None:
            columns.append(f"w.{name}")
            continue
        value, layer = f"w.{name}", layers.get(_layer(column), layers[COUNT])
        if declared.round and column.measure.kind in ("count", "sum"):
            value = f"round({value} / {declared.round}.0) * {declared.round}"
            value = f"CAST({value} AS BIGINT)" if column.type == "integer" else value
        columns.append(f"CASE WHEN h.{layer} THEN NULL ELSE {value} END AS {name}")
    workshop().rewritten(
        f"SELECT {', '.join(columns)}, h.key IS NOT NULL AS {SUPPRESSED} FROM whole w"
        f" LEFT JOIN hidden h ON h.key = {_key(dataset.dimensions)}"
        f" ORDER BY {', '.join(str(n) for n in range(1, len(dataset.dimensions) + 1))}",
        {"whole": whole, "hidden": keys},
        notes,
        out,
    )
