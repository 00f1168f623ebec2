"""Tables as an attacker sees them: those of a group and all their releases as one, by layers.

Cells meet where they mean the same rows; a margin that two tables have in common and neither shows
is a cell, too (`latent`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from xiangyun.kernel.disclosure import (
    Cell,
    Exposed,
    Key,
    Rule,
    Table,
    attack,
    closed,
    holding,
    joined_by_names,
    primary,
    protect,
    same,
    sums_of,
)
from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.projection import LEVELS, TOTAL, Column, DataSet

COUNT = ""
"""The layer of who contributed; each other is called like the formula that is summed."""
_NAMED = 5


@dataclass(frozen=True)
class Looked:
    """A table as it was before anything was hidden: cells of each layer by the keys of its rows.

    `hidden`: of each layer, the rows whose figure was not shown.
    """

    dataset: DataSet
    number: int
    layers: Mapping[str, Mapping[Key, Cell]]
    hidden: Mapping[str, set[Key]] = field(default_factory=dict)


class Space:
    """One layer of a table beside those before it, as an attacker sees them: cells that meet."""

    def __init__(self, now: Looked, earlier: Sequence[Looked], layer: str) -> None:
        self.now, self.layer = now, layer
        self.looked = [each for each in earlier if layer in each.layers] + [now]
        self.additive = layer == COUNT or layer.startswith(("sum ", "share "))

    @cached_property
    def dimensions(self) -> list[str]:
        """What is told apart by any of the tables: the formulas of their columns."""
        found = dict[str, None]()
        for each in self.looked:
            found |= {_formula(column): None for column in each.dataset.dimensions}
        return list(found)

    @cached_property
    def lengths(self) -> bool:
        """Whether some have other periods than others."""
        return len({each.dataset.update for each in self.looked}) > 1

    def cell(self, dataset: DataSet, row: Key) -> Key:
        """What a row's cell is called in all tables: `TOTAL` of what its own tells not apart."""
        values = {
            _formula(column): self._value(dataset, column, value)
            for column, value in zip(dataset.dimensions, row, strict=True)
        }
        return tuple(values.get(name, TOTAL) for name in self.dimensions)

    def _value(self, dataset: DataSet, column: Column, value: str) -> str:
        if self.lengths and _formula(column) == "period":
            return f"{value[:10]}/{dataset.update}"
        return value

    @cached_property
    def parents(self) -> list[dict[str, str]]:
        """What each value is part of, in any of the tables."""
        levels = [name for name in LEVELS if any(name in e.dataset.levels for e in self.looked)]
        found = []
        for place, name in enumerate(self.dimensions):
            columns = [c for e in self.looked for c in e.dataset.dimensions if _formula(c) == name]
            values = {
                self.cell(each.dataset, row)[place]
                for each in self.looked
                for row in each.layers[self.layer]
            } - {TOTAL}
            above = dict[str, str]()
            if columns[0].type == "division":
                above = dict(_above(values, levels))
            elif name == "period" and self.lengths and self.now.dataset.over.at:
                above = dict(_longer(values))
            if len(columns) < len(self.looked) or any(column.total for column in columns):
                above = {value: above.get(value, TOTAL) for value in {*values, *above.values()}}
            found.append(above)
        return found

    def table(self, looked: Looked) -> Table:
        """One of the tables with the sums in it, what stands in none of its rows among them."""
        cells = {self.cell(looked.dataset, r): c for r, c in looked.layers[self.layer].items()}
        latent = closed(cells, self.parents) if self.additive else {}
        whole = {**cells, **latent}
        sums = holding(whole, sums_of(whole, self.parents)) if self.additive else []
        signed = any(cell.value < 0 for cell in cells.values())
        return Table(whole, sums, set(latent), set(latent), signed, self._most(looked))

    def _most(self, looked: Looked) -> dict[Key, float]:
        """Of a share: in each row that shows how many there are, no more than these."""
        if not self.layer.startswith("share "):
            return {}
        counts, gone = looked.layers[COUNT], looked.hidden.get(COUNT, set())
        return {
            self.cell(looked.dataset, row): counts[row].value
            for row in looked.layers[self.layer]
            if row in counts and row not in gone
        }

    def before(self) -> list[Table]:
        """The tables that are out, with what they show as known."""
        made = []
        for each in self.looked[:-1]:
            table = self.table(each)
            table.hidden |= {self.cell(each.dataset, row) for row in each.hidden[self.layer]}
            for key, cell in table.cells.items():
                if key not in table.hidden:
                    table.cells[key] = Cell(cell.value, cell.contributors, cell.top, known=True)
            made.append(table)
        return made

    def protected(self, rows: set[Key], rule: Rule) -> tuple[set[Key], set[Key]]:
        """The rows whose figure is not shown, `rows` among them; those so by themselves."""
        tables = self.before()
        shown = replace(self.now, hidden={**self.now.hidden, COUNT: rows})
        own, names = self.table(shown), {r: self.cell(self.now.dataset, r) for r in self._rows}
        own.hidden |= {names[row] for row in rows}
        known, gone = _known(tables), _gone(tables)
        for key in names.values():
            if _among(own.cells[key], known.get(key)):
                own.hidden.discard(key)
            elif _among(own.cells[key], gone.get(key)):
                own.hidden.add(key)
        whole, called = joined_by_names([*tables, own])
        found = protect(whole, rule)
        self._refused(found.exposed, whole, set(called[-1].values()))
        hidden = {row for row, key in names.items() if called[-1][key] in whole.hidden}
        first = {row for row, key in names.items() if called[-1][key] in found.primary}
        return hidden | rows, first

    @property
    def _rows(self) -> Iterable[Key]:
        return self.now.layers[self.layer]

    def attacked(self, rule: Rule) -> None:
        """Raises Conflict `dataset.E008` where a figure is found too closely by all together."""
        own = self.table(self.now)
        own.hidden |= {self.cell(self.now.dataset, row) for row in self.now.hidden[self.layer]}
        whole, called = joined_by_names([*self.before(), own])
        aims = primary(whole.cells.items(), rule) - whole.latent
        shown = [(key, whole.cells[key].value) for key in sorted(aims - whole.hidden)]
        out = [Exposed(key, value, value, value, 1.0) for key, value in shown]
        out += attack(whole, aims & whole.hidden, rule)
        self._refused(out, whole, set(called[-1].values()))

    def _refused(self, exposed: Iterable[Exposed], whole: Table, own: set[Key]) -> None:
        """Refuse what can be found; what others showed before, and this table does not, is out."""
        found = [e for e in exposed if e.key in own or not whole.cells[e.key].known]
        if found:
            raise Conflict([_exposed(self, each) for each in found[:_NAMED]])


def _formula(column: Column) -> str:
    return column.of.expression.source.strip() if column.of is not None else column.name


def _above(values: set[str], levels: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Of each division the next wider one of these levels, in steps up to the widest."""
    widths, waiting = [LEVELS[level] for level in levels], set(values)
    while waiting:
        value = waiting.pop()
        for width in reversed(widths):
            wider = value[:width].ljust(12, "0")
            if wider != value:
                yield value, wider
                if wider not in values:
                    waiting.add(wider)
                break


_LONGER = ("daily", "monthly", "quarterly", "yearly")


def _longer(values: set[str]) -> Iterator[tuple[str, str]]:
    """Of each period the next longer one: a day lies in a month, that in a quarter, in a year."""
    lengths = {value.partition("/")[2] for value in values}
    for value in sorted(values):
        first, _, length = value.partition("/")
        longer = [each for each in _LONGER[_LONGER.index(length) + 1 :] if each in lengths] \
            if length in _LONGER else []  # fmt: skip
        now = value
        for each in longer:
            year, month = first[:4], int(first[5:7])
            of = {"monthly": month, "quarterly": (month - 1) // 3 * 3 + 1, "yearly": 1}[each]
            above = f"{year}-{of:02}-01/{each}"
            yield now, above
            now = above


def _known(tables: Sequence[Table]) -> dict[Key, list[Cell]]:
    found: dict[Key, list[Cell]] = {}
    for table in tables:
        for key, cell in table.cells.items():
            if key not in table.hidden:
                found.setdefault(key, []).append(cell)
    return found


def _gone(tables: Sequence[Table]) -> dict[Key, list[Cell]]:
    found: dict[Key, list[Cell]] = {}
    for table in tables:
        for key in table.hidden - table.latent:
            found.setdefault(key, []).append(table.cells[key])
    return found


def _among(cell: Cell, others: Iterable[Cell] | None) -> bool:
    return any(same(each.value, cell.value) for each in others or ())


def _exposed(space: Space, each: Exposed) -> Finding:
    called = {_formula(c): c.name for e in space.looked for c in e.dataset.dimensions}
    named = "，".join(
        f"{called[name]}={value}"
        for name, value in zip(space.dimensions, each.key, strict=False)
        if value != TOTAL or name in map(_formula, space.now.dataset.dimensions)
    )
    if space.layer != COUNT:
        named += f"，{space.layer}"
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
