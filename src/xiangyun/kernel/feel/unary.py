"""Unary tests: what stands in a decision table's input cell, and behind `in` (§7.3.7)."""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.budget import weight
from xiangyun.kernel.feel.compare import compare, equal, matches
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.free import uses_name
from xiangyun.kernel.feel.logic import any_of
from xiangyun.kernel.feel.running import Compile, Run
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.values import Range, Value

INPUT = "?"
Test = Callable[[Value, Scope], bool | None]
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def compile_in(node: ast.In, compile_node: Compile) -> Run:
    """`operand in tests`."""
    operand = compile_node(node.operand)
    tests = [compile_test(test, compile_node) for test in node.tests]

    def run(scope: Scope) -> Value:
        value = operand(scope)
        return any_of(test(value, scope) for test in tests)

    return run


def compile_tests(node: ast.Tests, compile_node: Compile) -> Run:
    """The tests as a closure that finds its input under `?`."""
    tests = [compile_test(test, compile_node) for test in node.tests]
    if node.negated:
        return lambda scope: _not(any_of(test(scope[INPUT], scope) for test in tests))
    if len(tests) == 1:
        (only,) = tests
        return lambda scope: only(scope[INPUT], scope)
    return lambda scope: any_of(test(scope[INPUT], scope) for test in tests)


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def compile_test(node: ast.Node, compile_node: Compile) -> Test:
    """One positive unary test as a function of the value and the scope."""
    if isinstance(node, ast.UnaryComparison):
        return _comparison(node, compile_node(node.operand))
    run = compile_node(node)
    if uses_name(node, INPUT):
        return lambda value, scope: _verdict(_paid(run(scope), scope), value)
    if isinstance(node, ast.Constant):
        constant = node.value
        return lambda value, scope: _lenient_equal(value, constant)
    if isinstance(node, ast.RangeNode):
        return lambda value, scope: _inside(value, run(scope))
    return lambda value, scope: _among(value, _paid(run(scope), scope))


def _paid(candidate: Value, scope: Scope) -> Value:
    if type(candidate) is list or type(candidate) is dict:
        scope.evaluation.spend(weight(candidate))
    return candidate


def _comparison(node: ast.UnaryComparison, operand: Run) -> Test:
    if node.operator in _ORDERS:
        order = _ORDERS[node.operator]

        def test(value: Value, scope: Scope) -> bool | None:
            try:
                return compare(value, operand(scope), order)
            except NullResult as error:
                scope.warn(error)
                return None

        return test
    if node.operator == "=":
        return lambda value, scope: _lenient_equal(value, _paid(operand(scope), scope))
    return lambda value, scope: _not(_lenient_equal(value, _paid(operand(scope), scope)))


def _lenient_equal(value: Value, other: Value) -> bool | None:
    try:
        return equal(value, other)
    except NullResult:
        return None


def _inside(value: Value, interval: Value) -> bool | None:
    # Ends that make no range make no verdict either, not a null to be equal to.
    return None if interval is None else matches(value, interval)


def _among(value: Value, candidate: Value) -> bool | None:
    # A test may also be a condition of its own, true whatever the input is (DMN 1.5 §7.3.7).
    if candidate is True and not isinstance(value, bool):
        return True
    return matches(value, candidate)


def _verdict(result: Value, value: Value) -> bool | None:
    if isinstance(result, bool):
        return result
    if isinstance(result, (Range, list)):
        return _among(value, result)
    return None if result is None else _lenient_equal(value, result)
