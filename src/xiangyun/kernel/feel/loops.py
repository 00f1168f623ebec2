"""`for`, `some`, `every`, and filters (DMN 1.5 §10.3.2.12–14, table 64)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, islice

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.budget import fits
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.logic import all_of, any_of
from xiangyun.kernel.feel.running import Compile, Run, cost
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.temporal import Date, date_from_ordinal
from xiangyun.kernel.feel.values import Range, Value, kind_of
from xiangyun.kernel.findings import Text

# Counting through a range is paid for by the piece, so that `some` may stop early.
_PIECE = 256
# Contexts with more entries cost more to look into.
_WIDE = 64

Domain = tuple[str, Run, Run | None]


def _domains(iterators: tuple[ast.Iterator, ...], compile_node: Compile) -> list[Domain]:
    return [
        (each.name, compile_node(each.domain), compile_node(each.until) if each.until else None)
        for each in iterators
    ]


def elements(domain: Value) -> Iterator[Value] | list[Value]:
    """What an iterator runs over: a list's elements, a range's values, or a single value.

    Raises:
        NullResult: for null, and for ranges that cannot be counted through.
    """
    if isinstance(domain, list):
        return domain
    if isinstance(domain, Range):
        return _within(domain)
    if domain is None:
        raise NullResult("type", Text("不能遍历空值。", "null cannot be iterated over."))
    return [domain]


def _within(interval: Range) -> Iterator[Value]:
    for value in _count(interval.low, interval.high):
        if value == interval.low and not interval.low_closed:
            continue
        if value == interval.high and not interval.high_closed:
            continue
        yield value


def _count(first: Value, last: Value) -> Iterator[Value]:
    """Whole numbers or days from `first` to `last`, upwards or downwards."""
    start, end = _ordinal(first), _ordinal(last)
    if kind_of(first) != kind_of(last):
        raise NullResult("type", Text("两端不是同一类。", "The two ends are not of one kind."))
    step = 1 if start <= end else -1
    whole = range(start, end + step, step)
    return map(Decimal, whole) if isinstance(first, Decimal) else map(date_from_ordinal, whole)


def _ordinal(end: Value) -> int:
    if isinstance(end, Decimal) and end == end.to_integral_value():
        return int(end)
    if isinstance(end, Date):
        return end.toordinal()
    kind = kind_of(end)
    raise NullResult(
        "type", Text("不能从 {kind} 数起。", "One cannot count with {kind}.", kind=kind)
    )


def counted(
    values: Iterator[Value] | list[Value], scope: Scope, steps: int
) -> Iterator[Value] | list[Value]:
    """The values, each paid for with so many steps: a list at once, a range by the piece."""
    if isinstance(values, list):
        scope.evaluation.spend(len(values) * steps)
        return values
    return _by_piece(values, scope, steps)


def _by_piece(values: Iterator[Value], scope: Scope, steps: int) -> Iterator[Value] | list[Value]:
    first = list(islice(values, _PIECE))
    scope.evaluation.spend(len(first) * steps)
    return first if len(first) < _PIECE else chain(first, _further(values, scope, steps))


def _further(values: Iterator[Value], scope: Scope, steps: int) -> Iterator[Value]:
    while piece := list(islice(values, _PIECE)):
        scope.evaluation.spend(len(piece) * steps)
        yield from piece


def _bindings(domains: list[Domain], scope: Scope, steps: int) -> Iterator[Scope]:
    """The scope with the iterators bound to each combination in turn; one scope is reused."""
    name, domain, until = domains[0]
    last = until(scope) if until else None
    first = domain(scope)
    values = elements(first) if until is None else _count(first, last)
    further = domains[1:]
    for element in counted(values, scope, steps):
        scope[name] = element
        if further:
            yield from _bindings(further, scope, steps)
        else:
            yield scope


def compile_for(node: ast.For, compile_node: Compile) -> Run:
    """`for x in xs, y in ys return body`; `partial` is the list so far."""
    domains, body = _domains(node.iterators, compile_node), compile_node(node.body)
    steps = cost(node.body)

    def run(scope: Scope) -> Value:
        results: list[Value] = []
        inner = scope.inner()
        # The list itself grows while the body runs: a function made there sees it as it stands.
        inner["partial"] = results
        add = results.append
        for bound in _bindings(domains, inner, steps):
            add(body(bound))
        fits(len(results))
        return results

    return run


def compile_quantified(node: ast.Quantified, compile_node: Compile) -> Run:
    """`some` and `every`."""
    domains, condition = _domains(node.iterators, compile_node), compile_node(node.condition)
    join, steps = any_of if node.kind == "some" else all_of, cost(node.condition)
    return lambda scope: join(
        condition(bound) for bound in _bindings(domains, scope.inner(), steps)
    )


def compile_filter(node: ast.Filter, compile_node: Compile) -> Run:
    """`list[condition]` and `list[position]`; a value that is no list counts as a list of one."""
    source, condition = compile_node(node.source), compile_node(node.condition)
    numeric = isinstance(node.condition, ast.Constant) and isinstance(node.condition.value, Decimal)
    steps = cost(node.condition)

    def run(scope: Scope) -> Value:
        value = source(scope)
        items = value if isinstance(value, list) else ([] if value is None else [value])
        if numeric:
            return _at(items, condition(scope))
        if not items:
            position = condition(_with_nothing(scope))
            return _at(items, position) if isinstance(position, Decimal) else []
        kept = []
        evaluation, notes = scope.evaluation, scope.notes
        evaluation.spend(len(items) * (steps + len(scope) // _WIDE))
        for item in items:
            # As `scope.inner()`, written out: this is the loop that rules spend their time in.
            inner = Scope(scope)
            inner.evaluation, inner.notes = evaluation, notes
            inner["item"] = item
            if type(item) is dict:
                if len(item) > _WIDE:
                    evaluation.spend(len(item) // _WIDE)
                inner.update(item)
            verdict = condition(inner)
            if verdict is True:
                kept.append(item)
            elif isinstance(verdict, Decimal):
                return _at(items, verdict)
        return kept

    return run


def _with_nothing(scope: Scope) -> Scope:
    inner = scope.inner()
    inner["item"] = None
    return inner


def _at(items: list[Value], position: Decimal) -> Value:
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(items):
        raise NullResult(
            "index",
            Text("没有第 {position} 项。", "There is no position {position}.", position=position),
        )
    at = int(position)
    return items[at - 1 if at > 0 else at]
