"""What all compilers share: the shape of a closure, and catching what is null for a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import DecimalException

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.budget import Spent, too_deep, too_many_steps, weight
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.free import walk
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Text

Run = Callable[[Scope], Value]
Compile = Callable[[ast.Node], Run]


def no_number() -> NullResult:
    """The reason where arithmetic has no result: a division by zero, too large a number."""
    return NullResult("arithmetic", Text("数值运算没有结果。", "No number comes out of this."))


def safely(run: Run, node: ast.Node, source: str) -> Run:
    """`run`, with a null result's reason written down at the node's place."""
    offset = node.start

    def guarded(scope: Scope) -> Value:
        try:
            return run(scope)
        except NullResult as error:
            scope.warn(error, source, offset)
        except DecimalException:
            scope.warn(no_number(), source, offset)
        except Spent as spent:
            if spent.place is None:
                spent.place = source, offset
            raise
        return None

    return guarded


def ended(run: Run, scope: Scope, source: str = "") -> Value:
    """The value of a whole evaluation of a source; null where its budget came to an end."""
    try:
        value = run(scope)
        if type(value) is list or type(value) is dict:
            weight(value)  # whoever stores or prints it meets all of it
    except Spent as spent:
        scope.evaluation.end(spent, source)
        return None
    except RecursionError:
        scope.evaluation.end(too_deep(), source)
        return None
    return value


def cost(node: ast.Node) -> int:
    """The steps that running a part once counts for, by its length."""
    return 1 + sum(1 for _ in walk(node)) // 16


def closure(scope: Scope, parameters: Sequence[str], body: Run, steps: int) -> Callable[..., Value]:
    """A function's body over the scope it was made in; every call is counted."""
    captured = scope.inner()
    evaluation = scope.evaluation
    steps += len(captured) // 64

    def call(*arguments: Value) -> Value:
        inner = captured.inner()
        inner.update(zip(parameters, arguments, strict=True))
        evaluation.depth -= 1
        evaluation.left -= steps
        try:
            if evaluation.depth < 0:
                raise too_deep()
            if evaluation.left < 0:
                raise too_many_steps()
            return body(inner)
        finally:
            evaluation.depth += 1

    return call
