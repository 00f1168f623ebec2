"""The conditions of a gate proved over their variables: which values have no way, or several.

The machinery is that of decision tables (`regions.py`): each variable is cut where a condition can
change its mind, and the conditions are asked once for each combination of regions. What they cannot
be cut for (two variables compared, a function of one) is not proved, and nobody is accused. As in
tables, null is looked at where a condition asks for it. A variable whose values are known to be a
few (`Choices`: the options of a question) has these and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from math import prod

from xiangyun.kernel.conditions.cells import constant
from xiangyun.kernel.conditions.regions import candidates, kind_of
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import Expression
from xiangyun.kernel.feel.values import Value, text_of

MOST_COMBINATIONS = 4_000
_ORDERED = (Decimal, date)

Path = tuple[str, ...]
Choices = Mapping[Path, tuple[Value, ...]]
"""The only values that a variable can have; null among them where it may be missing."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Values of the variables that show it, in words; `sure` when they are not merely any text."""

    values: Mapping[Path, Value]
    sure: bool

    def __str__(self) -> str:
        return ", ".join(
            f"{'.'.join(path)} = {text_of(value, True)}" for path, value in self.values.items()
        )


@dataclass(frozen=True, slots=True)
class Proved:
    """Values without a way, and pairs of conditions (by number) that hold at once.

    Only conditions over a common variable are compared: of different variables nobody knows here
    whether they can take their values together.
    """

    gap: Witness | None = None
    overlaps: Mapping[tuple[int, int], Witness] = field(default_factory=dict)


def proved(conditions: Sequence[Expression], choices: Choices | None = None) -> Proved | None:
    """What the conditions leave open and where they meet; None when they cannot be analysed."""
    points: dict[Path, list[Value]] = {}
    reads: list[set[Path]] = []
    try:
        for condition in conditions:
            own: dict[Path, list[Value]] = {}
            _read(condition.syntax, own)
            reads.append(set(own))
            for path, written in own.items():
                points.setdefault(path, []).extend(written)
        known = {path: values for path, values in (choices or {}).items() if path in points}
        axes = {path: known.get(path) or _axis(path, points) for path in points}
    except _OpaqueError:
        return None
    if prod(map(len, axes.values())) > MOST_COMBINATIONS:
        return None
    gap: Witness | None = None
    overlaps: dict[tuple[int, int], Witness] = {}
    for values in product(*axes.values()):
        witness = _witness(dict(zip(axes, values, strict=True)), points, known)
        context = _context(witness.values)
        holding = [at for at, each in enumerate(conditions) if each.evaluate(context) is True]
        if not holding and (gap is None or (witness.sure and not gap.sure)):
            gap = witness
        for pair in combinations(holding, 2):
            if reads[pair[0]] & reads[pair[1]]:
                overlaps.setdefault(pair, witness)
    return Proved(gap, overlaps)


class _OpaqueError(Exception):
    """A condition that cannot be cut into regions."""


def _read(node: ast.Node, points: dict[Path, list[Value]]) -> None:
    """Gather the values at which a condition can change its mind, by variable."""
    if isinstance(node, ast.Junction):
        for operand in node.operands:
            _read(operand, points)
    elif isinstance(node, ast.Call) and node.function == ast.Name("not"):
        for argument in node.arguments:
            _read(argument, points)
    elif isinstance(node, ast.Comparison):
        left, right = _path(node.left), _path(node.right)
        value = node.right if left else node.left
        _add(left or right, [value], points, ordering=node.operator not in ("=", "!="))
    elif isinstance(node, ast.Between):
        _add(_path(node.operand), [node.low, node.high], points, ordering=True)
    elif isinstance(node, ast.In):
        for test in node.tests:
            _read_test(_path(node.operand), test, points)
    elif path := _path(node):
        points.setdefault(path, []).extend((True, False))
    elif not isinstance(node, ast.Constant):
        raise _OpaqueError


def _read_test(path: Path, test: ast.Node, points: dict[Path, list[Value]]) -> None:
    if isinstance(test, ast.UnaryComparison):
        _add(path, [test.operand], points, ordering=test.operator not in ("=", "!="))
    elif isinstance(test, ast.RangeNode):
        ends = [end for end in (test.low, test.high) if end is not None]
        _add(path, ends, points, ordering=True)
    elif isinstance(test, ast.ListNode):
        _add(path, test.items, points, ordering=False)
    else:
        _add(path, [test], points, ordering=False)


def _add(
    path: Path, nodes: Sequence[ast.Node], points: dict[Path, list[Value]], *, ordering: bool
) -> None:
    if not path:
        raise _OpaqueError
    for node in nodes:
        known, value = constant(node)
        if not known or (ordering and type(value) not in _ORDERED):
            raise _OpaqueError
        points.setdefault(path, []).append(value)


def _path(node: ast.Node) -> Path:
    if isinstance(node, ast.Name):
        return (node.name,)
    if isinstance(node, ast.Path):
        source = _path(node.source)
        return (*source, node.member) if source else ()
    return ()


def _axis(path: Path, points: Mapping[Path, list[Value]]) -> list[Value]:
    """One value of each region; a variable whose members are read is there or null."""
    written = points[path]
    if _is_read_within(path, points):
        if any(value is not None for value in written):
            raise _OpaqueError
        return [_THERE, None]
    kind = kind_of(written)
    if kind is None and any(value is not None for value in written):
        raise _OpaqueError
    near: list[Value] = [value for value in written if value is not None]
    options = candidates(kind, near, enumerated=False) if kind else [["其他"]]
    found = [each[0] for each in options]
    return [*found, None] if None in written else found


_THERE = {"": None}


def _is_read_within(path: Path, points: Mapping[Path, list[Value]]) -> bool:
    return any(other != path and other[: len(path)] == path for other in points)


def _witness(
    values: Mapping[Path, Value], points: Mapping[Path, list[Value]], known: Choices
) -> Witness:
    """The values that count: members of what is null do not."""
    shown = {
        path: value
        for path, value in values.items()
        if value is not _THERE
        and not any(values.get(path[:at], _THERE) is None for at in range(1, len(path)))
    }
    sure = all(
        value in points[path]
        or (value is not None if path in known else not isinstance(value, str))
        for path, value in shown.items()
    )
    return Witness(shown, sure)


def _context(values: Mapping[Path, Value]) -> dict[str, Value]:
    context: dict[str, Value] = {}
    for path, value in values.items():
        inside = context
        for name in _parents(path):
            inside = inside.setdefault(name, {})
        inside[path[-1]] = value
    return context


def _parents(path: Path) -> Iterator[str]:
    yield from path[:-1]
