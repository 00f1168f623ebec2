"""What decisions ask of their inputs: the paths that they and all they require read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xiangyun.kernel.dmn.model import (
    Decision,
    Element,
    InputData,
    Knowledge,
    Model,
    Reference,
    Service,
)
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.free import children
from xiangyun.kernel.feel.within import expressions

Asked = tuple[str, ...]
"""An input's name and the members that are read of it: `person`, `age`."""


def required(model: Model, decisions: Iterable[str]) -> tuple[Element, ...]:
    """The elements (by id) with all that they require in this model, each once, in order."""
    found: dict[str, Element] = {}
    waiting = list(decisions)[::-1]
    while waiting:
        element = model.elements.get(waiting.pop())
        if element is None or element.id in found:
            continue
        found[element.id] = element
        waiting += [each.id for each in _requires(element)][::-1]
    return tuple(found.values())


def _requires(element: Element) -> Iterator[Reference]:
    """What an element requires of this model, not of imported ones."""
    if isinstance(element, (Decision, Knowledge)):
        yield from (each for each in element.requires if each.alias is None)
    elif isinstance(element, Service):
        for all_ in (element.outputs, element.encapsulated, element.input_data):
            yield from (each for each in all_ if each.alias is None)


def asked(model: Model, decisions: Iterable[str]) -> tuple[Asked, ...]:
    """The paths that decisions (by id) read of the model's inputs, each once, in order.

    Members of a value are among them, as in `person.born.year`: where the path to a column ends
    is for whoever knows the columns. A name that an expression binds itself is not looked through.
    """
    found: dict[Asked, None] = {}
    for element in required(model, decisions):
        if not isinstance(element, Decision):
            continue
        needed = [model.elements[each.id] for each in _requires(element)]
        names = {each.name for each in needed if isinstance(each, InputData)}
        for expression in expressions(element.box):
            found |= dict.fromkeys(_paths(expression.syntax, names))
    return tuple(found)


def _paths(node: ast.Node, names: set[str]) -> Iterator[Asked]:
    path = _path(node)
    if path and path[0] in names:
        yield path
    elif not path:
        for child in children(node):
            yield from _paths(child, names)


def _path(node: ast.Node) -> Asked:
    if isinstance(node, ast.Name):
        return (node.name,)
    if isinstance(node, ast.Path):
        source = _path(node.source)
        return (*source, node.member) if source else ()
    return ()
