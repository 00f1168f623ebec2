"""A table as the decisions of a pack want it: every input from the right column, of the right kind.

Which column an input is read from is said by a declaration or an option, else by its name:
`person.age` is the column `person.age`, or `age`. The figures in force are no columns, and `on` is
the day that is decided on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp

from xiangyun.kernel.dmn.asked import Asked
from xiangyun.kernel.dmn.domain import type_at
from xiangyun.kernel.dmn.items import plain, unrestricted
from xiangyun.kernel.dmn.model import Decision, Element, InputData, LiteralBox, Model, Reference
from xiangyun.kernel.dmn.sql import compiled
from xiangyun.kernel.dmn.sqldialects import Dialect
from xiangyun.kernel.dmn.sqlfeel import Kind as InputKind
from xiangyun.kernel.feel import Value
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import Expression
from xiangyun.kernel.feel.types import ANY, BOOLEAN, DATE, NUMBER, STRING, ContextOf, Type
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.packfile.formulas import formula
from xiangyun.kernel.projection import Written

from . import faults
from .tables import Table, read

PARAMETERS, ON = "parameters", "on"
"""Names that every formula knows: the figures in force, and the day."""
DAY = "on (the day)"
"""The day as an input that no model can have of its own."""
TYPES: Mapping[str, Type] = {
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "moment": DATE,
}
_KINDS: Mapping[Type, InputKind] = {
    NUMBER: "number",
    STRING: "string",
    BOOLEAN: "boolean",
    DATE: "date",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What rules are run over: a table, in the words of an engine, on a day, with its figures."""

    table: Table
    dialect: Dialect
    on: date
    figures: Mapping[str, Value]
    zone: str

    @property
    def values(self) -> dict[str, Value]:
        """What is the same for every row."""
        return {DAY: self.on, **{f"{PARAMETERS}.{key}": v for key, v in self.figures.items()}}

    @property
    def names(self) -> frozenset[str]:
        """What an expression over a row may name."""
        return frozenset((*self.table.columns, ON, PARAMETERS))


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the rules: its path, its declared type, and what it is read from."""

    path: Asked
    type: Type
    source: Expression
    kind: InputKind
    sql: exp.Expr
    scale: int | None

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


def inputs(
    model: Model,
    paths: Sequence[Asked],
    named: Mapping[str, Sequence[Written]],
    run: Run,
    extras: Mapping[str, str] | None = None,
) -> tuple[Input, ...]:
    """Everything the paths ask for, found in the table. Raises Refused with all that is wrong.

    `extras` are inputs that are columns of the table and nothing else, by the input's name.
    """
    finder = _Finder(model, named, run, extras or {})
    found = {each.path: each for path in paths for each in finder.found(path)}
    finder.told(found.values())
    return tuple(found.values())


def opened(model: Model, found: Sequence[Input]) -> Model:
    """The model with the types that the inputs now have: nothing is left to be guarded.

    The allowed values of a type are held to where a column is read; see `Input.sql`.
    """
    entries: dict[str, dict[Asked, Type]] = {}
    for each in found:
        entries.setdefault(each.path[0], {})[each.path[1:]] = _type_of(each.kind)
    elements = {
        id: replace(each, type=_nested(entries[each.name]))
        if isinstance(each, InputData) and each.name in entries
        else each
        for id, each in model.elements.items()
    }
    return replace(model, elements=elements)


def _nested(entries: Mapping[Asked, Type]) -> Type:
    if () in entries:
        return entries[()]
    parts: dict[str, dict[Asked, Type]] = {}
    for path, type_ in entries.items():
        parts.setdefault(path[0], {})[path[1:]] = type_
    return ContextOf({name: _nested(inner) for name, inner in parts.items()})


def _type_of(kind: InputKind) -> Type:
    return ANY if kind == "null" else TYPES[kind]


class _Finder:
    """Finds columns for inputs, and keeps what it does not find until all is looked at."""

    def __init__(
        self,
        model: Model,
        named: Mapping[str, Sequence[Written]],
        run: Run,
        extras: Mapping[str, str],
    ) -> None:
        self.model, self.named, self.run, self.extras = model, named, run, extras
        self.lacking: dict[str, str] = {}
        """Columns that are not there, with the input that each was wanted for."""
        self.findings: list[Finding] = []
        for name in named:
            root = model.by_name.get(name.partition(".")[0])
            if not isinstance(root, InputData):
                self.findings.append(faults.no_input(name, model.inputs))

    def found(self, path: Asked) -> Iterator[Input]:
        """The input of a path, which may end in a member of a value; none where it is no column."""
        if path[0] in (PARAMETERS, DAY):
            return
        declared = self._declared(path)
        if declared is None:
            return  # a whole context or list: the compiler says what it cannot do with it
        path, type_ = declared
        source = self._source(path)
        if source is not None and (read := self._read(path, type_, source)) is not None:
            yield read

    def told(self, found: Collection[Input]) -> None:
        """Refuse when anything was missing or wrong."""
        if self.lacking:
            columns = self.run.table.columns
            self.findings.insert(0, faults.lacking(self.lacking, columns))
        by_name: dict[str, str] = {}
        for each in found:
            chosen = each.dotted in self.named or each.dotted in self.extras
            if not chosen and isinstance(each.source.syntax, ast.Name):
                other = by_name.setdefault(each.source.syntax.name, each.dotted)
                if other != each.dotted:
                    self.findings.append(
                        faults.one_column(other, each.dotted, each.source.syntax.name)
                    )
        if self.findings:
            raise Refused(self.findings)

    def _declared(self, path: Asked) -> tuple[Asked, Type] | None:
        """The part of a path that is an input, and its type: as far as the type is declared.

        Where the model leaves the type open, it is the longest part that a column is found for.
        """
        for end in range(1, len(path) + 1):
            type_ = self._type(path[:end])
            if isinstance(unrestricted(type_), ContextOf):
                continue
            if unrestricted(type_) is not ANY:
                return (path[:end], type_) if unrestricted(type_) in _KINDS else None
            break
        else:
            return None
        for end in range(len(path), 0, -1):
            if self._names(path[:end]):
                return path[:end], ANY
        return path, ANY

    def _type(self, path: Asked) -> Type:
        node: ast.Node = ast.Name(path[0])
        for member in path[1:]:
            node = ast.Path(node, member)
        types = {e.name: e.type for e in self.model.elements.values() if isinstance(e, InputData)}
        return plain(type_at(node, lambda name: types.get(name, ANY)))

    def _names(self, path: Asked) -> bool:
        dotted = ".".join(path)
        return dotted in self.named or dotted in self.extras or self._by_name(path) is not None

    def _by_name(self, path: Asked) -> str | None:
        dotted, columns = ".".join(path), self.run.table.columns
        return next((name for name in (dotted, path[-1]) if name in columns), None)

    def _source(self, path: Asked) -> Expression | None:
        dotted = ".".join(path)
        if dotted in self.extras:
            return of_name(self.extras[dotted])
        if dotted not in self.named:
            column = self._by_name(path)
            if column is None:
                self.lacking.setdefault(path[-1], dotted)
                return None
            return of_name(column)
        wanting: tuple[str, ...] = ()
        for written in self.named[dotted]:
            source = expression(written, self.run.names, self.findings, columns_too=True)
            if source is None:
                return None
            wanting = tuple(sorted(source.values_read - self.run.names))
            if not wanting:
                return source
        self.lacking |= {column: dotted for column in wanting if column not in self.lacking}
        return None

    def _read(self, path: Asked, type_: Type, source: Expression) -> Input | None:
        """The input as SQL, null where its declared type does not allow the value."""
        table, dotted = self.run.table, ".".join(path)
        columns = sorted(source.values_read & table.columns.keys())
        wrong = [column for column in columns if table.kind(column) is None]
        wanted = _KINDS.get(unrestricted(type_), "any")
        if isinstance(source.syntax, ast.Name) and source.syntax.name in table.columns:
            kind = table.kind(source.syntax.name)
            fits = wanted == "any" or kind == wanted or (kind, wanted) == ("moment", "date")
            wrong = [] if kind is not None and fits else [source.syntax.name]
        if wrong:
            self.findings += [faults.other_kind(c, table.columns[c], wanted, dotted) for c in wrong]
            return None
        scales = {name: s for name in columns if (s := table.scale(name)) is not None}
        try:
            read = compiled(
                _reading(self.run, source, columns, type_),
                "read",
                self.run.dialect,
                values={ON: self.run.on, **self.run.values},
                scales=scales,
            )
        except Refused as refused:
            self.findings += refused.findings
            return None
        if wanted not in ("any", read.kind) and read.kind != "null":
            self.findings.append(faults.other_kind(source.source, read.kind, wanted, dotted))
        return Input(path, type_, source, read.kind, converted(read.sql, self.run), read.scale)


def _reading(run: Run, source: Expression, columns: Sequence[str], type_: Type) -> Model:
    """A model of one decision: what an input is read from, by its columns."""
    given: list[Element] = [
        *(InputData(f"column {c}", c, TYPES[run.table.kind(c) or "string"]) for c in columns),
        InputData(ON, ON, DATE),
        InputData(PARAMETERS, PARAMETERS, ANY),
    ]
    requires = tuple(Reference(each.id) for each in given)
    read = Decision("read", "read", type_, requires, LiteralBox(source))
    return Model("", "", "", {each.id: each for each in (*given, read)}, {}, {})


def converted(tree: exp.Expr, run: Run) -> exp.Expr:
    """A tree over a table's columns, each read as rules read it."""

    def column(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column) or node.name not in run.table.columns:
            return node
        return read(run.table, node.name, run.dialect, run.zone)

    return tree.transform(column)


def of_name(name: str) -> Expression:
    """A name as an expression, whatever letters it is written with."""
    return Expression(name, ast.Name(name), {})


def expression(
    written: Written,
    names: Collection[str],
    findings: list[Finding],
    *,
    columns_too: bool = False,
) -> Expression | None:
    """A formula read with these names in scope; with `columns_too`, what has no `=` is a column."""
    if columns_too and not written.source.startswith("="):
        return of_name(written.source)
    place = written.place or faults.OPTION
    text = written.source.removeprefix("=") if columns_too else written.source
    # A name of one word needs no announcing; one with a blank is read as one name only if known.
    found = formula(text, place, findings.append, [name for name in names if not name.isalnum()])
    return None if found is None else found.expression
