"""Decisions of a pack over every row of a table, as SQL.

The decisions that decide one application are compiled by `kernel.dmn.sql`, with the figures in
force on a day as literals, and run over all rows: no rule is written twice. When a row counts, what
of the outputs is kept, added up and grouped by are expressions of the declaration; each becomes a
decision beside those of the pack (see `questions`), compiled and interpreted like them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from xiangyun.kernel.dmn.asked import asked
from xiangyun.kernel.dmn.model import Decision, Model
from xiangyun.kernel.dmn.sql import compiled
from xiangyun.kernel.dmn.sqldialects import Dialect
from xiangyun.kernel.dmn.sqlfeel import Kind, Typed
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.projection import Population

from . import faults
from .places import level_of
from .questions import Question, Use, questions
from .snapshots import Input, Run, inputs, opened
from .tables import DECIMAL, Table, name_in, text_in

KEY, PLACE, LEVEL, ITEM = "row_key", "row_place", "row_level", "item"


@dataclass(frozen=True, slots=True)
class Item:
    """One decision that is made for every row, and its words."""

    number: int
    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Ruling:
    """An item as SQL over the prepared rows: whether a row counts, and what is kept of it.

    An item whose decision gives a list has a ruling for each row of its table.
    """

    item: Item
    when: str
    columns: Mapping[str, str]
    sums: Mapping[str, str]
    groups: Mapping[str, str]

    @property
    def kept(self) -> dict[str, str]:
        """All columns of the result but those that name row and item."""
        return {**self.columns, **self.sums, **self.groups}

    @property
    def measure(self) -> str:
        """The first sum, nought where the row does not count or the rules decide no amount."""
        first = next(iter(self.sums.values()), "0")
        return f"CASE WHEN {self.when} THEN coalesce({first}, 0) ELSE 0 END"


@dataclass(frozen=True, slots=True)
class Plan:
    """All items over one table: nothing that could be wrong is left to find out when it runs."""

    population: Population
    run: Run
    rulings: tuple[Ruling, ...]
    kinds: Mapping[str, Kind]
    """Of the columns that are kept."""
    model: Model
    """The rules with what is asked of them, for the interpreter; see `interpreted`."""
    asked: tuple[Question, ...]
    inputs: tuple[Input, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(dict.fromkeys(each.item for each in self.rulings))

    @property
    def naming(self) -> dict[str, str]:
        """The result's columns that name a row, each with the prepared column it comes from."""
        place = self.population.place
        named = {self.population.key: KEY}
        return named if place is None else {**named, place.column: PLACE}


def planned(
    packs: Sequence[Pack], population: Population, run: Run
) -> tuple[str, tuple[Plan, ...]]:
    """The rows that all rulings read, as a query, and a plan for each version of a pack.

    The versions share decisions and table; figures are those of each. Raises Refused with all that
    is wrong, before anything has been run.
    """
    drafts: list[_Draft] = []
    findings: list[Finding] = []
    for pack in packs:
        try:
            drafts.append(_draft(pack, population, _with_figures(run, pack)))
        except Refused as refused:
            findings += [each for each in refused.findings if each not in findings]
    if findings:
        raise Refused(findings)
    names = _names([each for draft in drafts for each in draft.inputs], run.dialect)
    return _prepared(population, run, names), tuple(draft.plan(names) for draft in drafts)


def listed(plan: Plan, prepared: Table, describe: Callable[[str], Mapping[str, str]]) -> str:
    """A row for each row of the table and item that fits: what names it, and what is kept.

    `describe` gives an engine's types for the columns of a query. Numbers of all items get one
    type with all their places, for databases would otherwise round the finer ones.
    """
    queries = [_listed(plan, each, prepared, {}) for each in plan.rulings]
    described = [describe(query) for query in queries]
    numbers = [name for name, kind in plan.kinds.items() if kind == "number"]
    casts = {
        name: word for name in numbers if (word := common_number([d[name] for d in described]))
    }
    return "\nUNION ALL\n".join(_listed(plan, each, prepared, casts) for each in plan.rulings)


def totals(plan: Plan, written: Table) -> str:
    """Rows and sums by item, place and groups, from what `listed` gave."""
    dialect, place = plan.run.dialect, plan.population.place
    level = "NULL" if place is None else level_of(written, place, dialect)
    by = [name_in(dialect, ITEM), level, *(name_in(dialect, n) for n in plan.population.groups)]
    sums = [f"sum({name_in(dialect, name)})" for name in plan.population.sums]
    grouped = ", ".join(str(at) for at, each in enumerate(by, 1) if each != "NULL")
    key = name_in(dialect, plan.population.key)
    # Of a list, a row of the table may have several rows in the result.
    rows = "count(*)" if len(plan.items) == len(plan.rulings) else f"count(DISTINCT {key})"
    return f"SELECT {', '.join([*by, rows, *sums])} FROM {written.sql} GROUP BY {grouped}"


def counted(plan: Plan, prepared: Table) -> str:
    """By place: all rows, and those that at least one item counts for."""
    anything = " OR ".join(f"coalesce({each.when}, false)" for each in plan.rulings)
    chosen = f"count(*), count(*) FILTER (WHERE {anything})"
    level = name_in(plan.run.dialect, LEVEL)
    if plan.population.place is None:
        return f"SELECT NULL, {chosen} FROM {prepared.sql}"
    return f"SELECT {level}, {chosen} FROM {prepared.sql} GROUP BY {level}"


# Drafts ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Draft:
    """A pack's questions and the inputs they ask for; the columns have no names yet."""

    pack: Pack
    population: Population
    run: Run
    model: Model
    asked: tuple[Question, ...]
    inputs: tuple[Input, ...]

    def plan(self, names: Mapping[tuple[str, str], str]) -> Plan:
        """Every question compiled. Raises Refused with all that cannot be said in SQL."""
        columns = {each.dotted: names[_identity(each, self.run.dialect)] for each in self.inputs}
        scales = {columns[e.dotted]: e.scale for e in self.inputs if e.scale is not None}
        model, findings = opened(self.model, self.inputs), list[Finding]()
        found: dict[Question, Typed] = {}
        for each in self.asked:
            try:
                found[each] = compiled(
                    model,
                    each.id,
                    self.run.dialect,
                    columns=columns,
                    values=self.run.values,
                    scales=scales,
                )
            except Refused as refused:
                findings += [one for one in refused.findings if one not in findings]
        kinds: dict[str, Kind] = dict.fromkeys(self.population.sums, "number")
        for each, value in found.items():
            wanted = "boolean" if each.use == "when" else kinds.get(each.name, "null")
            if wanted == "null":
                kinds[each.name] = value.kind
            elif value.kind not in ("null", wanted):
                findings.append(
                    faults.other_result(
                        each.name or each.use, each.decision, value.kind, wanted, each.place
                    )
                )
        if findings:
            raise Refused(findings)
        rulings = tuple(self._rulings(found, kinds))
        return Plan(self.population, self.run, rulings, kinds, self.model, self.asked, self.inputs)

    def _rulings(
        self, found: Mapping[Question, Typed], kinds: Mapping[str, Kind]
    ) -> Iterator[Ruling]:
        parts: dict[tuple[str, int], dict[Use, dict[str, str]]] = {}
        for each, value in found.items():
            uses = parts.setdefault((each.decision, each.part), {})
            sql = self._written(value, kinds.get(each.name, "boolean"))
            uses.setdefault(each.use, {})[each.name] = sql
        items: dict[str, Item] = {}
        for (decision, _), uses in parts.items():
            if decision not in items:
                items[decision] = Item(len(items) + 1, decision, self._words(decision))
            yield Ruling(
                items[decision],
                uses["when"][""],
                uses.get("columns", {}),
                uses.get("sums", {}),
                uses.get("groups", {}),
            )

    def _written(self, value: Typed, kind: Kind) -> str:
        """The value; a null of the kind that the other items give, for databases ask for one."""
        tree = exp.cast(value.sql, _NULLS[kind]) if value.kind == "null" else value.sql
        return tree.sql(dialect=self.run.dialect, identify=True)

    def _words(self, decision: str) -> Text:
        id = self.model.by_name[decision].id
        return self.pack.words(f"decision.{id}", decision)


_NULLS: Mapping[str, str] = {
    "number": "int",
    "string": "text",
    "boolean": "boolean",
    "date": "date",
    "null": "text",
}


def _draft(pack: Pack, population: Population, run: Run) -> _Draft:
    model, findings = rules_of(pack), list[Finding]()
    if not population.decisions:
        findings.append(faults.nothing_to_decide(pack.code, _names_of(model)))
    if not population.key:
        findings.append(faults.no_key(run.table.columns))
    findings += _naming(population, run)
    extended, asking, extras = questions(model, population, run, findings)
    paths = asked(extended, [each.id for each in asking])
    try:
        found = inputs(extended, paths, population.inputs, run, extras)
    except Refused as refused:
        findings += refused.findings
        found = ()
    if findings:
        raise Refused(findings)
    return _Draft(pack, population, run, extended, asking, found)


def _naming(population: Population, run: Run) -> Iterator[Finding]:
    """What is wrong with the columns that name a row and its place, and with names of results."""
    place, columns = population.place, run.table.columns
    named = [population.key, *([place.column] if place else [])]
    missing = [name for name in named if name and name not in columns]
    if missing:
        yield faults.lacking(dict.fromkeys(missing, ""), columns)
    elif (
        place
        and run.table.kind(place.column) not in ("string",)
        and not run.table.is_whole(place.column)
    ):
        yield faults.other_kind(
            place.column, columns[place.column], "whole number", f"place: {place.level}"
        )
    seen: set[str] = set()
    for name in [*named, ITEM, *population.columns, *population.sums, *population.groups]:
        if name.casefold() in seen and name:
            yield faults.name_taken(name)
        seen.add(name.casefold())


def _with_figures(run: Run, pack: Pack) -> Run:
    return Run(run.table, run.dialect, run.on, pack.parameters.on(run.on), run.zone)


def rules_of(pack: Pack) -> Model:
    """The decisions of a pack. Raises Refused when it has none."""
    if pack.rules is None:
        raise Refused([faults.nothing_to_decide(pack.code, ())])
    return pack.rules


def _names_of(model: Model) -> list[str]:
    return [each.name for each in model.elements.values() if isinstance(each, Decision)]


# SQL ---------------------------------------------------------------------------------------------


def _identity(each: Input, dialect: Dialect) -> tuple[str, str]:
    return each.dotted, each.sql.sql(dialect=dialect, identify=True)


def _names(found: Iterable[Input], dialect: Dialect) -> dict[tuple[str, str], str]:
    """A column name for each different input: its own where that is short and free."""
    names: dict[tuple[str, str], str] = {}
    taken = {KEY, PLACE, LEVEL}
    for each in found:
        identity = _identity(each, dialect)
        if identity in names:
            continue
        own = each.path[-1]
        if own.casefold() in taken or len(own.encode()) > 40 or not own.isidentifier():
            own = f"input_{len(names) + 1}"
        names[identity] = own
        taken.add(own.casefold())
    return names


def _prepared(population: Population, run: Run, names: Mapping[tuple[str, str], str]) -> str:
    """The rows once, with what names them and every input of every item."""
    dialect, place = run.dialect, population.place
    chosen = [f"{name_in(dialect, population.key)} AS {name_in(dialect, KEY)}"]
    if place is not None:
        chosen += [
            f"{name_in(dialect, place.column)} AS {name_in(dialect, PLACE)}",
            f"{level_of(run.table, place, dialect)} AS {name_in(dialect, LEVEL)}",
        ]
    chosen += [f"{sql} AS {name_in(dialect, name)}" for (_, sql), name in names.items()]
    return f"SELECT {', '.join(chosen)} FROM {run.table.sql}"


def _listed(plan: Plan, ruling: Ruling, prepared: Table, casts: Mapping[str, str]) -> str:
    dialect = plan.run.dialect
    columns = [
        *((name_in(dialect, column), name) for name, column in plan.naming.items()),
        (text_in(dialect, ruling.item.code), ITEM),
        *(
            (f"CAST({sql} AS {casts[name]})" if name in casts else sql, name)
            for name, sql in ruling.kept.items()
        ),
    ]
    chosen = ", ".join(f"{sql} AS {name_in(dialect, name)}" for sql, name in columns)
    return f"SELECT {chosen} FROM {prepared.sql} WHERE {ruling.when}"


def common_number(words: Iterable[str]) -> str | None:
    """A type that holds numbers of all these types with all their places.

    None where they are alike, all whole, or of a database whose decimals are of any length.
    """
    found = {word.upper() for word in words}
    scales = [int(match[2]) for word in found if (match := DECIMAL.fullmatch(word))]
    return f"DECIMAL(38, {max(scales)})" if scales and len(found) > 1 else None
