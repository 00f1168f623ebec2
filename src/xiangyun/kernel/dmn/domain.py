"""The space of a decision table's inputs, cut where any row changes its mind.

Columns that test the same expression are one axis. An axis is a list of regions: all values of a
region match the same rows, and each has a witness that the declared type allows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from xiangyun.kernel.conditions.cells import orders_text, turning_points
from xiangyun.kernel.conditions.regions import KINDS, Cut, bits, candidates, cells_over, kind_of
from xiangyun.kernel.dmn.items import Allowed, plain
from xiangyun.kernel.dmn.model import InputColumn, TableBox
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import UnaryTests, parse_unary_tests
from xiangyun.kernel.feel.free import walk
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import ANY, ContextOf, Restricted, Type
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.feel.values import Value

TypeOf = Callable[[str], Type]
Nulls = Callable[[ast.Node], bool]
_ANYTHING = parse_unary_tests("-")
# Functions that give nothing but 0, 1, 2, …
_COUNTS = (ast.Name("count"), ast.Name("string length"))
_COUNT = parse_unary_tests("? >= 0 and floor(?) = ?")


@dataclass(frozen=True, slots=True)
class Axis:
    """One input expression, the columns that test it, and the regions of its values.

    For each region a witness, the rows that `may` match there and those that surely do (`must`);
    for each row the regions where it `turns`. `whole` says that the regions are all the values
    there can be: a derived expression may never take some of them, so what is found there is only
    possible. `opaque` are the (row, column) cells that cannot be analysed.
    """

    label: str
    columns: tuple[int, ...]
    witnesses: tuple[Value, ...]
    may: tuple[int, ...]
    must: tuple[int, ...]
    turns: tuple[tuple[int, ...], ...]
    whole: bool
    opaque: tuple[tuple[int, int], ...]


def axes_of(box: TableBox, type_of: TypeOf, nulls: Nulls = lambda node: False) -> list[Axis]:
    """The table's axes; `type_of` gives the declared type of a variable by name.

    Null is among the values where a cell asks for it, and of the inputs that `nulls` names.
    """
    grouped: dict[ast.Node, list[int]] = {}
    for at, column in enumerate(box.inputs):
        grouped.setdefault(column.expression.syntax, []).append(at)
    paths = {node: _paths(node) for node in grouped}
    return [
        _axis(box, node, columns, type_of, _is_independent(node, paths), nulls(node))
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
    clear: list[list[UnaryTests]] = [[] for _ in columns]
    opaque: list[tuple[int, int]] = []
    points: list[Value] = []
    for row, rule in enumerate(box.rules):
        for cells, column in zip(clear, columns, strict=True):
            found = turning_points(rule.tests[column])
            is_clear = found is not None and not orders_text(rule.tests[column])
            cells.append(rule.tests[column] if is_clear else _ANYTHING)
            points += (found or ()) if is_clear else ()
            if not is_clear:
                opaque.append((row, column))
    kind = kind or kind_of(points)
    if kind is None and any(points):
        opaque = [(row, column) for row in range(len(box.rules)) for column in columns]
        clear = [[_ANYTHING] * len(box.rules) for _ in columns]
    cut = _cut(kind, points, required, nulls or None in points)
    tested = [cells_over(cut, cells) for cells in clear]
    may = [reduce(and_, masks) for masks in zip(*(each.masks for each in tested), strict=True)]
    unsure = reduce(or_, (1 << row for row, _ in opaque), 0)
    turns = tested[0].turns if len(tested) == 1 else _turns(may, len(box.rules))
    plain_name = isinstance(node, (ast.Name, ast.Path))
    return Axis(
        first.label,
        tuple(columns),
        tuple(cut.witnesses),
        tuple(may),
        tuple(mask & ~unsure for mask in may),
        tuple(turns),
        independent and (plain_name or kind is bool),
        tuple(opaque),
    )


def _turns(masks: Sequence[int], rows: int) -> list[tuple[int, ...]]:
    """For each row the regions where it begins or ceases to match, of which the first begins.

    Of several columns together a row turns where all of them hold: neither where each one does.
    """
    turns: list[list[int]] = [[] for _ in range(rows)]
    before = 0
    for region, mask in enumerate(masks):
        for row in bits(mask ^ before):
            turns[row].append(region)
        before = mask
    return [tuple(each) for each in turns]


def _cut(kind: type | None, points: list[Value], required: list[UnaryTests], null: bool) -> Cut:
    """The regions that the declared types allow."""
    allowed = [point for tests in required for point in turning_points(tests) or []]
    near = [point for point in (*points, *allowed) if type(point) is kind]
    options = candidates(kind, near, enumerated=bool(allowed))
    if null and [None] not in options:
        options.append([None])
    return Cut(kind, [value for each in options for value in _allowed(each, required)])


def rows_for_null(box: TableBox, node: ast.Node) -> list[int] | None:
    """The rows (from 1) that may match when an input expression is null, whatever the others are.

    None when nothing in the table reads the expression.
    """
    for axis_node, axis in zip(
        dict.fromkeys(column.expression.syntax for column in box.inputs),
        axes_of(box, lambda name: ANY, nulls=lambda each: each == node),
        strict=True,
    ):
        if axis_node == node:
            return [row + 1 for row in bits(axis.may[-1])]
    return None


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
        kind = kind or KINDS.get(type_)
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


def _allowed(options: list[Value], required: list[UnaryTests]) -> list[Value]:
    """The first value of a region that the declared types allow; none where they allow none.

    A null witness stands for a row that asks for null, which no allowed values speak about.
    """
    scope = Scope.over({})
    for option in options:
        scope[INPUT] = option
        if option is None or all(tests.run(scope) is True for tests in required):
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
