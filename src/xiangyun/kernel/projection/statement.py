"""Indicators and data sets as SQL over rows, for PostgreSQL and for DuckDB alike.

The rows are a query that whoever calls gives: its columns bear the names of the fields, and beside
them stand `_division` (a number), `_period` (its first day) and `on` (its last). All that is
computed of them is one statement, however many rows, periods and divisions there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from sqlglot import exp

from xiangyun.kernel.dmn.sqldialects import Dialect, spoken
from xiangyun.kernel.dmn.sqlfeel import FeelToSql, Typed, Where, is_true
from xiangyun.kernel.dmn.sqlrows import column_scope
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.projection.model import (
    DIVISION,
    ON,
    PERIOD,
    TOTAL,
    Column,
    DataSet,
    Indicator,
    Measure,
)
from xiangyun.kernel.projection.population import LEVELS

ROW = "seen"
"""What the rows are called in a statement."""
_SPANS = {level: 10 ** (12 - digits) for level, digits in LEVELS.items()}
_TYPES = {"text": "text", "integer": "bigint", "number": "double precision",
          "boolean": "boolean", "date": "date", "division": "text"}  # fmt: skip
CONTRIBUTORS = "_n"
"""Beside a measured row: how many rows it was computed of."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A query, and the types of its columns as they are declared (`text`, `number`, …).

    `has_period`: whether each row belongs to a period.
    """

    sql: str
    types: Mapping[str, str]
    has_period: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The names that formulas may use."""
        return frozenset(self.types) | {ON, DIVISION} | ({PERIOD} if self.has_period else set())


class Dividing(FeelToSql):
    """FEEL over figures: they are rounded to declared places, so that they may be divided."""

    def _divided(self, node: ast.Arithmetic, left: Typed) -> Typed:
        right = self.expression(node.right)
        above = exp.cast(left.sql, "double")
        below = exp.Nullif(this=exp.cast(right.sql, "double"), expression=exp.Literal.number(0))
        return Typed(exp.Paren(this=exp.Div(this=above, expression=below)), "number", wide=True)


class Compiler:
    """Formulas over rows of these types, in the words of a dialect."""

    def __init__(self, rows: Rows, dialect: Dialect) -> None:
        self.dialect = dialect
        self.scope: dict[str, Callable[[], Typed]] = column_scope(rows.types, ROW)
        if ON not in rows.types:  # a register's own field of that name is what it calls so
            self.scope[ON] = lambda: Typed(_column("_on"), "date")
        self.scope[DIVISION] = lambda: Typed(_twelve_digits(_column("_division")), "string")
        if rows.has_period:
            self.scope[PERIOD] = lambda: Typed(_column("_period"), "date")

    def typed(self, formula: Formula) -> Typed:
        """The formula as SQL. Raises Refused with what cannot be said in SQL."""
        where = Where(formula.expression.source, formula.place.file, formula.place.line)
        feel = Dividing(where, self.scope, lambda path: feel.refuse(path))
        return feel.expression(formula.expression.syntax)

    def value(self, formula: Formula) -> str:
        """Its value."""
        return self._said(self.typed(formula).sql)

    def number(self, formula: Formula) -> str:
        """Its value, which has to be a number."""
        found = self.typed(formula)
        if found.kind != "number":
            raise Refused([_no_number(formula)])
        return self._said(found.sql)

    def condition(self, formula: Formula | None) -> str:
        """Whether it is true; null counts as false. Without one, always."""
        if formula is None:
            return "true"
        found = self.typed(formula)
        if found.kind != "boolean":
            raise Refused([_no_condition(formula)])
        return self._said(is_true(found.sql))

    def measured(self, measure: Measure) -> str:
        """What is put into an aggregate, under the name `_value` or another."""
        if measure.formula is None:
            return "1"
        if measure.kind == "share":
            return f"CASE WHEN {self.condition(measure.formula)} THEN 1 ELSE 0 END"
        if measure.kind == "distinct":
            return self.value(measure.formula)
        return self.number(measure.formula)

    def _said(self, sql: exp.Expr) -> str:
        return spoken(sql, self.dialect).sql(dialect=self.dialect, identify=True)


def figures_sql(indicator: Indicator, rows: Rows, dialect: Dialect) -> str:
    """The figures of an indicator: `period, level, place, part, counted, value`.

    `level` is the number of digits of the divisions, `place` their code as a number; `part` is
    empty for all parts together. Raises Refused for what SQL cannot say.
    """
    compiler = Compiler(rows, dialect)
    assert indicator.measure is not None
    spans = {LEVELS[level]: _SPANS[level] for level in indicator.levels}
    places = [f"coalesce(_division, 0) - mod(coalesce(_division, 0), {span}) AS d{digits}"
              for digits, span in spans.items()]  # fmt: skip
    part = f', {_text(_named(indicator.part), dialect)} AS "_part"' if indicator.part else ""
    sets = [f"(_period, d{digits})" for digits in spans]
    if indicator.part:
        sets += [f"(_period, d{digits}, _part)" for digits in spans]
    level = " ".join(f"WHEN GROUPING(d{digits}) = 0 THEN {digits}" for digits in spans)
    said = "CASE WHEN GROUPING(_part) = 1 THEN '' ELSE coalesce(_part, '-') END"
    return f"""
SELECT _period AS period, CASE {level} END AS level,
    coalesce({", ".join(f"d{digits}" for digits in reversed(spans))}) AS place,
    {said if indicator.part else "''"} AS part,
    count(*) AS counted, {aggregate(indicator.measure, "_value", indicator.decimals)} AS value
FROM (
    SELECT _period, {", ".join(places)}, {compiler.measured(indicator.measure)} AS _value{part}
    FROM ({rows.sql}) AS {ROW} WHERE {compiler.condition(indicator.when)}
) AS chosen
GROUP BY GROUPING SETS ({", ".join(sets)})"""


def facts_sql(indicator: Indicator, rows: Rows, dialect: Dialect) -> str:
    """The rows that an indicator counts, whole: what a figure is traced to."""
    compiler = Compiler(rows, dialect)
    return f"SELECT {ROW}.* FROM ({rows.sql}) AS {ROW} WHERE {compiler.condition(indicator.when)}"


def composed_sql(indicator: Indicator, rows: Rows, dialect: Dialect) -> str:
    """The figures of an indicator that is made of others, from rows with a column for each.

    The rows have `period, level, place, part` besides.
    """
    assert indicator.of is not None
    value = rounded(Compiler(rows, dialect).number(indicator.of), indicator.decimals)
    return f"""
SELECT {ROW}.period, {ROW}.level, {ROW}.place, {ROW}.part, 0 AS counted, {value} AS value
FROM ({rows.sql}) AS {ROW}"""


def table_sql(dataset: DataSet, rows: Rows, dialect: Dialect) -> str:
    """The rows of a data set under the names of its columns, in their order, sorted by them.

    A measured row of a table with `disclosure` has the columns of `guarded_columns` besides.
    """
    compiler = Compiler(rows, dialect)
    source = f"FROM ({rows.sql}) AS {ROW} WHERE {compiler.condition(dataset.when)}"
    if not dataset.measured:
        columns = [_plain(compiler, column) for column in dataset.columns]
        return f"SELECT {', '.join(columns)} {source} ORDER BY {_order(len(columns))}"
    return _grouped(dataset, compiler, source)


def _grouped(dataset: DataSet, compiler: Compiler, source: str) -> str:
    inner, outer, choices = [], [], list[list[tuple[str, ...]]]()
    for column in dataset.columns:
        if column.measure is not None:
            inner.append(f"{compiler.measured(column.measure)} AS {_name(column.name)}")
            outer.append(_measured(column))
        elif column.type == "division" and _is_division(column):
            names = [f"_{level}" for level in dataset.levels]
            inner += [
                f"coalesce(_division, 0) - mod(coalesce(_division, 0), {_SPANS[level]}) AS _{level}"
                for level in dataset.levels
            ]
            finest = ", ".join(reversed(names))
            outer.append(f"lpad(cast(coalesce({finest}) AS text), 12, '0') AS {_name(column.name)}")
            choices.append([(name,) for name in names])
        else:
            inner.append(_plain(compiler, column))
            name = _name(column.name)
            choices.append([(name,), ()] if column.total else [(name,)])
            outer.append(_or_total(name) if column.total else name)
    outer += [f"{sql} AS {_name(name)}" for name, _, sql in guarded_columns(dataset)]
    sets = [", ".join(name for some in chosen for name in some) for chosen in product(*choices)]
    grouping = ", ".join(f"({one})" for one in sets)
    return f"""
SELECT {", ".join(outer)}
FROM (SELECT {", ".join(inner)} {source}) AS chosen
GROUP BY GROUPING SETS ({grouping}) ORDER BY {_order(len(dataset.dimensions))}"""


def _order(count: int) -> str:
    return ", ".join(str(number) for number in range(1, max(count, 1) + 1))


def guarded_columns(dataset: DataSet) -> Iterator[tuple[str, str, str]]:
    """Name, type and SQL of what is kept of a measured row beside its columns, and never shown.

    `CONTRIBUTORS`: how many rows it is of; where the table has `disclosure`, for each measure of a
    formula `_n_NAME`, how many have a value; for a sum, an average, a share `_sum_NAME`, their sum,
    since it follows from what is shown; for a sum where dominance counts `_top_NAME`, what the
    largest give together.
    """
    rule = dataset.disclosure
    for column in dataset.measured:
        measure, name = column.measure, _name(column.name)
        if rule is None or measure is None or measure.kind == "count":
            continue
        yield f"_n_{column.name}", "integer", f"count({name})"
        if measure.kind in ADDITIVE:
            yield f"_sum_{column.name}", "number", f"sum({name})"
        if rule.largest and measure.kind == "sum":
            largest = f"(array_agg({name} ORDER BY {name} DESC NULLS LAST))[1:{rule.largest}]"
            top = f"(SELECT sum(u) FROM unnest({largest}) AS t(u))"
            yield f"_top_{column.name}", "number", top
    yield CONTRIBUTORS, "integer", "count(*)"


ADDITIVE = ("sum", "average", "share")
"""Measures by which, with the number of rows, a sum is known."""


def _measured(column: Column) -> str:
    assert column.measure is not None
    value = aggregate(column.measure, _name(column.name), column.decimals)
    return f"cast({value} AS {_TYPES[column.type]}) AS {_name(column.name)}"


def _plain(compiler: Compiler, column: Column) -> str:
    if column.of is None:
        return f"{ROW}.{_name(column.name)}"
    found = compiler.value(column.of)
    if column.type == "number":
        found = rounded(found, column.decimals)
    return f"cast({found} AS {_TYPES[column.type]}) AS {_name(column.name)}"


def _is_division(column: Column) -> bool:
    return column.of is not None and column.of.expression.source.strip() == DIVISION


def _or_total(name: str) -> str:
    return f"CASE WHEN GROUPING({name}) = 1 THEN '{TOTAL}' ELSE {name} END AS {name}"


def aggregate(measure: Measure, value: str, decimals: int) -> str:
    """A measure over the values of a group, rounded."""
    if measure.kind == "count":
        return "count(*)"
    if measure.kind == "distinct":
        return f"count(DISTINCT {value})"
    made = {
        "sum": f"sum({value})",
        "average": f"avg({value})",
        "median": f"percentile_cont(0.5) WITHIN GROUP (ORDER BY cast({value} AS double precision))",
        "share": f"avg({value}) * 100",
        "most": f"max({value})",
        "least": f"min({value})",
    }[measure.kind]
    return rounded(made, decimals)


def rounded(sql: str, decimals: int) -> str:
    """Rounded half away from zero to so many places."""
    return f"round(cast({sql} AS decimal(38, 10)), {decimals})"


def _column(name: str) -> exp.Expr:
    return exp.column(name, table=ROW, quoted=True)


def _named(name: str) -> exp.Expr:
    return _twelve_digits(_column("_division")) if name == DIVISION else _column(name)


def _text(sql: exp.Expr, dialect: Dialect) -> str:
    return f"cast({sql.sql(dialect=dialect, identify=True)} AS text)"


def _twelve_digits(number: exp.Expr) -> exp.Expr:
    text = exp.cast(number, "text")
    return exp.Anonymous(
        this="lpad", expressions=[text, exp.Literal.number(12), exp.Literal.string("0")]
    )


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def unknown_in(formulas: Sequence[Formula | None], rows: Rows) -> Iterator[Finding]:
    """A finding for each name in formulas that the rows do not have."""
    for formula in formulas:
        if formula is not None:
            yield from formula.unknown(rows.names)


def _no_number(formula: Formula) -> Finding:
    return fault(
        "projection.E011",
        Text("这个公式的结果不是数字。", "The formula gives no number."),
        formula.place,
    )


def _no_condition(formula: Formula) -> Finding:
    return fault(
        "projection.E012",
        Text("这个公式不是条件。", "The formula is no condition."),
        formula.place,
    )
