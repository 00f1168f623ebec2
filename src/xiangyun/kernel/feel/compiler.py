"""Syntax tree to Python closures, once; running an expression then is calling its closure.

Every closure takes the `Scope` and gives a value. What is null for a reason raises `NullResult`
below and is caught here, where the reason is written down with its place: on the way that
succeeds, this costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from operator import ge, gt, le, lt
from typing import Any

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.arithmetic import OPERATIONS, negate, raised
from xiangyun.kernel.feel.budget import Spent, fits, weight
from xiangyun.kernel.feel.builtins import BUILTINS
from xiangyun.kernel.feel.calls import compile_call, compile_function
from xiangyun.kernel.feel.compare import compare, equal
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.literals import at_literal, make_range, unary_range
from xiangyun.kernel.feel.logic import all_of, any_of
from xiangyun.kernel.feel.loops import compile_filter, compile_for, compile_quantified
from xiangyun.kernel.feel.members import member
from xiangyun.kernel.feel.running import Run, no_number, safely
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import NULL, Type, resolve
from xiangyun.kernel.feel.unary import compile_in, compile_tests
from xiangyun.kernel.feel.values import DECIMAL128, Value
from xiangyun.kernel.findings import Text

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_DECIMAL: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": DECIMAL128.add,
    "-": DECIMAL128.subtract,
    "*": DECIMAL128.multiply,
    "/": DECIMAL128.divide,
    "**": raised,
}
# Kinds whose equality in Python is their equality in FEEL.
_PLAIN = frozenset([Decimal, str, bool])


class Compiler:
    """Compiles the nodes of one source text; `types` are the item definitions it may name."""

    def __init__(self, source: str, types: Mapping[str, Type]) -> None:
        self.source = source
        self.types = types

    def compile(self, node: ast.Node) -> Run:
        method: Callable[[Any], Run] = getattr(self, "_" + type(node).__name__.lower())
        return method(node)

    # Atoms --------------------------------------------------------------------------------------

    def _constant(self, node: ast.Constant) -> Run:
        value = node.value
        return lambda scope: value

    def _atliteral(self, node: ast.AtLiteral) -> Run:
        value = at_literal(node.text)
        if value is not None:
            return lambda scope: value
        error = NullResult(
            "conversion",
            Text(
                "“{text}”不是日期、时间或时长。",
                "“{text}” is not a date, time or duration.",
                text=node.text,
            ),
        )
        return self._always_null(error, node)

    def _always_null(self, error: NullResult, node: ast.Node) -> Run:
        source, offset = self.source, node.start
        return lambda scope: scope.warn(error, source, offset)

    def _name(self, node: ast.Name) -> Run:
        name = node.name
        builtin = BUILTINS.get(name)
        error = NullResult(
            "unknown-name", Text("没有“{name}”。", "There is no “{name}”.", name=name)
        )
        source, offset = self.source, node.start

        def run(scope: Scope) -> Value:
            try:
                return scope[name]
            except KeyError:
                if builtin is not None:
                    return builtin.as_value(scope.evaluation)
                scope.warn(error, source, offset)
                return None

        return run

    def _listnode(self, node: ast.ListNode) -> Run:
        items = [self.compile(item) for item in node.items]
        return lambda scope: [item(scope) for item in items]

    def _contextnode(self, node: ast.ContextNode) -> Run:
        entries = [(key, self.compile(value)) for key, value in node.entries]
        keys = [key for key, _ in entries]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            error = NullResult(
                "arguments", Text("“{twice}”有两个。", "“{twice}” stands twice.", twice=twice)
            )
            return self._always_null(error, node)

        def run(scope: Scope) -> Value:
            inner = scope.inner()
            result: dict[str, Value] = {}
            for key, value in entries:
                result[key] = inner[key] = value(inner)
            return result

        return run

    def _rangenode(self, node: ast.RangeNode) -> Run:
        low = self.compile(node.low) if node.low else None
        high = self.compile(node.high) if node.high else None
        low_closed, high_closed = node.low_closed, node.high_closed

        def run(scope: Scope) -> Value:
            first = low(scope) if low else None
            last = high(scope) if high else None
            return make_range(first, last, low_closed, high_closed)

        return safely(run, node, self.source)

    def _unarycomparison(self, node: ast.UnaryComparison) -> Run:
        operand, operator = self.compile(node.operand), node.operator
        return safely(lambda scope: unary_range(operator, operand(scope)), node, self.source)

    def _path(self, node: ast.Path) -> Run:
        source, name = self.compile(node.source), node.member

        def run(scope: Scope) -> Value:
            value = source(scope)
            if type(value) is dict and name in value:
                return value[name]
            return member(value, name)

        return safely(run, node, self.source)

    # Operators ----------------------------------------------------------------------------------

    def _arithmetic(self, node: ast.Arithmetic) -> Run:
        left, right = self.compile(node.left), self.compile(node.right)
        fast, general = _DECIMAL[node.operator], OPERATIONS[node.operator]
        source, offset = self.source, node.start

        def run(scope: Scope) -> Value:
            one, other = left(scope), right(scope)
            try:
                if type(one) is Decimal and type(other) is Decimal:
                    return fast(one, other)
                if type(one) is str and type(other) is str:
                    length = len(one) + len(other)
                    fits(length)
                    scope.evaluation.spend(length >> 8)
                return general(one, other)
            except NullResult as error:
                scope.warn(error, source, offset)
            except DecimalException:
                scope.warn(no_number(), source, offset)
            except Spent as spent:
                spent.place = source, offset
                raise
            return None

        return run

    def _negation(self, node: ast.Negation) -> Run:
        operand = self.compile(node.operand)
        return safely(lambda scope: negate(operand(scope)), node, self.source)

    def _comparison(self, node: ast.Comparison) -> Run:
        left, right = self.compile(node.left), self.compile(node.right)
        if node.operator in _ORDERS:
            order = _ORDERS[node.operator]
            return safely(
                lambda scope: compare(left(scope), right(scope), order), node, self.source
            )
        wanted = node.operator == "="

        def run(scope: Scope) -> Value:
            one, other = left(scope), right(scope)
            if type(one) is type(other) and type(one) in _PLAIN:
                return (one == other) is wanted
            if type(one) is list or type(one) is dict:
                scope.evaluation.spend(weight(one))
            return equal(one, other) is wanted

        return safely(run, node, self.source)

    def _junction(self, node: ast.Junction) -> Run:
        operands = [self.compile(operand) for operand in node.operands]
        join = all_of if node.kind == "and" else any_of
        return lambda scope: join(operand(scope) for operand in operands)

    def _between(self, node: ast.Between) -> Run:
        operand, low, high = map(self.compile, (node.operand, node.low, node.high))

        def run(scope: Scope) -> Value:
            value = operand(scope)
            return compare(low(scope), value, le) and compare(value, high(scope), le)

        return safely(run, node, self.source)

    def _in(self, node: ast.In) -> Run:
        return compile_in(node, self.compile)

    def _tests(self, node: ast.Tests) -> Run:
        return compile_tests(node, self.compile)

    def _anything(self, node: ast.Anything) -> Run:
        return lambda scope: True

    def _instanceof(self, node: ast.InstanceOf) -> Run:
        operand, type_ = self.compile(node.operand), resolve(node.type, self.types)

        def run(scope: Scope) -> Value:
            value = operand(scope)
            # Null is an instance of the null type only, though it conforms to every type.
            return type_ is NULL if value is None else type_.holds(value, constraints=False)

        return run

    # Textual expressions ------------------------------------------------------------------------

    def _if(self, node: ast.If) -> Run:
        condition, yes, no = map(self.compile, (node.condition, node.yes, node.no))
        return lambda scope: yes(scope) if condition(scope) is True else no(scope)

    def _for(self, node: ast.For) -> Run:
        return safely(compile_for(node, self.compile), node, self.source)

    def _quantified(self, node: ast.Quantified) -> Run:
        return safely(compile_quantified(node, self.compile), node, self.source)

    def _filter(self, node: ast.Filter) -> Run:
        return safely(compile_filter(node, self.compile), node, self.source)

    def _call(self, node: ast.Call) -> Run:
        return safely(compile_call(node, self.compile), node, self.source)

    def _functionnode(self, node: ast.FunctionNode) -> Run:
        return safely(compile_function(node, self.compile, self.types), node, self.source)
