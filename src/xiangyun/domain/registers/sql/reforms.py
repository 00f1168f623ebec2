"""Two versions of a pack's figures, compared for every person: who gains, who loses, the cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .entitlements import Ruling

Pairs = Sequence[tuple[Ruling, Ruling]]
"""Items before and after a reform."""


def touched(before: Iterable[Ruling], after: Iterable[Ruling]) -> tuple[tuple[Ruling, Ruling], ...]:
    """The items that two versions decide differently; the others need not be run twice."""
    return tuple((old, new) for old, new in zip(before, after, strict=True) if old != new)


def compared(source: str, pairs: Pairs) -> str:
    """Every person under both versions, a set of columns for each pair (numbered from 0).

    ea, eb: fits before and after; a, b: yuan a year; ra, rb: the row that fired. Keep it in a file
    and give that to `reformed` and `changed`: as a subquery it would be computed over and over.
    """
    decided = ["person_id", "division", "county"]
    for number, pair in enumerate(pairs):
        for side, ruling in zip("ab", pair, strict=True):
            decided += [
                f"coalesce({ruling.eligible}, false) AS e{side}{number}",
                f"{ruling.yearly} AS {side}{number}",
                f"{ruling.row} AS r{side}{number}",
            ]
    return f"SELECT {', '.join(decided)} FROM ({source})"


def reformed(table: str, pairs: Pairs) -> str:
    """By county, for each item and for persons over all items: who gains, who loses, the cost.

    Columns: county, then gain, lose, before and after (yuan a year) for each pair, then the
    persons whose yearly sum rises and falls. `table` holds what `compared` gave.
    """
    columns = ["county"]
    for number in range(len(pairs)):
        gain, lose = _changes(number)
        columns += [
            f"count(*) FILTER (WHERE {gain})",
            f"count(*) FILTER (WHERE {lose})",
            f"sum(a{number})",
            f"sum(b{number})",
        ]
    more = " + ".join(f"b{number} - a{number}" for number in range(len(pairs)))
    columns += [f"count(*) FILTER (WHERE {more} > 0)", f"count(*) FILTER (WHERE {more} < 0)"]
    return f"SELECT {', '.join(columns)} FROM {table} GROUP BY county"


def changed(table: str, pairs: Pairs) -> str:
    """A row for each person and item that the reform changes, before and after.

    `table` holds what `compared` gave.
    """
    return "\nUNION ALL\n".join(
        f"SELECT person_id, division, '{old.item.code}' AS item,"
        f" ra{number} AS row_before, rb{number} AS row_after,"
        f" a{number} AS yearly_before, b{number} AS yearly_after FROM {table}"
        f" WHERE {' OR '.join(f'({change})' for change in _changes(number))}"
        for number, (old, _) in enumerate(pairs)
    )


def _changes(number: int) -> tuple[str, str]:
    """Who gains and who loses by an item: it opens or closes, or it pays more or less."""
    old, new, before, after = (f"{side}{number}" for side in ("ea", "eb", "a", "b"))
    gain = f"({new} AND NOT {old}) OR ({new} AND {old} AND {after} > {before})"
    lose = f"({old} AND NOT {new}) OR ({new} AND {old} AND {after} < {before})"
    return gain, lose
