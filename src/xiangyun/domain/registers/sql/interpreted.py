"""One row of a table decided by the interpreter: what every engine must say of it too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from xiangyun.kernel.dmn import decide
from xiangyun.kernel.feel import Value, from_json

from .entitlements import Plan
from .snapshots import DAY, ON, PARAMETERS, Run


def interpreted(plan: Plan, row: Mapping[str, Any]) -> dict[str, list[dict[str, Value]]]:
    """By the code of each item that counts for the row: the columns that are kept of it.

    A decision that gives a list may be there several times over, in the order of its table.

    `row` holds Python values by the table's columns; a moment has its day in the office's zone.
    """
    run = plan.run
    columns = {name: _value(value, run) for name, value in row.items() if name in run.table.columns}
    context = {**columns, ON: run.on, PARAMETERS: dict(run.figures)}
    given: dict[str, Value] = {PARAMETERS: dict(run.figures), DAY: run.on}
    for each in plan.inputs:
        _put(given, each.path, each.source.evaluate(context))
    found: dict[tuple[str, int], dict[str, Value]] = {}
    for question in plan.asked:
        value = decide(plan.model, question.id, given, trace=False).value
        if question.use == "when":
            if value is True:
                found[question.decision, question.part] = {}
        elif (question.decision, question.part) in found:
            found[question.decision, question.part][question.name] = value
    items: dict[str, list[dict[str, Value]]] = {}
    for (item, _), kept in found.items():
        items.setdefault(item, []).append(kept)
    return items


def _put(given: dict[str, Value], path: tuple[str, ...], value: Value) -> None:
    """A value into the contexts that its path leads through."""
    *above, last = path
    for name in above:
        inner = given.setdefault(name, {})
        given = inner if isinstance(inner, dict) else {}
    given[last] = value


def _value(value: Any, run: Run) -> Value:
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(run.zone)) if value.tzinfo else value
        return local.date()
    try:
        return from_json(value)
    except TypeError:  # a list of bytes or the like, which no rule reads
        return None
