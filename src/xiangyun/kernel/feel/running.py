"""What all compilers share: the shape of a closure, and catching what is null for a reason."""

from __future__ import annotations

from collections.abc import Callable

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.values import Value

Run = Callable[[Scope], Value]
Compile = Callable[[ast.Node], Run]


def safely(run: Run, node: ast.Node, source: str) -> Run:
    """`run`, with a null result's reason written down at the node's place."""
    offset = node.start

    def guarded(scope: Scope) -> Value:
        try:
            return run(scope)
        except NullResult as error:
            scope.warn(error, source, offset)
            return None

    return guarded
