"""Two versions of a pack's figures, compared for every row: who gains, who loses, the cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from .entitlements import ITEM, LEVEL, Plan, Ruling, common_number
from .tables import Table, name_in, text_in

Pairs = Sequence[tuple[Ruling, Ruling]]
"""Items before and after a reform."""
_SIDES = ("before", "after")


def touched(before: Iterable[Ruling], after: Iterable[Ruling]) -> tuple[tuple[Ruling, Ruling], ...]:
    """The items that two versions decide differently; the others need not be run twice."""
    return tuple((old, new) for old, new in zip(before, after, strict=True) if old != new)


def compared(
    plan: Plan, pairs: Pairs, prepared: Table, describe: Callable[[str], Mapping[str, str]]
) -> str:
    """Every row under both versions, a set of columns for each pair (numbered from 0).

    ea, eb: counts before and after; a, b: the first sum; k0a, k0b …: what is kept. Keep it and give
    that to `reformed` and `changed`: as a subquery it would be computed over and over.
    """
    named = [name_in(plan.run.dialect, each) for each in (*plan.naming.values(), *_level(plan))]
    decided = list(named)
    for number, pair in enumerate(pairs):
        for side, ruling in zip("ab", pair, strict=True):
            decided += [
                f"coalesce({ruling.when}, false) AS e{side}{number}",
                f"{ruling.measure} AS {side}{number}",
                *(
                    f"{sql} AS k{at}{side}{number}"
                    for at, sql in enumerate(ruling.kept.values())
                ),
            ]  # fmt: skip
    query = f"SELECT {', '.join(decided)} FROM {prepared.sql}"
    return _alike(plan, query, pairs, describe)


def _alike(
    plan: Plan, query: str, pairs: Pairs, describe: Callable[[str], Mapping[str, str]]
) -> str:
    """The query with numbers that belong together in one type, so that none is rounded."""
    words, casts = describe(query), dict[str, str]()
    together = [[f"{s}{n}" for n in range(len(pairs)) for s in "ab"]]
    for at, name in enumerate(pairs[0][0].kept):
        if plan.kinds[name] == "number":
            together.append([f"k{at}{side}{n}" for n in range(len(pairs)) for side in "ab"])
    for columns in together:
        if word := common_number(words[column] for column in columns):
            casts |= dict.fromkeys(columns, word)
    chosen = ", ".join(
        f"CAST({name_in(plan.run.dialect, name)} AS {casts[name]}) AS {name}"
        if name in casts
        else name_in(plan.run.dialect, name)
        for name in words
    )
    return f"SELECT {chosen} FROM ({query}) AS decided"


def reformed(plan: Plan, table: Table, pairs: Pairs) -> str:
    """By place, for each item and for rows over all items: who gains, who loses, the cost.

    Columns: place, then gain, lose, before and after (the first sum) for each pair, then the rows
    whose sum rises and falls. `table` holds what `compared` gave.
    """
    level = "".join(name_in(plan.run.dialect, each) for each in _level(plan))
    columns = [level or "NULL"]
    for number in range(len(pairs)):
        gain, lose = _changes(number)
        columns += [
            f"count(*) FILTER (WHERE {gain})",
            f"count(*) FILTER (WHERE {lose})",
            f"sum(a{number})",
            f"sum(b{number})",
        ]
    more = " + ".join(f"b{number} - a{number}" for number in range(len(pairs)))
    if not plan.population.sums:
        sides = (" + ".join(f"CASE WHEN e{side}{number} THEN 1 ELSE 0 END"
                 for number in range(len(pairs))) for side in "ba")  # fmt: skip
        more = " - ".join(f"({side})" for side in sides)
    columns += [f"count(*) FILTER (WHERE {more} > 0)", f"count(*) FILTER (WHERE {more} < 0)"]
    query = f"SELECT {', '.join(columns)} FROM {table.sql}"
    return f"{query} GROUP BY {level}" if level else query


def changed(plan: Plan, table: Table, pairs: Pairs) -> str:
    """A row for each row and item that the reform changes, with what is kept before and after.

    Where nothing is added up, every difference in what is kept is a change. `table` holds what
    `compared` gave.
    """
    dialect = plan.run.dialect
    parts = []
    for number, (old, _) in enumerate(pairs):
        columns = [
            *(
                f"{name_in(dialect, column)} AS {name_in(dialect, name)}"
                for name, column in plan.naming.items()
            ),
            f"{text_in(dialect, old.item.code)} AS {name_in(dialect, ITEM)}",
            *(
                f"k{at}{side}{number} AS {name_in(dialect, f'{name}_{word}')}"
                for at, name in enumerate(old.kept)
                for side, word in zip("ab", _SIDES, strict=True)
            ),
        ]
        changes = list(_changes(number))
        if not plan.population.sums:
            changes += [
                f"k{at}a{number} IS DISTINCT FROM k{at}b{number}" for at in range(len(old.kept))
            ]
        where = " OR ".join(f"({change})" for change in changes)
        parts.append(f"SELECT {', '.join(columns)} FROM {table.sql} WHERE {where}")
    return "\nUNION ALL\n".join(parts)


def _level(plan: Plan) -> tuple[str, ...]:
    return () if plan.population.place is None else (LEVEL,)


def _changes(number: int) -> tuple[str, str]:
    """Who gains and who loses by an item: it opens or closes, or it pays more or less."""
    old, new, before, after = (f"{side}{number}" for side in ("ea", "eb", "a", "b"))
    gain = f"({new} AND NOT {old}) OR ({new} AND {old} AND {after} > {before})"
    lose = f"({old} AND NOT {new}) OR ({new} AND {old} AND {after} < {before})"
    return gain, lose
