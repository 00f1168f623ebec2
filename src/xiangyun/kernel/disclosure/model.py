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
    """Cells by their keys, and the sums between them. Several tables are one where cells meet."""

    cells: dict[Key, Cell]
    sums: list[Sum] = field(default_factory=list)
    hidden: set[Key] = field(default_factory=set)


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


def joined(tables: Sequence[Table]) -> Table:
    """Tables that are looked at together, such as all published versions of one.

    A cell that has the same key and the same value is the same cell. One whose value was corrected
    is another one, and only its own table's sums speak of it.
    """
    whole = Table({})
    for number, table in enumerate(tables):
        names: dict[Key, Key] = {}
        for key, cell in table.cells.items():
            known = whole.cells.get(key)
            same = known is None or known.value == cell.value
            names[key] = key if same else (*key, f"#{number}")
            before = whole.cells.get(names[key])
            kept = cell if before is None or cell.known else before
            whole.cells[names[key]] = kept
        seen = {(each.total, each.parts) for each in whole.sums}
        for each in table.sums:
            renamed = Sum(names[each.total], tuple(names[part] for part in each.parts))
            if (renamed.total, renamed.parts) not in seen:
                whole.sums.append(renamed)
        whole.hidden |= {names[key] for key in table.hidden}
    # What any of them shows is known, whatever the others hide.
    for table in tables:
        for key, cell in table.cells.items():
            shown = whole.cells.get(key)
            if key not in table.hidden and shown is not None and shown.value == cell.value:
                whole.hidden.discard(key)
    return whole
