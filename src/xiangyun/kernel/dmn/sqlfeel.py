"""FEEL to SQL expressions that mean the same, nulls included.

Only what SQL can say exactly is compiled. Everything else is refused by its place, because a rule
that decides millions of people a little differently than it decides one is worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, Literal, NoReturn

from sqlglot import exp

from xiangyun.kernel.conditions.cells import constant
from xiangyun.kernel.dmn.sqldialects import Bytewise, DayOfWeek, Scaled, Widened
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.durations import DAY, DaysTime, YearsMonths, parse_duration
from xiangyun.kernel.feel.free import uses_name
from xiangyun.kernel.feel.lexer import position
from xiangyun.kernel.feel.literals import at_literal
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.findings import Finding, Place, Refused, Text

Kind = Literal["number", "string", "boolean", "date", "null"]
Sql = exp.Expr
_ORDERED = ("number", "string", "date")
_COMPARISONS: dict[str, type[exp.Binary]] = {
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A SQL expression and the kind of its value; `known` for literals, which are never null.

    `wide` numbers are computed in a type that a further step does not overflow. `scale` is the
    most decimal places that a number's type has, where that is known.
    """

    sql: Sql
    kind: Kind
    known: bool = False
    wide: bool = False
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """The text an expression stands in, for the place of a refusal."""

    source: str
    file: str = ""
    line: int = 0


Scope = Mapping[str, Callable[[], Typed]]
NULL = Typed(exp.Null(), "null")


def boolean(sql: Sql) -> Typed:
    """A condition, in brackets so that it can stand anywhere."""
    return Typed(bracketed(sql), "boolean")


def bracketed(sql: Sql) -> Sql:
    """The expression in brackets, unless it needs none."""
    return sql if isinstance(sql, (exp.Paren, exp.Boolean, exp.Null)) else exp.Paren(this=sql)


def both(*conditions: Sql) -> Sql:
    """AND in three-valued logic, which is SQL's own."""
    return reduce(_and, conditions)


def either(*conditions: Sql) -> Sql:
    """OR in three-valued logic."""
    return reduce(_or, conditions)


def _and(one: Sql, other: Sql) -> Sql:
    return exp.And(this=one, expression=other)


def _or(one: Sql, other: Sql) -> Sql:
    return exp.Or(this=one, expression=other)


def when(*branches: tuple[Sql, Sql], otherwise: Sql | None = None) -> Sql:
    """CASE WHEN … THEN … ELSE … END, in brackets."""
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Paren(this=exp.Case(ifs=ifs, default=otherwise or exp.Null()))


def is_null(sql: Sql) -> Sql:
    """IS NULL."""
    return exp.Is(this=sql, expression=exp.Null())


def is_true(sql: Sql) -> Sql:
    """The condition with null taken as false."""
    return exp.Coalesce(this=sql, expressions=[exp.false()])


def widened(number: Sql) -> Sql:
    """A number in a type with room to compute in: a column may be as narrow as eight bits."""
    return Widened(this=number)


def literal(value: object) -> Typed | None:
    """A FEEL value written out in SQL; None for kinds SQL is not asked to hold."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Typed(exp.Boolean(this=value), "boolean", True)
    if isinstance(value, Decimal):
        number = exp.Literal.number(format(abs(value), "f"))
        sql = exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
        return Typed(sql, "number", True, scale=_places(value))
    if isinstance(value, str):
        return Typed(exp.Literal.string(value), "string", True)
    if isinstance(value, date):
        text = exp.Literal.string(value.isoformat())
        return Typed(exp.cast(text, "date"), "date", True)
    return None


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def alike(values: Sequence[Typed]) -> tuple[list[Sql], int | None]:
    """Values of which one is chosen, numbers with as many places as any of them; and how many.

    Where the places of one are not known, all stay as they are.
    """
    scales = [each.scale for each in values if each.kind == "number"]
    known = [scale for scale in scales if scale is not None]
    if len(known) < len(scales) or not known:
        return [each.sql for each in values], None
    most = max(known)
    return [
        Scaled(this=each.sql, scale=most)
        if each.kind == "number" and not each.known and (each.scale or 0) < most
        else each.sql
        for each in values
    ], most


class FeelToSql:
    """Compiles the nodes of one text; `scope` gives each name's SQL."""

    def __init__(self, where: Where, scope: Scope, paths: Callable[[ast.Path], Typed]) -> None:
        self.where = where
        self.scope = scope
        self.paths = paths

    def refuse(self, node: ast.Node, why: Text | None = None) -> NoReturn:
        """Refuse a node by its name and place."""
        line, column = position(self.where.source, node.start)
        name = type(node).__name__.removesuffix("Node").lower()
        shown = self.where.source[node.start : node.end].strip() or self.where.source.strip()
        message = (
            Text(
                "“{shown}”（{name}）不能编译成 SQL：{why}。",
                "“{shown}” ({name}) cannot be compiled to SQL: {why}.",
                shown=shown,
                name=name,
                why=why,
            )
            if why
            else Text(
                "“{shown}”（{name}）不能编译成 SQL。",
                "“{shown}” ({name}) cannot be compiled to SQL.",
                shown=shown,
                name=name,
            )
        )
        whole_line = self.where.line + line - 1 if self.where.line else line
        raise Refused(
            [Finding("dmn.E030", "error", message, Place(self.where.file, whole_line, column))]
        )

    def expression(self, node: ast.Node) -> Typed:
        """The node as SQL."""
        method: Callable[[Any], Typed] | None = getattr(
            self, "_" + type(node).__name__.lower(), None
        )
        if method is None:
            self.refuse(node)
        return method(node)

    def _constant(self, node: ast.Constant) -> Typed:
        return literal(node.value) or NULL

    def _atliteral(self, node: ast.AtLiteral) -> Typed:
        found = literal(at_literal(node.text))
        if found is None:
            self.refuse(node)
        return found

    def _name(self, node: ast.Name) -> Typed:
        if node.name not in self.scope:
            self.refuse(node, Text("没有这个名称", "there is no such name"))
        return self.scope[node.name]()

    # Operators ----------------------------------------------------------------------------------

    def _negation(self, node: ast.Negation) -> Typed:
        operand = self.expression(node.operand)
        if operand.kind != "number":
            self.refuse(node)
        sql = operand.sql if operand.known or operand.wide else widened(operand.sql)
        return Typed(
            exp.Paren(this=exp.Neg(this=sql)),
            "number",
            operand.known,
            not operand.known,
            operand.scale,
        )

    def _arithmetic(self, node: ast.Arithmetic) -> Typed:
        duration = _duration(node.right)
        left = self.expression(node.left)
        if duration is not None and left.kind == "date" and node.operator in "+-":
            return self._shifted(node, left, duration)
        right = self.expression(node.right)
        kinds = {left.kind, right.kind}
        if "null" in kinds:
            return NULL
        if kinds == {"string"} and node.operator == "+":
            return Typed(
                exp.Paren(this=exp.DPipe(this=left.sql, expression=right.sql, safe=False)), "string"
            )
        if kinds != {"number"}:
            self.refuse(node)
        if node.operator == "/":
            return self._divided(node, left)
        makers: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
        if node.operator not in makers:
            self.refuse(node)
        wide = left.sql if left.wide or right.wide else widened(left.sql)
        made: Sql = makers[node.operator](this=wide, expression=right.sql)
        scale: int | None = None
        if left.scale is not None and right.scale is not None:
            places = (left.scale, right.scale)
            scale = sum(places) if node.operator == "*" else max(places)
        return Typed(exp.Paren(this=made), "number", wide=True, scale=scale)

    def _divided(self, node: ast.Arithmetic, left: Typed) -> Typed:
        """Division by a literal whose reciprocal is finite; any other is not exact in SQL."""
        divisor = node.right.value if isinstance(node.right, ast.Constant) else None
        if isinstance(divisor, Decimal) and divisor:
            reciprocal = 1 / divisor
            if reciprocal * divisor == 1 and len(reciprocal.as_tuple().digits) <= 12:
                factor = exp.Literal.number(format(reciprocal, "f"))
                wide = left.sql if left.wide else widened(left.sql)
                product = exp.Mul(this=wide, expression=factor)
                scale = None if left.scale is None else left.scale + _places(reciprocal)
                return Typed(exp.Paren(this=product), "number", wide=True, scale=scale)
        self.refuse(node, Text("SQL 的除法不精确", "division is not exact in SQL"))

    def _shifted(self, node: ast.Arithmetic, day: Typed, duration: DaysTime | YearsMonths) -> Typed:
        if isinstance(duration, DaysTime):
            amount, rest = divmod(duration.nanos, DAY)
            unit = "day"
        else:
            amount, rest, unit = duration.months, 0, "month"
        if rest:
            self.refuse(node, Text("不是整天", "not whole days"))
        if node.operator == "-":
            amount = -amount
        step = exp.Interval(this=exp.Literal.string(str(abs(amount))), unit=exp.var(unit))
        maker = exp.Add if amount >= 0 else exp.Sub
        return Typed(exp.cast(maker(this=day.sql, expression=step), "date"), "date")

    def _comparison(self, node: ast.Comparison) -> Typed:
        left, right = self.expression(node.left), self.expression(node.right)
        if node.operator in _COMPARISONS:
            return self.ordered(node.operator, left, right)
        same = self.equal(left, right)
        if node.operator == "=" or same is NULL:
            return same
        return boolean(exp.Not(this=same.sql))

    def ordered(self, operator: str, left: Typed, right: Typed) -> Typed:
        """`left operator right`; null where the kinds have no common order."""
        if left.kind != right.kind or left.kind not in _ORDERED:
            return Typed(exp.Null(), "boolean")
        one, other = left.sql, right.sql
        if left.kind == "string":
            one, other = (Bytewise(this=side) for side in (one, other))
        return boolean(_COMPARISONS[operator](this=one, expression=other))

    def equal(self, left: Typed, right: Typed) -> Typed:
        """FEEL's `=`: null equals null, and only null."""
        if left.kind == "null" or right.kind == "null":
            side = right.sql if left.kind == "null" else left.sql
            return boolean(is_null(side))
        if left.kind != right.kind:
            unlike = [is_null(left.sql), is_null(right.sql)]
            neither = exp.Not(this=exp.Paren(this=either(*unlike)))
            return Typed(when((neither, exp.Null()), otherwise=both(*unlike)), "boolean")
        if left.known and right.known:
            return boolean(exp.EQ(this=left.sql, expression=right.sql))
        return boolean(exp.NullSafeEQ(this=left.sql, expression=right.sql))

    def _junction(self, node: ast.Junction) -> Typed:
        operands = [self.condition(operand) for operand in node.operands]
        return boolean((both if node.kind == "and" else either)(*operands))

    def condition(self, node: ast.Node) -> Sql:
        """A node as a condition; what is no boolean is null."""
        found = self.expression(node)
        return found.sql if found.kind == "boolean" else exp.cast(exp.Null(), "boolean")

    def _between(self, node: ast.Between) -> Typed:
        value, low, high = map(self.expression, (node.operand, node.low, node.high))
        above, below = self.ordered("<=", low, value).sql, self.ordered("<=", value, high).sql
        # FEEL asks for the lower end first, and stops at null.
        return Typed(when((is_null(above), exp.Null()), otherwise=both(above, below)), "boolean")

    def _if(self, node: ast.If) -> Typed:
        yes, no = self.expression(node.yes), self.expression(node.no)
        kinds = {yes.kind, no.kind} - {"null"}
        if len(kinds) > 1:
            self.refuse(node, Text("两个结果不是同一类", "the two results are of different kinds"))
        kind: Kind = yes.kind if yes.kind != "null" else no.kind
        (one, other), scale = alike([yes, no])
        found = when((self.condition(node.condition), one), otherwise=other)
        return Typed(found, kind, scale=scale)

    def _in(self, node: ast.In) -> Typed:
        value = self.expression(node.operand)
        return boolean(either(*(self.test(test, value) for test in node.tests)))

    # Unary tests --------------------------------------------------------------------------------

    def tests(self, node: ast.Node, value: Typed) -> Sql | None:
        """A cell as a condition on a value; None where it always holds."""
        if isinstance(node, ast.Anything):
            return None
        if not isinstance(node, ast.Tests):
            self.refuse(node)
        inner = FeelToSql(self.where, {**self.scope, INPUT: lambda: value}, self.paths)
        found = either(*(inner.test(test, value) for test in node.tests))
        return exp.Not(this=bracketed(found)) if node.negated else bracketed(found)

    def test(self, node: ast.Node, value: Typed) -> Sql:
        """One positive unary test."""
        if isinstance(node, ast.UnaryComparison):
            operand = self.expression(node.operand)
            if node.operator in _COMPARISONS:
                return self.ordered(node.operator, value, operand).sql
            same = self.equal(value, operand).sql
            return same if node.operator == "=" else exp.Not(this=same)
        if isinstance(node, ast.RangeNode):
            return self._in_range(node, value)
        if isinstance(node, ast.ListNode):
            options = [is_true(self.test(item, value)) for item in node.items]
            return exp.Paren(this=either(*options)) if options else exp.false()
        if uses_name(node, INPUT):
            found = self.expression(node)
            return found.sql if found.kind == "boolean" else self.equal(value, found).sql
        found = self.expression(node)
        if found.kind == "boolean" and value.kind != "boolean":
            self.refuse(node, Text("条件里没有 ?", "a condition without “?”"))
        return self.equal(value, found).sql

    def _in_range(self, node: ast.RangeNode, value: Typed) -> Sql:
        if node.low is None or node.high is None:
            self.refuse(node)
        low, high = self.expression(node.low), self.expression(node.high)
        above = self.ordered(">=" if node.low_closed else ">", value, low).sql
        below = self.ordered("<=" if node.high_closed else "<", value, high).sql
        inside = exp.Paren(this=both(above, below))
        if low.known and high.known:
            # Ends the wrong way round make no range, and so no verdict.
            return exp.cast(exp.Null(), "boolean") if self._is_turned(node) else inside
        turned = self.ordered(">", low, high).sql
        missing = either(is_null(low.sql), is_null(high.sql), is_null(value.sql))
        return when((either(missing, turned), exp.Null()), otherwise=inside)

    def _is_turned(self, node: ast.RangeNode) -> bool:
        (_, low), (_, high) = (constant(end or node) for end in (node.low, node.high))
        return type(low) is type(high) and bool(low > high)

    # Paths and calls ----------------------------------------------------------------------------

    def _path(self, node: ast.Path) -> Typed:
        months = _months_between(node)
        if months is not None:
            return self._years_or_months(months, node.member)
        if isinstance(node.source, (ast.Name, ast.Path)):
            root: ast.Node = node.source
            while isinstance(root, ast.Path):
                root = root.source
            if isinstance(root, ast.Name) and not self._is_date(node.source):
                return self.paths(node)
        day = self.expression(node.source)
        if day.kind == "date" and node.member in _PARTS:
            return Typed(_PARTS[node.member](day.sql), "number", scale=0)
        self.refuse(node)

    def _is_date(self, node: ast.Node) -> bool:
        try:
            return self.expression(node).kind == "date"
        except Refused:
            return False

    def _years_or_months(self, call: ast.Call, member: str) -> Typed:
        """`years and months duration(from, to).years`: whole years (or months left), signed."""
        start, end = (self.expression(argument) for argument in call.arguments)
        if (start.kind, end.kind) != ("date", "date"):
            self.refuse(call)
        parts = {
            (name, which): exp.Extract(this=exp.var(which), expression=side.sql)
            for name, side in (("start", start), ("end", end))
            for which in ("year", "month", "day")
        }

        def difference(which: str) -> Sql:
            return exp.Paren(
                this=exp.Sub(this=parts["end", which], expression=parts["start", which])
            )

        years = exp.Mul(this=difference("year"), expression=exp.Literal.number(12))
        total = exp.Paren(this=exp.Add(this=years, expression=difference("month")))
        zero, one = exp.Literal.number(0), exp.Literal.number(1)
        days = difference("day")
        whole = when(
            (both(exp.GT(this=total, expression=zero), exp.LT(this=days, expression=zero)),
             exp.Sub(this=total, expression=one)),
            (both(exp.LT(this=total, expression=zero), exp.GT(this=days, expression=zero)),
             exp.Add(this=total, expression=one)),
            otherwise=total,
        )  # fmt: skip
        twelfth = exp.Div(this=whole, expression=exp.Literal.number("12.0"))
        full_years = when(
            (exp.GTE(this=whole, expression=zero), exp.Floor(this=twelfth)),
            otherwise=exp.Ceil(this=twelfth.copy()),
        )
        if member == "years":
            return Typed(exp.cast(full_years, "decimal(18, 0)"), "number", scale=0)
        in_years = exp.Mul(this=full_years, expression=exp.Literal.number(12))
        left = exp.Sub(this=whole, expression=in_years)
        return Typed(exp.cast(left, "decimal(18, 0)"), "number", scale=0)

    def _call(self, node: ast.Call) -> Typed:
        if not isinstance(node.function, ast.Name) or node.names is not None:
            self.refuse(node)
        name = node.function.name
        if name in self.scope:
            self.refuse(node, Text("调用模型里的函数", "a call of a function of the model"))
        if name == "date" and len(node.arguments) == 1:
            return self._date(node, node.arguments[0])
        arguments = [self.expression(argument) for argument in node.arguments]
        signature = (name, *(argument.kind for argument in arguments))
        if signature not in _FUNCTIONS:
            self.refuse(node)
        return _FUNCTIONS[signature](arguments)

    def _date(self, node: ast.Call, argument: ast.Node) -> Typed:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            found = at_literal(argument.value)
            return (literal(found) if isinstance(found, date) else None) or NULL
        day = self.expression(argument)
        if day.kind != "date":
            self.refuse(node)
        return day


def _months_between(node: ast.Path) -> ast.Call | None:
    call = node.source
    if not isinstance(call, ast.Call) or call.names is not None or len(call.arguments) != 2:
        return None
    wanted = ast.Name("years and months duration")
    return call if call.function == wanted and node.member in ("years", "months") else None


def _duration(node: ast.Node) -> DaysTime | YearsMonths | None:
    """A duration written out."""
    if isinstance(node, ast.AtLiteral):
        return parse_duration(node.text)
    if isinstance(node, ast.Call) and node.function == ast.Name("duration"):
        (first, *_) = node.arguments or (None,)
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return parse_duration(first.value)
    return None


def _extreme(maker: type[exp.Func]) -> Callable[[Sequence[Typed]], Typed]:
    """LEAST and GREATEST, but null when any is null."""

    def make(arguments: Sequence[Typed]) -> Typed:
        sides, scale = alike(arguments)
        missing = either(*(is_null(each.sql) for each in arguments))
        found: Sql = maker(this=sides[0], expressions=sides[1:], ignore_nulls=True)
        return Typed(when((missing, exp.Null()), otherwise=found), "number", scale=scale)

    return make


def _exact(number: Sql) -> Sql:
    """A number as a decimal: of an integer, databases give floor and ceiling as floating point."""
    return exp.Mul(this=exp.paren(number), expression=exp.Literal.number("1.0"))


def _part(name: str) -> Callable[[Sql], Sql]:
    return lambda day: exp.Extract(this=exp.var(name), expression=day)


def _weekday(day: Sql) -> Sql:
    return DayOfWeek(this=day)


_PARTS: Mapping[str, Callable[[Sql], Sql]] = {
    **{name: _part(name) for name in ("year", "month", "day")},
    "weekday": _weekday,
}
"""Properties of a date (DMN 1.5, table 65)."""


def _named(number: Sql, names: Sequence[str]) -> Typed:
    """A number from 1 as one of as many names; null where it is null."""
    branches = [
        (exp.EQ(this=number, expression=exp.Literal.number(at)), exp.Literal.string(name))
        for at, name in enumerate(names, 1)
    ]
    return Typed(when(*branches), "string")


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def _positive(left: Sql, right: Sql) -> Sql:
    return exp.GT(this=exp.StrPosition(this=left, substr=right), expression=exp.Literal.number(0))


def _whole(sql: Sql) -> Typed:
    """A whole number."""
    return Typed(sql, "number", scale=0)


_FUNCTIONS: dict[tuple[str, ...], Callable[[Sequence[Typed]], Typed]] = {
    ("not", "boolean"): lambda a: boolean(exp.Not(this=a[0].sql)),
    ("abs", "number"): lambda a: Typed(
        exp.Abs(this=widened(a[0].sql)), "number", wide=True, scale=a[0].scale
    ),
    ("floor", "number"): lambda a: _whole(exp.Floor(this=_exact(a[0].sql))),
    ("ceiling", "number"): lambda a: _whole(exp.Ceil(this=_exact(a[0].sql))),
    ("string length", "string"): lambda a: _whole(exp.Length(this=a[0].sql)),
    ("contains", "string", "string"): lambda a: boolean(_positive(a[0].sql, a[1].sql)),
    ("starts with", "string", "string"): lambda a: boolean(
        exp.StartsWith(this=a[0].sql, expression=a[1].sql)
    ),
    ("day of week", "date"): lambda a: _named(_weekday(a[0].sql), _DAYS),
    ("month of year", "date"): lambda a: _named(_part("month")(a[0].sql), _MONTHS),
    ("day of year", "date"): lambda a: _whole(_part("doy")(a[0].sql)),
    ("week of year", "date"): lambda a: _whole(_part("week")(a[0].sql)),
    **{("min", *["number"] * n): _extreme(exp.Least) for n in range(2, 6)},
    **{("max", *["number"] * n): _extreme(exp.Greatest) for n in range(2, 6)},
}
