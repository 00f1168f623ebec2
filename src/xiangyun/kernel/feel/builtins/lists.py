"""List functions (DMN 1.5 §10.3.4.4) and sort (§10.3.4.8)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from functools import cmp_to_key
from operator import gt, lt
from typing import Any

from xiangyun.kernel.feel.arithmetic import add, divide
from xiangyun.kernel.feel.arithmetic import multiply as times
from xiangyun.kernel.feel.budget import fits, weight
from xiangyun.kernel.feel.builtins.registry import builtin
from xiangyun.kernel.feel.compare import compare, same
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.logic import all_of, any_of
from xiangyun.kernel.feel.scope import Evaluation
from xiangyun.kernel.feel.values import DECIMAL128, Function, Value, kind_of
from xiangyun.kernel.findings import Text

List = list[Value]
# Kinds whose equality in Python is their equality in FEEL, and that can be looked up.
_PLAIN = frozenset([Decimal, str, bool, type(None)])


def _index(items: List, position: Decimal) -> int:
    """A FEEL position, from 1 or from -1 backwards, as a Python index."""
    if abs(position) < 1 or abs(position) >= len(items) + 1:
        raise NullResult(
            "index",
            Text("没有第 {position} 项。", "There is no position {position}.", position=position),
        )
    at = int(position)  # a fraction is cut off
    return at - 1 if at > 0 else len(items) + at


def _numbers(items: List) -> list[Decimal]:
    for item in items:
        if not isinstance(item, Decimal):
            kind = kind_of(item)
            raise NullResult(
                "type",
                Text("要的是数，得到 {kind}。", "Numbers are needed, not {kind}.", kind=kind),
            )
    return items


def _spread(function: Callable[[List], Value]) -> Callable[..., Value]:
    return lambda *items: function(list(items))


@builtin("list contains(list: list, element: any?)", metered=True)
def _list_contains(evaluation: Evaluation, items: List, element: Value) -> Value:
    kind = type(element)
    if kind in _PLAIN:
        return any(type(item) is kind and item == element for item in items)
    evaluation.spend(weight(items))
    return any(same(item, element) for item in items)


@builtin("count(list: list)")
def _count(items: List) -> Value:
    return Decimal(len(items))


def _extreme(items: List, better: Callable[[Any, Any], bool]) -> Value:
    if not items:
        return None
    best = items[0]
    compare(best, best, better)
    for item in items[1:]:
        if compare(item, best, better):
            best = item
    return best


@builtin("min(list: list)")
def _min(items: List) -> Value:
    return _extreme(items, lt)


@builtin("max(list: list)")
def _max(items: List) -> Value:
    return _extreme(items, gt)


@builtin("sum(list: list)")
def total(items: List) -> Value:
    """The sum of numbers or of durations of one kind; null for an empty list."""
    if not items:
        return None
    result = items[0]
    if isinstance(result, str) or (len(items) == 1 and add(result, result) is None):
        raise NullResult("type", Text("文字不能求和。", "Strings cannot be summed."))
    for item in items[1:]:
        result = add(result, item)
    return result


@builtin("mean(list: list)")
def _mean(items: List) -> Value:
    return divide(total(items), Decimal(len(items))) if items else None


@builtin("product(list: list)")
def _product(items: List) -> Value:
    if not items:
        return None
    result = Decimal(1)
    for item in _numbers(items):
        result = times(result, item)
    return result


@builtin("median(list: list)")
def _median(items: List) -> Value:
    if not items:
        return None
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev(list: list)")
def _stddev(items: List) -> Value:
    """The sample standard deviation."""
    if len(_numbers(items)) < 2:
        raise NullResult("arguments", Text("至少要两个数。", "At least two numbers are needed."))
    # Guard digits, so that the 34 digits of the result are right.
    wide = Context(prec=80)
    count = Decimal(len(items))
    zero = Decimal(0)
    mean = wide.divide(_sum_with(wide, items, zero), count)
    squares = [wide.power(wide.subtract(item, mean), Decimal(2)) for item in items]
    variance = wide.divide(_sum_with(wide, squares, zero), count - 1)
    return DECIMAL128.plus(wide.sqrt(variance))


def _sum_with(context: Context, items: List, start: Decimal) -> Decimal:
    for item in items:
        start = context.add(start, item)
    return start


@builtin("mode(list: list)")
def _mode(items: List) -> Value:
    counts: dict[Decimal, int] = {}
    for item in _numbers(items):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


@builtin("all(list: list)")
def _all(items: List) -> Value:
    return all_of(items)


@builtin("any(list: list)")
def _any(items: List) -> Value:
    return any_of(items)


for _name, _function in (
    *(("min", _min), ("max", _max), ("sum", total), ("mean", _mean), ("product", _product)),
    *(("median", _median), ("stddev", _stddev), ("mode", _mode), ("all", _all), ("any", _any)),
):
    builtin(f"{_name}(...c: any?)")(_spread(_function))


@builtin("sublist(list: list, start position: number, length?: number)")
def _sublist(items: List, start: Decimal, length: Decimal | None = None) -> Value:
    first = _index(items, start)
    if length is None:
        return items[first:]
    size = int(length)
    if size < 0 or first + size > len(items):
        raise NullResult("range", Text("长度超出列表。", "The length goes beyond the list."))
    return items[first : first + size]


@builtin("append(list: list?, ...item: any?)")
def _append(items: List | None, *added: Value) -> Value:
    return [*([None] if items is None else items), *added]


@builtin("concatenate(...list: list)")
def _concatenate(*lists: List) -> Value:
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: any?)")
def _insert_before(items: List, position: Decimal, item: Value) -> Value:
    at = _index(items, position)
    return [*items[:at], item, *items[at:]]


@builtin("remove(list: list, position: number)")
def _remove(items: List, position: Decimal) -> Value:
    at = _index(items, position)
    return items[:at] + items[at + 1 :]


@builtin("list replace(list: list, position: number, newItem: any?)")
def _replace_at(items: List, position: Decimal, item: Value) -> Value:
    at = _index(items, position)
    return [*items[:at], item, *items[at + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any?)")
def _replace_matching(items: List, match: Function, new: Value) -> Value:
    if len(match.parameters) != 2:
        raise NullResult(
            "arguments", Text("match 要有两个参数。", "Match must take two parameters.")
        )
    result = []
    for item in items:
        verdict = match.call(item, new)
        if not isinstance(verdict, bool):
            raise NullResult(
                "type", Text("match 要给出是或否。", "Match must answer true or false.")
            )
        result.append(new if verdict else item)
    return result


@builtin("reverse(list: list)")
def _reverse(items: List) -> Value:
    return items[::-1]


@builtin("index of(list: list, match: any?)", metered=True)
def _index_of(evaluation: Evaluation, items: List, match: Value) -> Value:
    evaluation.spend(weight(items))
    return [Decimal(at) for at, item in enumerate(items, 1) if same(item, match)]


@builtin("union(...list: list)", metered=True)
def _union(evaluation: Evaluation, *lists: List) -> Value:
    return _distinct_values(evaluation, [item for items in lists for item in items])


@builtin("distinct values(list: list)", metered=True)
def _distinct_values(evaluation: Evaluation, items: List) -> Value:
    evaluation.spend(weight(items))
    result: List = []
    plain: set[tuple[type, Value]] = set()
    others: List = []
    for item in items:
        if type(item) in _PLAIN:
            if (type(item), item) in plain:
                continue
            plain.add((type(item), item))
        else:
            evaluation.spend(weight(item) * len(others))
            if any(same(item, known) for known in others):
                continue
            others.append(item)
        result.append(item)
    return result


@builtin("flatten(list: list)", metered=True)
def _flatten(evaluation: Evaluation, items: List) -> Value:
    evaluation.spend(weight(items))
    return _flat(items)


def _flat(items: List) -> List:
    flat: List = []
    for item in items:
        flat.extend(_flat(item) if isinstance(item, list) else [item])
    return flat


@builtin("string join(list: list, delimiter?: string?)", metered=True)
def _string_join(evaluation: Evaluation, items: List, delimiter: str | None = None) -> Value:
    texts = []
    for item in items:
        if isinstance(item, str):
            texts.append(item)
        elif item is not None:
            kind = kind_of(item)
            raise NullResult(
                "type",
                Text("要的是文字，得到 {kind}。", "Strings are needed, not {kind}.", kind=kind),
            )
    length = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    fits(length)
    evaluation.spend(length >> 8)
    return (delimiter or "").join(texts)


@builtin("sort(list: list, precedes?: function)", metered=True)
def _sort(evaluation: Evaluation, items: List, precedes: Function | None = None) -> Value:
    """In order; what precedes neither way keeps its place, also under `<=`."""
    if precedes is not None and len(precedes.parameters) != 2 and not precedes.variadic:
        raise NullResult(
            "arguments", Text("precedes 要有两个参数。", "Precedes must take two parameters.")
        )

    def before(left: Value, right: Value) -> bool:
        if precedes is None:
            evaluation.spend(1)
            return compare(left, right, lt)
        verdict = precedes.call(left, right)
        if not isinstance(verdict, bool):
            raise NullResult(
                "type", Text("precedes 要给出是或否。", "Precedes must answer true or false.")
            )
        return verdict

    def order(left: Value, right: Value) -> int:
        return -1 if before(left, right) and not before(right, left) else 0

    return sorted(items, key=cmp_to_key(order))
