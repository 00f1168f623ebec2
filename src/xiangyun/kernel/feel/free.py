"""Which names an expression needs from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from xiangyun.kernel.feel import syntax as ast


def children(node: ast.Node) -> Iterator[ast.Node]:
    """The nodes directly below a node, in order."""
    for each in fields(node):
        yield from _nodes(getattr(node, each.name))


def _nodes(value: object) -> Iterator[ast.Node]:
    if isinstance(value, ast.Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def walk(node: ast.Node) -> Iterator[ast.Node]:
    """A node and all below it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(list(children(node)))


def uses_name(node: ast.Node, name: str) -> bool:
    """Whether a name stands anywhere in an expression."""
    return any(isinstance(part, ast.Name) and part.name == name for part in walk(node))


def free(node: ast.Node, bound: frozenset[str] = frozenset()) -> Iterator[ast.Name]:
    """The names that nothing inside the expression binds, as often as they stand there.

    Names inside filters are among them, though they may be members of the elements.
    """
    if isinstance(node, ast.Name):
        if node.name not in bound:
            yield node
    elif isinstance(node, ast.ContextNode):
        for key, value in node.entries:
            yield from free(value, bound)
            bound = bound | {key}
    elif isinstance(node, (ast.For, ast.Quantified)):
        for iterator in node.iterators:
            for part in (iterator.domain, iterator.until):
                if part is not None:
                    yield from free(part, bound)
            bound = bound | {iterator.name}
        if isinstance(node, ast.For):
            yield from free(node.body, bound | {"partial"})
        else:
            yield from free(node.condition, bound)
    elif isinstance(node, ast.FunctionNode):
        if not node.external:
            yield from free(node.body, bound | {each.name for each in node.parameters})
    elif isinstance(node, ast.Filter):
        yield from free(node.source, bound)
        yield from free(node.condition, bound | {"item"})
    else:
        for child in children(node):
            yield from free(child, bound)


def filtered_names(node: ast.Node) -> frozenset[str]:
    """Names inside filters, which may be members of the elements rather than variables."""
    return frozenset(
        part.name
        for each in walk(node)
        if isinstance(each, ast.Filter)
        for part in walk(each.condition)
        if isinstance(part, ast.Name)
    )
