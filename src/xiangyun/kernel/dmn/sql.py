"""A decision as one SQL expression: the same rules over a whole population.

`decision_sql` inlines what a decision requires and gives an expression over columns named after
the input data (a component is the column `input.component`). It means exactly what `decide`
does, also for nulls; `tests/test_sql.py` holds it to that on DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NoReturn

from sqlglot import exp

from xiangyun.kernel.conditions.cells import constant
from xiangyun.kernel.dmn.domain import type_at
from xiangyun.kernel.dmn.items import Allowed, plain, unrestricted
from xiangyun.kernel.dmn.model import (
    Box,
    ConditionalBox,
    ContextBox,
    Decision,
    InputData,
    LiteralBox,
    Model,
    Rule,
    TableBox,
)
from xiangyun.kernel.dmn.proof import surely_disjoint
from xiangyun.kernel.dmn.sqldialects import DIALECTS, Dialect, spoken
from xiangyun.kernel.dmn.sqlfeel import (
    NULL,
    FeelToSql,
    Kind,
    Scope,
    Sql,
    Typed,
    Where,
    alike,
    is_null,
    is_true,
    literal,
    when,
    widened,
)
from xiangyun.kernel.dmn.sqlfeel import both as all_of
from xiangyun.kernel.dmn.sqlfeel import either as any_of
from xiangyun.kernel.dmn.sqllean import lean, lean_condition
from xiangyun.kernel.dmn.table import CompiledTable
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import Expression
from xiangyun.kernel.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    STRING,
    ContextOf,
    Restricted,
    Type,
    conforms,
)
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text

_KINDS: dict[Type, Kind] = {NUMBER: "number", STRING: "string", BOOLEAN: "boolean", DATE: "date"}


def decision_sql(
    model: Model,
    decision: str,
    dialect: Dialect = "duckdb",
    *,
    output: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[str, Value] | None = None,
    scales: Mapping[str, int] | None = None,
) -> str:
    """The decision as SQL for `duckdb`, `postgres` or `spark`.

    `output` picks a column of a table with several outputs. `columns` maps the names of input data
    (or dotted components) to the table's own column names; `values` are inputs that are the same
    for every row. Number columns must be exact (DECIMAL or integer), and where it is known how
    many decimal places they have (`scales`, by column), numbers that are put together keep all of
    theirs; texts are compared by code point.

    Raises:
        Refused: naming the node and place that SQL cannot say exactly.
    """
    found = compiled(
        model, decision, dialect, output=output, columns=columns, values=values, scales=scales
    )
    return found.sql.sql(dialect=dialect, identify=True)


def compiled(
    model: Model,
    decision: str,
    dialect: Dialect = "duckdb",
    *,
    output: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[str, Value] | None = None,
    scales: Mapping[str, int] | None = None,
) -> Typed:
    """What `decision_sql` writes down, as a tree for a query of the same dialect, and its kind."""
    if dialect not in DIALECTS:
        raise ValueError(f"{dialect} is not one of {', '.join(DIALECTS)}")
    element = model.by_name.get(decision)
    if not isinstance(element, Decision):
        raise Refused(
            [
                Finding(
                    "dmn.E009",
                    "error",
                    Text(
                        "没有决策“{decision}”。",
                        "There is no decision “{decision}”.",
                        decision=decision,
                    ),
                    Place(model.file),
                )
            ]
        )
    given = _Given(columns or {}, values or {}, scales or {})
    found = _ModelToSql(model, given, dialect).decision(element, output)
    return Typed(spoken(lean(found.sql), dialect), found.kind, scale=found.scale)


def rows_sql(
    model: Model,
    decision: str,
    dialect: Dialect = "duckdb",
    *,
    scales: Mapping[str, int] | None = None,
    told_apart: bool = True,
) -> tuple[str, ...]:
    """The rows of a decision table as conditions: whether each fires.

    Columns are read as `decision_sql` reads them. `told_apart`: a condition that does not hold is
    false, never null; without, it may be either, which a WHERE does not tell apart and a database
    finds faster.

    Raises:
        Refused: naming the node and place that SQL cannot say exactly.
    """
    element = model.by_name[decision]
    if not isinstance(element, Decision) or not isinstance(element.box, TableBox):
        raise ValueError(f"{decision} is no decision table")
    found = _ModelToSql(model, _Given({}, {}, scales or {}), dialect).rows(element, element.box)
    rows = (is_true(each) for each in found) if told_apart else map(_where, found)
    shorter = lean if told_apart else lean_condition
    return tuple(spoken(shorter(row), dialect).sql(dialect=dialect, identify=True) for row in rows)


def _where(condition: Sql) -> Sql:
    """A condition that may be null where it was false: `a IS NOT DISTINCT FROM TRUE` is `a`."""
    node = condition
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Coalesce) and node.expressions == [exp.false()]:
        return _where(node.this)
    if isinstance(node, exp.NullSafeEQ) and node.expression == exp.true():
        return _where(node.this)
    if isinstance(node, exp.And):
        return all_of(_where(node.this), _where(node.expression))
    return condition


@dataclass(frozen=True, slots=True)
class _Given:
    """What the inputs are read from: see `decision_sql`."""

    columns: Mapping[str, str]
    values: Mapping[str, Value]
    scales: Mapping[str, int]


class _ModelToSql:
    def __init__(self, model: Model, given: _Given, dialect: Dialect) -> None:
        self.model = model
        self.given = given
        self.dialect = dialect
        self.read: dict[str, str] = {}
        """Inputs by the column each is read from, as the database tells columns apart."""
        self.types = {
            each.name: each.type for each in model.elements.values() if isinstance(each, InputData)
        }

    def _refuse(self, line: int, words: Text) -> NoReturn:
        raise Refused([Finding("dmn.E030", "error", words, Place(self.model.file, line))])

    def decision(self, decision: Decision, output: str | None = None) -> Typed:
        """The decision's value."""
        scope = self.scope(decision)
        if decision.box is None:
            return NULL
        value = self.box(decision.box, scope, output)
        if output is None or len(getattr(decision.box, "outputs", ())) < 2:
            return self.fitted(value, decision.type)
        self._all_outputs_fit(decision, scope)
        return value

    def rows(self, decision: Decision, box: TableBox) -> list[Sql]:
        """Whether each row of the decision's table fires, in their order."""
        scope = self.scope(decision)
        return [self._matches(box, rule, scope) for rule in box.rules]

    def scope(self, decision: Decision) -> Scope:
        """What the decision requires, by name, compiled where it is read."""
        scope: dict[str, Callable[[], Typed]] = {}
        for reference in decision.requires:
            if reference.alias is not None:
                self._refuse(
                    decision.line,
                    Text(
                        "“{name}”用到引入的模型，不能编译成 SQL。",
                        "“{name}” requires an imported model; SQL cannot say that.",
                        name=decision.name,
                    ),
                )
            element = self.model.elements[reference.id]
            if isinstance(element, InputData):
                scope[element.name] = lambda name=element.name: self.column((name,))  # type: ignore[misc]
            elif isinstance(element, Decision):
                scope[element.name] = lambda each=element: self.decision(each)  # type: ignore[misc]
        return scope

    def _all_outputs_fit(self, decision: Decision, scope: Scope) -> None:
        """One output that does not fit the type makes all null, so all must fit for certain."""
        type_, box = plain(decision.type), decision.box
        if type_ is ANY or not isinstance(box, TableBox):
            return
        for rule in box.rules:
            for column, expression in zip(box.outputs, rule.outputs, strict=True):
                known, value = constant(expression.syntax)
                wanted = type_.entries.get(column.name) if isinstance(type_, ContextOf) else None
                fits = wanted is not None and known and conforms(value, wanted)
                if wanted is not None and not known:
                    kind = self.expression(expression, scope, rule.line).kind
                    fits = plain(wanted) is ANY or _KINDS.get(plain(wanted)) == kind
                if not fits:
                    self._refuse(
                        rule.line,
                        Text(
                            "“{name}”未必符合“{decision_name}”的类型。",
                            "“{name}” may not conform to the type of “{decision_name}”.",
                            name=column.name,
                            decision_name=decision.name,
                        ),
                    )

    def component(self, decision: Decision, name: str, feel: FeelToSql, node: ast.Node) -> Typed:
        """One output of a required decision that has several."""
        if name not in [each.name for each in getattr(decision.box, "outputs", ())]:
            feel.refuse(node)
        return self.decision(decision, name)

    def _declared(self, name: str) -> Type:
        return self.types.get(name, ANY)

    def column(self, path: tuple[str, ...]) -> Typed:
        """An input, null where its declared type does not allow the value."""
        node: ast.Node = ast.Name(path[0])
        for member in path[1:]:
            if isinstance(plain(type_at(node, self._declared)), Restricted):
                self._refuse(
                    self.model.by_name[path[0]].line,
                    Text(
                        "“{path}”整体有约束，不能逐列编译。",
                        "“{path}” is constrained as a whole; its columns cannot be compiled apart.",
                        path=path[0],
                    ),
                )
            node = ast.Path(node, member)
        type_ = type_at(node, self._declared)
        dotted = ".".join(path)
        kind = _KINDS.get(unrestricted(type_))
        if dotted in self.given.values:
            return self._fixed(self.given.values[dotted], kind, type_)
        if kind is None:
            source = self.model.by_name[path[0]]
            self._refuse(
                source.line,
                Text(
                    "输入“{dotted}”没有声明数、文字、布尔或日期类型。",
                    "The input “{dotted}” is not declared a number, string, boolean or date.",
                    dotted=dotted,
                ),
            )
        name = self.given.columns.get(dotted, dotted)
        self._of_its_own(dotted, name)
        column = exp.column(name, quoted=True)
        scale = self.given.scales.get(name) if kind == "number" else None
        return self.fitted(Typed(column, kind, scale=scale), type_)

    def _fixed(self, value: Value, kind: Kind | None, type_: Type) -> Typed:
        """An input that is the same for every row; not `known`, for it is not in the text."""
        found = literal(value)
        if found is None or value is None:
            return Typed(exp.Null(), kind or "null")
        return self.fitted(Typed(found.sql, found.kind, scale=found.scale), type_)

    def _of_its_own(self, dotted: str, column: str) -> None:
        """Refuse two inputs that the database would read from one column."""
        # PostgreSQL cuts names after 63 bytes; DuckDB and Spark take no notice of capitals.
        postgres = self.dialect == "postgres"
        told = column.encode()[:63].decode(errors="ignore") if postgres else column.casefold()
        other = self.read.setdefault(told, dotted)
        if other != dotted:
            self._refuse(
                self.model.by_name[dotted.partition(".")[0]].line,
                Text(
                    "输入“{other}”和“{dotted}”会读同一列“{column}”；请用 columns 分开。",
                    "The inputs “{other}” and “{dotted}” would be read from one column “{column}”;"
                    " tell them apart by columns.",
                    other=other,
                    dotted=dotted,
                    column=column,
                ),
            )

    def fitted(self, value: Typed, type_: Type) -> Typed:
        """The value, null where allowed values or the kind of the type say so."""
        type_ = plain(type_)
        while isinstance(type_, Restricted):
            if not isinstance(type_.allowed, Allowed):
                self._refuse(
                    0, Text("类型的约束不能编译。", "The type's constraint cannot be compiled.")
                )
            tests = type_.allowed.tests
            allowed = self._feel(tests, {}, 0).tests(tests.syntax, value)
            if allowed is not None:
                value = Typed(when((is_true(allowed), value.sql)), value.kind, scale=value.scale)
            type_ = plain(type_.base)
        if type_ is ANY or value.kind == "null" or _KINDS.get(type_) == value.kind:
            return value
        return Typed(exp.Null(), "null")

    def _feel(self, expression: Expression, scope: Scope, line: int) -> FeelToSql:
        def path(node: ast.Path) -> Typed:
            names: list[str] = []
            part: ast.Node = node
            while isinstance(part, ast.Path):
                names.append(part.member)
                part = part.source
            if isinstance(part, ast.Name) and part.name in self.types:
                return self.column((part.name, *reversed(names)))
            decision = self.model.by_name.get(part.name) if isinstance(part, ast.Name) else None
            if not isinstance(decision, Decision) or len(names) > 1:
                feel.refuse(node)
            return self.component(decision, names[0], feel, node)

        feel = FeelToSql(Where(expression.source, self.model.file, line), scope, path)
        return feel

    def expression(self, expression: Expression, scope: Scope, line: int) -> Typed:
        """A FEEL expression."""
        return self._feel(expression, scope, line).expression(expression.syntax)

    # Boxes --------------------------------------------------------------------------------------

    def box(self, box: Box, scope: Scope, output: str | None = None) -> Typed:
        """A boxed expression's value."""
        if isinstance(box, LiteralBox):
            value = self.expression(box.expression, scope, box.line)
        elif isinstance(box, TableBox):
            return self._table(box, scope, output)
        elif isinstance(box, ConditionalBox):
            value = self._conditional(box, scope)
        elif isinstance(box, ContextBox) and box.result is not None:
            value = self._context(box, box.result, scope)
        else:
            kind = type(box).__name__.removesuffix("Box").lower()
            self._refuse(
                box.line,
                Text(
                    "{kind} 不能编译成 SQL。",
                    "A boxed {kind} cannot be compiled to SQL.",
                    kind=kind,
                ),
            )
        return value if box.type is None else self.fitted(value, box.type)

    def _conditional(self, box: ConditionalBox, scope: Scope) -> Typed:
        condition, yes, no = (self.box(each, scope) for each in (box.condition, box.yes, box.no))
        if condition.kind != "boolean" or len({yes.kind, no.kind} - {"null"}) > 1:
            self._refuse(
                box.line, Text("条件的两支不是同一类。", "The branches are of different kinds.")
            )
        kind = no.kind if yes.kind == "null" else yes.kind
        (one, other), scale = alike([yes, no])
        return Typed(when((condition.sql, one), otherwise=other), kind, scale=scale)

    def _context(self, box: ContextBox, result: Box, scope: Scope) -> Typed:
        inner = dict(scope)
        for name, entry in box.entries:
            value = self.box(entry, inner)
            inner[name] = lambda value=value: value  # type: ignore[misc]
        return self.box(result, inner)

    # Decision tables ----------------------------------------------------------------------------

    def _table(self, box: TableBox, scope: Scope, output: str | None) -> Typed:
        names = [column.name for column in box.outputs]
        if len(names) > 1 and output not in names:
            listed = ", ".join(names)
            self._refuse(
                box.line,
                Text(
                    "决策表有几个输出，请指明一个：{listed}",
                    "The table has several outputs; choose one of {listed}.",
                    listed=listed,
                ),
            )
        at = names.index(output) if output in names and len(names) > 1 else 0
        matched = [self._matches(box, rule, scope) for rule in box.rules]
        results = [self._result(box, rule, at, scope) for rule in box.rules]
        kinds = {each.kind for each in results} - {"null"}
        if len(kinds) > 1:
            self._refuse(
                box.line, Text("各行结果不是同一类。", "The rows' results are of different kinds.")
            )
        default = box.outputs[at].default
        otherwise = NULL if default is None else self.expression(default, scope, box.line)
        kind: Kind = next(iter(kinds), otherwise.kind)
        if box.policy == "COLLECT" and box.aggregation is not None:
            return self._aggregated(box, list(map(is_true, matched)), results, otherwise)
        guards = self._guards(box, matched, scope)
        order = self._order(box)
        (*chosen, rest), scale = alike([*results, otherwise])
        branches = [*guards, *((matched[row], chosen[row]) for row in order)]
        value = when(*branches, otherwise=rest) if branches else rest
        found = Typed(value, kind, scale=scale)
        return found if box.type is None or len(names) > 1 else self.fitted(found, box.type)

    def _matches(self, box: TableBox, rule: Rule, scope: Scope) -> Sql:
        conditions: list[Sql] = []
        for column, tests in zip(box.inputs, rule.tests, strict=True):
            value = self.expression(column.expression, scope, column.line)
            if column.type is not None:
                value = self.fitted(value, column.type)
            if column.allowed is not None:
                feel = self._feel(column.allowed, scope, column.line)
                allowed = feel.tests(column.allowed.syntax, value)
                if allowed is not None:
                    value = Typed(
                        when((is_true(allowed), value.sql)), value.kind, scale=value.scale
                    )
            found = self._feel(tests, scope, rule.line).tests(tests.syntax, value)
            if found is not None:
                conditions.append(found)
        return all_of(*conditions) if conditions else exp.true()

    def _result(self, box: TableBox, rule: Rule, at: int, scope: Scope) -> Typed:
        value = self.expression(rule.outputs[at], scope, rule.line)
        type_ = box.outputs[at].type
        return value if type_ is None else self.fitted(value, type_)

    def _order(self, box: TableBox) -> list[int]:
        """The rows in the order in which they decide."""
        rows = list(range(len(box.rules)))
        if box.policy in ("UNIQUE", "ANY", "FIRST"):
            return rows
        known = all(constant(output.syntax)[0] for rule in box.rules for output in rule.outputs)
        if box.policy == "PRIORITY" and known:
            table = CompiledTable(box)
            ranks = [
                table.rank([constant(output.syntax)[1] for output in rule.outputs])
                for rule in box.rules
            ]
            return sorted(rows, key=lambda row: ranks[row])
        self._refuse(
            box.line,
            Text(
                "命中策略 {policy} 给出列表，不能编译成 SQL。",
                "The hit policy {policy} cannot be compiled to SQL.",
                policy=box.policy,
            ),
        )

    def _guards(self, box: TableBox, matched: list[Sql], scope: Scope) -> list[tuple[Sql, Sql]]:
        """Where UNIQUE or ANY is violated, the decision is null."""
        if box.policy == "UNIQUE" and not surely_disjoint(box):
            one, none = exp.Literal.number(1), exp.Literal.number(0)
            counted: Sql = when((matched[0], one), otherwise=none)
            for condition in matched[1:]:
                counted = exp.Add(this=counted, expression=when((condition, one), otherwise=none))
            return [(exp.GT(this=exp.Paren(this=counted), expression=one), exp.Null())]
        if box.policy != "ANY":
            return []
        clashes: list[Sql] = []
        for first, second in combinations(range(len(matched)), 2):
            # Whether rows agree is decided by all their outputs, not by the one asked for.
            differing = [
                exp.Not(this=is_true(self._same(box, first, second, at, scope)))
                for at in range(len(box.outputs))
                if box.rules[first].outputs[at].syntax != box.rules[second].outputs[at].syntax
            ]
            if differing:
                clash = all_of(matched[first], matched[second], exp.Paren(this=any_of(*differing)))
                clashes.append(exp.Paren(this=clash))
        return [(any_of(*clashes), exp.Null())] if clashes else []

    def _same(self, box: TableBox, first: int, second: int, at: int, scope: Scope) -> Sql:
        one, other = (self._result(box, box.rules[row], at, scope) for row in (first, second))
        return self._feel(box.rules[first].outputs[at], scope, box.line).equal(one, other).sql

    def _aggregated(
        self, box: TableBox, matched: list[Sql], results: list[Typed], otherwise: Typed
    ) -> Typed:
        """SUM, COUNT, MIN and MAX over the rows that match; a null among them makes null."""
        zero, one = exp.Literal.number(0), exp.Literal.number(1)
        if box.aggregation == "COUNT":
            return Typed(_added([when((row, one), otherwise=zero) for row in matched]), "number")
        if {each.kind for each in results} - {"number", "null"} or len(box.outputs) > 1:
            self._refuse(box.line, Text("只能汇总数。", "Only numbers can be aggregated."))
        # A bare NULL in a CASE of its own is a text to PostgreSQL.
        results = [each if each.kind == "number" else _NO_NUMBER for each in results]
        (*chosen, rest), scale = alike([*results, otherwise])
        pairs = list(zip(matched, results, strict=True))
        missing = any_of(*(exp.Paren(this=all_of(row, is_null(each.sql))) for row, each in pairs))
        if box.aggregation == "SUM":
            rows = zip(matched, chosen, strict=True)
            parts = [when((row, each), otherwise=zero) for row, each in rows]
            found = _added([widened(parts[0]), *parts[1:]])
        else:
            rivals = [replace(each, sql=sql) for each, sql in zip(results, chosen, strict=True)]
            found = self._extreme(box, list(zip(matched, rivals, strict=True)))
        branches = [
            (exp.Not(this=exp.Paren(this=any_of(*matched))), rest),
            (missing, exp.Null()),
        ]
        return Typed(when(*branches, otherwise=found), "number", scale=scale)

    def _extreme(self, box: TableBox, pairs: list[tuple[Sql, Typed]]) -> Sql:
        """The row whose result no other matching row's betters."""
        worse = exp.LT if box.aggregation == "MIN" else exp.GT
        branches: list[tuple[Sql, Sql]] = []
        for row, each in pairs:
            beaten = [
                exp.Paren(this=all_of(other, worse(this=rival.sql, expression=each.sql)))
                for other, rival in pairs
                if rival is not each
            ]
            best = exp.Not(this=exp.Paren(this=any_of(*beaten))) if beaten else exp.true()
            branches.append((all_of(row, best), each.sql))
        return when(*branches)


_NO_NUMBER = Typed(exp.cast(exp.Null(), "int"), "number", known=True, scale=0)


def _added(parts: list[Sql]) -> Sql:
    total = parts[0]
    for part in parts[1:]:
        total = exp.Add(this=total, expression=part)
    return exp.Paren(this=total)
