"""The short way through the commonest decision: one table over plain inputs with literal results.

Rows are found by look-up (`index.py`), and what a set of rows means is worked out once. Whatever
is unusual (a value missing or of another type, a warning to give) takes the ordinary way, so both
ways always agree; `tests/test_quick.py` holds them to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy

from xiangyun.kernel.conditions.regions import KINDS
from xiangyun.kernel.dmn.boxed import typed
from xiangyun.kernel.dmn.decided import Decided, Fired, Traced
from xiangyun.kernel.dmn.index import QuickMask, quick_mask
from xiangyun.kernel.dmn.items import Allowed, plain
from xiangyun.kernel.dmn.model import Decision, InputColumn, InputData, Model, TableBox
from xiangyun.kernel.dmn.table import LISTS, CompiledTable
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.expression import UnaryTests
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import ANY, Restricted, Type
from xiangyun.kernel.feel.values import Value

# A variable, the members read from it, and the look-up for what is found there.
_Column = tuple[str, tuple[str, ...], QuickMask]
Quick = Callable[[Mapping[str, Value], bool], Decided | None]


def quick_table(model: Model, decision: Decision) -> Quick | None:
    """The decision as one look-up an input; None where it is not of that simple kind.

    The result gives None for inputs that must take the ordinary way.
    """
    box = decision.box
    if not isinstance(box, TableBox):
        return None
    inputs = [model.elements[each.id] for each in decision.requires if each.alias is None]
    named = {each.name: each for each in inputs if isinstance(each, InputData)}
    table = CompiledTable(box)
    if len(named) != len(decision.requires) or not table.constant:
        return None
    looks: list[_Column] = []
    for at, column in enumerate(box.inputs):
        name, *members = _path(column.expression.syntax)
        if name not in named:
            return None
        source = named[name].type
        if members and plain(source) is not ANY:
            return None  # the whole context would have to be checked against its type
        cells = [rule.tests[at] for rule in box.rules]
        look = _look(column, ANY if members else source, cells)
        if look is None:
            return None
        looks.append((name, tuple(members), look))
    plainly_read = {name for name, members, _ in looks if not members}
    if any(plain(each.type) is not ANY for name, each in named.items() if name not in plainly_read):
        return None  # an input that is not read may still have to be warned about
    return _joined(looks, tuple(named), table, decision)


def _path(node: ast.Node) -> list[str]:
    """`a.b.c` as its names; a single empty name for anything else."""
    if isinstance(node, ast.Name):
        return [node.name]
    if isinstance(node, ast.Path):
        return [*_path(node.source), node.member]
    return [""]


def _joined(
    looks: list[_Column], names: Sequence[str], table: CompiledTable, decision: Decision
) -> Quick:
    outcomes: dict[int, Decided | None] = {}
    mutable = len(table.names) > 1 or table.box.policy in LISTS
    all_rows = table.all_rows

    def quick(inputs: Mapping[str, Value], trace: bool) -> Decided | None:
        mask = all_rows
        for name, members, look in looks:
            value = inputs.get(name)
            for member in members:
                if type(value) is not dict or member not in value:
                    return None
                value = value[member]
            found = look(value)
            if found < 0:
                return None
            mask &= found
        try:
            outcome = outcomes[mask]
        except KeyError:
            outcome = outcomes[mask] = _outcome(table, decision, mask)
        if outcome is None or (not trace and not mutable):
            return outcome
        # A list or context could be changed by whoever gets it.
        value = deepcopy(outcome.value) if mutable else outcome.value
        return traced(value, mask, inputs) if trace else Decided(value, (), ())

    fired_rows: dict[int, tuple[Fired, ...]] = {}

    def traced(value: Value, mask: int, inputs: Mapping[str, Value]) -> Decided:
        if mask not in fired_rows:
            fired_rows[mask] = _fired(table, mask)
        known = {name: inputs.get(name) for name in names}
        step = Traced(decision.id, decision.name, "table", known, fired_rows[mask], value)
        return Decided(value, (step,), ())

    return quick


def _outcome(table: CompiledTable, decision: Decision, mask: int) -> Decided | None:
    """What a set of matching rows comes to; None where it has to be made anew each time."""

    def run(scope: Scope) -> Value:
        return table.outcome(mask, scope)

    scope = Scope.over({})
    checked = run if table.box.type is None else typed(run, table.box.type, "")
    try:
        value = typed(checked, decision.type, decision.name)(scope)
    except NullResult:
        return None
    return None if scope.log else Decided(value, (), ())


def _fired(table: CompiledTable, mask: int) -> tuple[Fired, ...]:
    scope = Scope.over({})
    scope.notes = []
    table.outcome(mask, scope)
    return tuple(scope.notes)


def _look(column: InputColumn, source: Type, cells: list[UnaryTests]) -> QuickMask | None:
    """The column's look-up, which is -1 for values that do not fit the declared types."""
    required: list[UnaryTests] = [] if column.allowed is None else [column.allowed]
    kinds: set[type] = set()
    for declared in (source, column.type):
        type_ = plain(declared)
        while isinstance(type_, Restricted):
            if not isinstance(type_.allowed, Allowed):
                return None
            required.append(type_.allowed.tests)
            type_ = plain(type_.base)
        if type_ is not ANY:
            if type_ not in KINDS:
                return None
            kinds.add(KINDS[type_])
    look = quick_mask(cells, required)
    if look is None or len(kinds) > 1:
        return None
    mask, kind = look.mask, next(iter(kinds), None)
    if kind is None or look.kind is kind:
        return mask
    return lambda value: mask(value) if type(value) is kind else -1
