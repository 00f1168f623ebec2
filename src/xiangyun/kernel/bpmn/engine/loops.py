"""Multi-instance and standard loops: a body that opens inner instances and counts them.

The body's memo: `items` (what is iterated, only while some are still to come), `total`, `next`,
`done`, and `out` (collected results by index).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xiangyun.kernel.bpmn.engine.activities import open_activity, remember
from xiangyun.kernel.bpmn.engine.walk import Stuck, Walk
from xiangyun.kernel.bpmn.model import SCOPES, Element, Loop
from xiangyun.kernel.findings import Text

COUNTER = "loopCounter"
MOST_INSTANCES = 10_000
"""How often `loopCardinality` may have an activity done; a collection has its own length."""


def begin(walk: Walk, body: str, element: Element, came: str) -> None:
    """Open the first inner instances of a loop body, or end it when there is nothing to do."""
    loop = element.loop
    assert loop is not None
    if loop.kind == "standard":
        _again(walk, body, element, loop, 0)
        return
    items = _items(walk, body, element, loop)
    memo: dict[str, Any] = {"total": len(items), "done": 0, "out": [None] * len(items)}
    if not loop.output_collection:
        del memo["out"]
    if loop.kind == "sequential" and loop.collection is not None:
        memo["items"] = items
    _remember(walk, body, memo)
    if not items:
        _close(walk, body, element, memo)
    elif loop.kind == "sequential":
        walk.later("inner", body, element.id, "0")
    else:
        for at, item in enumerate(items):
            _open(walk, body, element, at, item)


def _items(walk: Walk, body: str, element: Element, loop: Loop) -> list[Any]:
    """What is iterated: the collection, or as many nothings as `loopCardinality` says."""
    if loop.cardinality is None:
        items = walk.value(loop.collection, walk.context(body)) if loop.collection else None
        if not isinstance(items, list):
            raise Stuck(
                Text(
                    "“{label}”要逐项办理的集合不是列表，而是 {items}。",
                    "What “{label}” is repeated over is no list: {items}.",
                    label=element.label,
                    items=repr(items),
                )
            )
        return items
    count = walk.value(loop.cardinality, walk.context(body))
    if isinstance(count, str) and count.isascii() and count.isdigit():
        count = Decimal(count)
    if not isinstance(count, Decimal) or count != count.to_integral_value() or count < 0:
        raise Stuck(
            Text(
                "“{label}”要办理的次数不是自然数，而是 {count}。",
                "How often “{label}” is done is no whole number: {count}.",
                label=element.label,
                count=repr(count),
            )
        )
    if count > MOST_INSTANCES:
        raise Stuck(
            Text(
                "“{label}”要办理 {count} 次，最多可以 {most_instances} 次。",
                "“{label}” is to be done {count} times; at most {most_instances} can be.",
                label=element.label,
                count=count,
                most_instances=MOST_INSTANCES,
            )
        )
    return [None] * int(count)


def looped(walk: Walk, body: str, ident: str, result: Mapping[str, Any]) -> None:
    """One inner instance is done: map and collect, then go on, or end the loop."""
    element = walk.element(body)
    loop = element.loop
    assert loop is not None
    held = walk.live[ident].locals
    collects = bool(loop.output_collection)
    # What the instance did not set is null, whatever a variable of that name holds outside.
    own = {loop.output_name: None, **held} if collects and loop.output_name else held
    carried: Mapping[str, Any] = {}
    if element.outputs or not collects:
        # What is collected does not also leak into the case.
        private = {loop.output_name, loop.item} if collects else {loop.item}
        carried = walk.propagate(element, body, own, result, private)
    context = {**walk.context(body), **own, **result, **carried}
    del walk.live[ident]
    walk.undos = [undo._replace(scope=body) if undo.scope == ident else undo for undo in walk.undos]
    if loop.kind == "standard":
        _again(walk, body, element, loop, int(held[COUNTER]))
        return
    memo = dict(walk.live[body].memo)
    if collects:
        value = walk.value(loop.output_element, context) if loop.output_element else None
        out = list(memo["out"])
        out[int(held[COUNTER]) - 1] = value
        memo["out"] = context[loop.output_collection] = out
    memo["done"] = int(memo["done"]) + 1
    _remember(walk, body, memo)
    done, total = memo["done"], int(memo["total"])
    if done == total or _satisfied(walk, body, loop, memo, context):
        _close(walk, body, element, memo)
    elif loop.kind == "sequential":
        walk.later("inner", body, element.id, str(done))


def _satisfied(
    walk: Walk, body: str, loop: Loop, memo: Mapping[str, Any], context: Mapping[str, Any]
) -> bool:
    """Whether the completion condition ends the loop early; its counters as in BPMN 10.3.8."""
    if loop.condition is None:
        return False
    counters = {
        "numberOfInstances": Decimal(memo["total"]),
        "numberOfActiveInstances": Decimal(len(walk.children(body))),
        "numberOfCompletedInstances": Decimal(memo["done"]),
        "numberOfTerminatedInstances": Decimal(0),
    }
    return walk.value(loop.condition, {**context, **counters}) is True


def _again(walk: Walk, body: str, element: Element, loop: Loop, done: int) -> None:
    """A standard loop: once more while the condition holds and the maximum is not reached."""
    over = loop.maximum is not None and done >= loop.maximum
    if not over and (done > 0 or loop.test_before) and loop.condition is not None:
        context = {**walk.context(body), COUNTER: Decimal(done)}
        over = walk.value(loop.condition, context) is not True
    if over:
        _close(walk, body, element, {})
    else:
        walk.later("inner", body, element.id, str(done))


def inner(walk: Walk, body: str, element: Element, at: str) -> None:
    """Open the instance number `at` (from 0) of a loop that runs one after another."""
    items = walk.live[body].memo.get("items")
    _open(walk, body, element, int(at), items[int(at)] if items else None)


def _open(walk: Walk, body: str, element: Element, at: int, item: Any) -> None:
    own: dict[str, Any] = {COUNTER: Decimal(at + 1)}
    loop = element.loop
    if loop is not None and loop.item:
        own[loop.item] = item
    if loop is not None and loop.output_collection and element.kind in SCOPES:
        # What the activities inside set under this name stays within the instance.
        own.setdefault(loop.output_name, None)
        own.pop("", None)
    open_activity(walk, body, element, own, alone=False)


def _remember(walk: Walk, body: str, memo: Mapping[str, Any]) -> None:
    walk.live[body] = walk.live[body]._replace(memo=memo)


def _close(walk: Walk, body: str, element: Element, memo: Mapping[str, Any]) -> None:
    """End the loop: what still runs is interrupted, the collection goes out."""
    scope = walk.live[body].scope
    remember(walk, element, body, scope)
    walk.clear(body)
    walk.disarm(body)
    del walk.live[body]
    loop = element.loop
    if loop is not None and loop.output_collection:
        walk.assign(scope, loop.output_collection, list(memo["out"]))
    outer = walk.live.get(scope)
    if outer is not None and outer.phase == "undo":
        walk.later("undo", scope)
    else:
        walk.leave(element, scope)
