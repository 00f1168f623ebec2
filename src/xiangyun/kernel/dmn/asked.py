"""What decisions ask of their inputs: the paths that they and all they require read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xiangyun.kernel.dmn.model import Decision, InputData, Model
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.free import children
from xiangyun.kernel.feel.within import expressions

Asked = tuple[str, ...]
"""An input's name and the members that are read of it: `person`, `age`."""


def asked(model: Model, decisions: Iterable[str]) -> tuple[Asked, ...]:
    """The paths that decisions (by id) read of the model's inputs, each once, in order.

    Members of a value are among them, as in `person.born.year`: where the path to a column ends
    is for whoever knows the columns. A name that an expression binds itself is not looked through.
    """
    found: dict[Asked, None] = {}
    waiting = list(decisions)[::-1]
    seen: set[str] = set()
    while waiting:
        element = model.elements.get(waiting.pop())
        if not isinstance(element, Decision) or element.id in seen:
            continue
        seen.add(element.id)
        required = [model.elements[each.id] for each in element.requires if each.alias is None]
        names = {each.name for each in required if isinstance(each, InputData)}
        for expression in expressions(element.box):
            found |= dict.fromkeys(_paths(expression.syntax, names))
        waiting += [each.id for each in required][::-1]
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
