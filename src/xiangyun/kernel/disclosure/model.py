"""Tables as an attacker sees them: cells, and which of them are sums of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Key = tuple[str, ...]
"""A cell by the values of its dimensions, in their order."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is too small, and how far off a stranger has to stay; see `Disclosure` of data sets.

    `protect` is a percentage of the hidden value: so wide the interval is that anybody can find.
    """

    threshold: int = 0
    largest: int = 0
    share: float = 0
    protect: float = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: its value, how many contributed, and what the largest of them gave together.

    `known`: it stands in something that was published before, and cannot be hidden any more.
    """

    value: float
    contributors: int
    top: float = 0
    known: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others."""

    total: Key
    parts: tuple[Key, ...]


@dataclass
class Table:
    """Cells by their keys, and the sums between them. Several tables are one where cells meet.

    `latent`: cells that stand in no table and are hidden always, such as a margin that two tables
    have in common and neither shows. `signed`: values may be below nought. `most`: what a hidden
    value cannot be above, by what is shown elsewhere: of ten cases no more than ten are late.
    """

    cells: dict[Key, Cell]
    sums: list[Sum] = field(default_factory=list)
    hidden: set[Key] = field(default_factory=set)
    latent: set[Key] = field(default_factory=set)
    signed: bool = False
    most: dict[Key, float] = field(default_factory=dict)


def sums_of(keys: Iterable[Key], parents: Sequence[Mapping[str, str]]) -> list[Sum]:
    """The sums in a table: along each dimension, a value is the sum of those below it.

    `parents`: for each dimension, by a value the one that it is part of (`222404…` of `222400…`,
    a service of `*`). A cell that is missing is 0.
    """
    below: dict[Key, list[Key]] = defaultdict(list)
    present = set(keys)
    found = []
    for place, parent in enumerate(parents):
        below.clear()
        for key in present:
            above = parent.get(key[place])
            if above is not None:
                total = (*key[:place], above, *key[place + 1 :])
                if total in present:
                    below[total].append(key)
        found += [Sum(total, tuple(sorted(parts))) for total, parts in sorted(below.items())]
    return found


def closed(cells: Mapping[Key, Cell], parents: Sequence[Mapping[str, str]]) -> dict[Key, Cell]:
    """The latent cells of a table: sums along its dimensions that other tables may stand on.

    `parents` as in `sums_of`, whatever level of them the table itself has.
    """
    made: dict[Key, Cell] = {}
    for place, parent in enumerate(parents):
        level = {key for key in (*cells, *made) if key[place] in parent}
        while level:
            above: dict[Key, list[Cell]] = defaultdict(list)
            for key in level:
                total = (*key[:place], parent[key[place]], *key[place + 1 :])
                above[total].append(cells[key] if key in cells else made[key])
            for total, parts in above.items():
                if total not in cells:
                    value, count = sum(c.value for c in parts), sum(c.contributors for c in parts)
                    made[total] = Cell(value, count)
            level = {key for key in above if key[place] in parent}
    return made


def same(one: float, other: float) -> bool:
    """Whether two values are one, but for the last digits of a sum of fractions."""
    return abs(one - other) <= 1e-6 * max(1.0, abs(one))


def holding(cells: Mapping[Key, Cell], sums: Iterable[Sum]) -> list[Sum]:
    """The sums that are right: a total of more than its parts here says nothing of them."""
    return [
        each
        for each in sums
        if same(sum(cells[part].value for part in each.parts), cells[each.total].value)
    ]


def joined(tables: Sequence[Table]) -> Table:
    """Tables that are looked at together, such as all published versions of one."""
    return joined_by_names(tables)[0]


def joined_by_names(tables: Sequence[Table]) -> tuple[Table, list[dict[Key, Key]]]:
    """Tables looked at together, and for each what its cells are called in the whole.

    A cell that has the same key and the same value is the same cell. One whose value was corrected
    is another one, and only its own table's sums speak of it.
    """
    whole = Table({}, signed=any(table.signed for table in tables))
    variants: dict[Key, list[Key]] = defaultdict(list)
    seen, named = set[tuple[Key, tuple[Key, ...]]](), list[dict[Key, Key]]()
    real = set[Key]()
    for table in tables:
        names: dict[Key, Key] = {}
        for key, cell in table.cells.items():
            there = variants[key]
            name = next((n for n in there if same(whole.cells[n].value, cell.value)), None)
            if name is None:
                name = (*key, f"#{len(there)}") if there else key
                there.append(name)
            before = whole.cells.get(name)
            kept = cell if before is None or cell.known else before
            whole.cells[name], names[key] = kept, name
        for each in table.sums:
            renamed = Sum(names[each.total], tuple(names[part] for part in each.parts))
            if (renamed.total, renamed.parts) not in seen:
                seen.add((renamed.total, renamed.parts))
                whole.sums.append(renamed)
        for key, most in table.most.items():
            name = names[key]
            whole.most[name] = min(most, whole.most.get(name, most))
        whole.hidden |= {names[key] for key in table.hidden}
        real |= {name for key, name in names.items() if key not in table.latent}
        whole.latent |= {names[key] for key in table.latent}
        named.append(names)
    whole.latent -= real
    # What any of them shows is known, whatever the others hide.
    for table, names in zip(tables, named, strict=True):
        whole.hidden -= {name for key, name in names.items() if key not in table.hidden}
    return whole, named
