"""Boxed expressions to closures (DMN 1.5 §7.3, semantics §10.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from xiangyun.kernel.dmn.items import plain
from xiangyun.kernel.dmn.model import (
    Box,
    BrokenBox,
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    InvocationBox,
    IteratorBox,
    ListBox,
    LiteralBox,
    RelationBox,
    TableBox,
)
from xiangyun.kernel.dmn.table import compile_table
from xiangyun.kernel.feel.budget import fits
from xiangyun.kernel.feel.calls import invoke_named
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.external import java_function
from xiangyun.kernel.feel.logic import all_of, any_of
from xiangyun.kernel.feel.loops import counted, elements
from xiangyun.kernel.feel.running import Run, closure
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import ANY, FunctionOf, Type, coerce
from xiangyun.kernel.feel.values import Function, Value, kind_of
from xiangyun.kernel.findings import Text

# What a call or a turn of a boxed expression counts for; its tables count their rows besides.
_CALL = 4


def compile_box(box: Box) -> Run:
    """The box as a closure; a value that does not fit the box's type is null."""
    run = _COMPILERS[type(box)](box)
    if box.type is None or isinstance(box, FunctionBox):
        return run
    return typed(run, box.type, "")


def typed(run: Run, type_: Type, name: str) -> Run:
    """A closure whose value is coerced to a type (§10.3.2.9.4), null when it does not fit."""
    if plain(type_) is ANY:
        return run

    def checked(scope: Scope) -> Value:
        value = run(scope)
        if value is None:
            return None
        fits, converted = coerce(value, type_)
        if not fits:
            scope.warn(unfit(name, value, type_))
        return converted

    return checked


def unfit(name: str, value: Value, type_: Type) -> NullResult:
    """The reason why a value of the wrong type became null."""
    kind, wanted = kind_of(value), getattr(type_, "name", "") or type(type_).__name__
    return NullResult(
        "type",
        Text(
            "“{name}”的值（{kind}）不符合类型 {wanted}。",
            "The value of “{name}” ({kind}) does not conform to the type {wanted}.",
            name=name,
            kind=kind,
            wanted=wanted,
        ),
    )


def _caught(run: Run) -> Run:
    def safe(scope: Scope) -> Value:
        try:
            return run(scope)
        except NullResult as error:
            scope.warn(error)
            return None

    return safe


def _literal(box: LiteralBox) -> Run:
    return box.expression.run


def _broken(box: BrokenBox) -> Run:
    error = NullResult("conversion", box.reason)
    return lambda scope: scope.warn(error)


def _context(box: ContextBox) -> Run:
    entries = [(name, compile_box(entry)) for name, entry in box.entries]
    result = compile_box(box.result) if box.result is not None else None

    def run(scope: Scope) -> Value:
        inner = scope.inner()
        values: dict[str, Value] = {}
        for name, entry in entries:
            values[name] = inner[name] = entry(inner)
        return values if result is None else result(inner)

    return run


def _invocation(box: InvocationBox) -> Run:
    function = compile_box(box.function)
    names = [name for name, _ in box.bindings]
    bindings = [compile_box(binding) for _, binding in box.bindings]

    def run(scope: Scope) -> Value:
        return invoke_named(function(scope), names, [binding(scope) for binding in bindings])

    return _caught(run)


def _function(box: FunctionBox) -> Run:
    parameters = tuple(name for name, _ in box.parameters)
    declared = plain(box.type)
    result: Type | None = declared
    types: tuple[Type | None, ...] = tuple(type_ for _, type_ in box.parameters)
    if isinstance(declared, FunctionOf):
        result = declared.result
        if len(declared.parameters) == len(types):
            types = tuple(
                own or given for own, given in zip(types, declared.parameters, strict=True)
            )
    checked = types if any(types) else ()
    body = compile_box(box.body)
    if box.kind != "FEEL":
        return _caught(lambda scope: java_function(body(scope), parameters, checked))
    given = None if result is ANY else result

    def run(scope: Scope) -> Value:
        return Function(parameters, closure(scope, parameters, body, _CALL), checked, given)

    return run


def _list(box: ListBox) -> Run:
    items = [compile_box(item) for item in box.items]
    return lambda scope: [item(scope) for item in items]


def _relation(box: RelationBox) -> Run:
    rows = [
        list(zip(box.columns, (compile_box(cell) for cell in row), strict=False))
        for row in box.rows
    ]
    return lambda scope: [{name: cell(scope) for name, cell in row} for row in rows]


def _conditional(box: ConditionalBox) -> Run:
    condition, yes, no = map(compile_box, (box.condition, box.yes, box.no))

    def run(scope: Scope) -> Value:
        verdict = condition(scope)
        if verdict is not None and not isinstance(verdict, bool):
            raise _not_boolean("if", verdict)
        return yes(scope) if verdict else no(scope)

    return _caught(run)


def _not_boolean(part: str, value: Value) -> NullResult:
    kind = kind_of(value)
    return NullResult(
        "type",
        Text(
            "{part} 的条件是 {kind}。", "The condition of {part} is {kind}.", part=part, kind=kind
        ),
    )


def _filter(box: FilterBox) -> Run:
    source, match = compile_box(box.source), compile_box(box.match)

    def run(scope: Scope) -> Value:
        value = source(scope)
        items = value if isinstance(value, list) else ([] if value is None else [value])
        kept = []
        for item in counted(items, scope, _CALL):
            inner = scope.inner()
            inner["item"] = item
            if isinstance(item, dict):
                inner.update(item)
            verdict = match(inner)
            if isinstance(verdict, bool):
                kept += [item] if verdict else []
            elif verdict is not None and not isinstance(verdict, Decimal):
                raise _not_boolean("match", verdict)
        return kept

    return _caught(run)


def _iterator(box: IteratorBox) -> Run:
    domain, body, name = compile_box(box.domain), compile_box(box.body), box.variable

    def bodies(scope: Scope, partial: list[Value] | None) -> Iterable[Value]:
        inner = scope.inner()
        if partial is not None:
            inner["partial"] = partial
        for element in counted(elements(domain(scope)), scope, _CALL):
            inner[name] = element
            yield body(inner)

    def collect(scope: Scope) -> Value:
        results: list[Value] = []
        for value in bodies(scope, results):
            results.append(value)
        fits(len(results))
        return results

    if box.kind == "for":
        return _caught(collect)
    join = any_of if box.kind == "some" else all_of

    def quantify(scope: Scope) -> Value:
        verdicts = list(bodies(scope, None))
        for verdict in verdicts:
            if verdict is not None and not isinstance(verdict, bool):
                raise _not_boolean(box.kind, verdict)
        return join(verdicts)

    return _caught(quantify)


_COMPILERS: dict[type[Box], Callable[[Any], Run]] = {
    LiteralBox: _literal,
    BrokenBox: _broken,
    ContextBox: _context,
    InvocationBox: _invocation,
    FunctionBox: _function,
    ListBox: _list,
    RelationBox: _relation,
    ConditionalBox: _conditional,
    FilterBox: _filter,
    IteratorBox: _iterator,
    TableBox: compile_table,
}
