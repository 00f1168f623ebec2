"""The space of a decision table's inputs, cut where any row changes its mind.

Columns that test the same expression are one axis. An axis is a list of regions: all values of a
region match the same rows, and each has a witness that the declared type allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from xiangyun.kernel.dmn.index import ask_cells, orders_text, turning_points
from xiangyun.kernel.dmn.items import Allowed, plain
from xiangyun.kernel.dmn.model import InputColumn, TableBox
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import UnaryTests, parse_unary_tests
from xiangyun.kernel.feel.free import walk
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    STRING,
    ContextOf,
    Restricted,
    Type,
)
from xiangyun.kernel.feel.values import Value

TypeOf = Callable[[str], Type]
_KINDS: dict[Type, type] = {NUMBER: Decimal, STRING: str, BOOLEAN: bool, DATE: date}
_OTHER_TEXTS = ("其他", "其他（以外的任何文字）")
_GAPS_APART = 8
# Functions that give nothing but 0, 1, 2, …
_COUNTS = (ast.Name("count"), ast.Name("string length"))
_COUNT = parse_unary_tests("? >= 0 and floor(?) = ?")


@dataclass(frozen=True, slots=True)
class Region:
    """Values that match the same rows: those that may match, and those that surely do."""

    witness: Value
    may: int
    must: int


@dataclass(frozen=True, slots=True)
class Axis:
    """One input expression, the columns that test it, and its regions.

    `whole` says that the regions are all the values there can be: a derived expression may never
    take some of them, so what is found there is only possible. `opaque` are the (row, column)
    cells that cannot be analysed.
    """

    label: str
    columns: tuple[int, ...]
    regions: tuple[Region, ...]
    whole: bool
    opaque: tuple[tuple[int, int], ...]


def axes_of(box: TableBox, type_of: TypeOf, nulls: bool = False) -> list[Axis]:
    """The table's axes; `type_of` gives the declared type of a variable by name.

    Null is among the values where a cell asks for it, or everywhere with `nulls`.
    """
    grouped: dict[ast.Node, list[int]] = {}
    for at, column in enumerate(box.inputs):
        grouped.setdefault(column.expression.syntax, []).append(at)
    paths = {node: _paths(node) for node in grouped}
    return [
        _axis(box, node, columns, type_of, _is_independent(node, paths), nulls)
        for node, columns in grouped.items()
    ]


def _axis(
    box: TableBox,
    node: ast.Node,
    columns: list[int],
    type_of: TypeOf,
    independent: bool,
    nulls: bool,
) -> Axis:
    first = box.inputs[columns[0]]
    required, kind = _declared(first, node, type_of)
    cells = [
        (row, column, rule.tests[column])
        for row, rule in enumerate(box.rules)
        for column in columns
    ]
    clear: list[tuple[int, int, UnaryTests]] = []
    opaque: list[tuple[int, int]] = []
    points: list[Value] = []
    for row, column, tests in cells:
        found = turning_points(tests)
        if found is None or orders_text(tests):
            opaque.append((row, column))
        else:
            clear.append((row, column, tests))
            points += found
    kind = kind or _kind_of(points)
    if kind is None and any(points):
        opaque, clear = [(row, column) for row, column, _ in cells], []
    allowed_points = [point for tests in required for point in turning_points(tests) or []]
    near = [point for point in (*points, *allowed_points) if type(point) is kind]
    candidates = _candidates(kind, near, enumerated=bool(allowed_points))
    if nulls or None in points:
        candidates.append([None])
    regions = [
        _region(witness, len(box.rules), clear, opaque)
        for options in candidates
        for witness in _allowed(options, required)
    ]
    plain_name = isinstance(node, (ast.Name, ast.Path))
    whole = independent and (plain_name or kind is bool)
    return Axis(first.label, tuple(columns), tuple(_distinct(regions)), whole, tuple(opaque))


def _region(
    witness: Value,
    rows: int,
    clear: Iterable[tuple[int, int, UnaryTests]],
    opaque: Iterable[tuple[int, int]],
) -> Region:
    """Which rows the witness matches; a row has to match in every column of the axis."""
    may = must = (1 << rows) - 1
    scope = Scope.over({})
    for row, _, tests in clear:
        if not ask_cells((tests,), witness, scope):
            may &= ~(1 << row)
            must &= ~(1 << row)
    for row, _ in opaque:
        must &= ~(1 << row)
    return Region(witness, may, must)


def _distinct(regions: Sequence[Region]) -> list[Region]:
    """One region for each set of rows, so that long tables stay small to search.

    Regions without a row stay apart, a few of them, so that each gap is shown.
    """
    known: dict[tuple[int, int, int], Region] = {}
    for number, region in enumerate(regions):
        apart = 0 if region.may else number % _GAPS_APART
        known.setdefault((region.may, region.must, apart), region)
    return list(known.values())


# What a type says --------------------------------------------------------------------------------


def _declared(
    column: InputColumn, node: ast.Node, type_of: TypeOf
) -> tuple[list[UnaryTests], type | None]:
    """The tests every value must pass, and the kind of value, as far as types say."""
    required = [] if column.allowed is None else [column.allowed]
    kind: type | None = None
    if isinstance(node, ast.Call) and node.function in _COUNTS:
        required.append(_COUNT)
    for declared in (type_at(node, type_of), column.type):
        type_ = plain(declared)
        while isinstance(type_, Restricted):
            if isinstance(type_.allowed, Allowed):
                required.append(type_.allowed.tests)
            type_ = plain(type_.base)
        kind = kind or _KINDS.get(type_)
    return required, kind


def type_at(node: ast.Node, type_of: TypeOf) -> Type:
    """The declared type of a name or path; Any where nothing says."""
    if isinstance(node, ast.Name):
        return type_of(node.name)
    if isinstance(node, ast.Path):
        source = plain(type_at(node.source, type_of))
        while isinstance(source, Restricted):
            source = plain(source.base)
        if isinstance(source, ContextOf):
            return source.entries.get(node.member, ANY)
    return ANY


def _kind_of(points: Sequence[Value]) -> type | None:
    kinds = {type(point) for point in points if point is not None}
    return kinds.pop() if len(kinds) == 1 else None


# Regions -----------------------------------------------------------------------------------------


def _candidates(kind: type | None, points: list[Value], enumerated: bool) -> list[list[Value]]:
    """For each region some values that lie in it, the plainest first."""
    if kind is bool:
        return [[True], [False]]
    if kind is str:
        texts: list[list[Value]] = [[text] for text in dict.fromkeys(points)]
        return texts if enumerated and texts else [*texts, list(_OTHER_TEXTS)]
    ordered = sorted(set(points))
    if kind is date:
        return _days(ordered)
    if kind is Decimal:
        return _numbers(ordered)
    return [[None]]


def _numbers(points: list[Decimal]) -> list[list[Value]]:
    if not points:
        return [[Decimal(0), Decimal(1)]]
    low, high = points[0], points[-1]
    regions: list[list[Value]] = [[_whole(low) - 1, low - Decimal("0.5")]]
    for one, other in pairwise(points):
        inside = _whole(one) if _whole(one) > one else _whole(one) + 1
        middle = (one + other) / 2
        regions += [[one], [inside, middle] if inside < other else [middle]]
    return [*regions, [high], [_whole(high) + 1, high + Decimal("0.5")]]


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_CEILING)


def _days(points: list[date]) -> list[list[Value]]:
    if not points:
        return [[date(2000, 1, 1)]]
    regions: list[list[Value]] = []
    if points[0] > date.min:
        regions.append([date.fromordinal(points[0].toordinal() - 1)])
    for one, other in pairwise(points):
        regions.append([one])
        if other.toordinal() - one.toordinal() > 1:
            regions.append([date.fromordinal(one.toordinal() + 1)])
    regions.append([points[-1]])
    if points[-1] < date.max:
        regions.append([date.fromordinal(points[-1].toordinal() + 1)])
    return regions


def _allowed(options: list[Value], required: list[UnaryTests]) -> list[Value]:
    """The first value of a region that the declared types allow; none where they allow none.

    A null witness stands for a row that asks for null, which no allowed values speak about.
    """
    everything = (1 << len(required)) - 1
    scope = Scope.over({})
    for option in options:
        if option is None or ask_cells(required, option, scope) == everything:
            return [option]
    return []


# Independence ------------------------------------------------------------------------------------


def _paths(node: ast.Node) -> frozenset[tuple[str, ...]]:
    """What an expression reads, as paths from its variables."""
    whole = _path(node)
    if whole:
        return frozenset([whole])
    return frozenset((part.name,) for part in walk(node) if isinstance(part, ast.Name))


def _path(node: ast.Node) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.name,)
    if isinstance(node, ast.Path):
        source = _path(node.source)
        return (*source, node.member) if source else ()
    return ()


def _is_independent(node: ast.Node, paths: dict[ast.Node, frozenset[tuple[str, ...]]]) -> bool:
    """Whether no other column reads what this one reads."""
    return not any(
        mine[: len(theirs)] == theirs or theirs[: len(mine)] == mine
        for other, read in paths.items()
        if other != node
        for mine in paths[node]
        for theirs in read
    )
