"""Timers that count working days: set anew when holidays are entered, as deadlines are.

What a timer was counted by is kept with the clocks of its case while it is set: the moment since
which it counts, and the time as it was written. Where a formula says when it rings, the formula is
asked again; a fingerprint of what it read says whether that still is what it was, for a timer does
not follow answers that change after it was set.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from xiangyun.domain.cases import clock, sealing
from xiangyun.domain.cases.models import Timer
from xiangyun.kernel.bpmn import TimerSet
from xiangyun.kernel.bpmn.model import Element
from xiangyun.kernel.bpmn.times import recounted
from xiangyun.kernel.feel import Expression, from_json, to_stored
from xiangyun.kernel.pack.variables import CALENDAR_FUNCTIONS
from xiangyun.kernel.worktime import office_time

from .casestep import CaseStep


def remember(step: CaseStep, command: TimerSet) -> None:
    """Keep what a timer was counted by, where a holiday would move it."""
    if command.since is None:
        return
    basis = {"since": command.since.isoformat()}
    if command.counted:
        basis["text"] = command.counted
    elif (expression := _reckons(step.pack.elements.get(command.element))) is None:
        return
    elif _asked_again(step, command.element, command.since) != command.due:
        return  # it read what only its own scope knows
    else:
        basis["print"] = _print(step, expression)
    clock.keep_timer(step.case, command.id, basis)


def due_now(step: CaseStep, timer: Timer, basis: Mapping[str, str]) -> datetime | None:
    """When a timer is due by the calendar as it stands; None where that cannot be said any more."""
    since = office_time(datetime.fromisoformat(basis["since"]))
    element = step.pack.elements.get(timer.element)
    if element is None or element.trigger is None:
        return None
    if "text" in basis:
        return recounted(element.trigger.timer, basis["text"], since, step.calendar)
    expression = _reckons(element)
    if expression is None or _print(step, expression) != basis["print"]:
        return None
    return _asked_again(step, timer.element, since)


def _reckons(element: Element | None) -> Expression | None:
    """The formula of a timer, where it asks the calendar."""
    trigger = element.trigger if element is not None else None
    formula = trigger.formula if trigger is not None else None
    expression = formula.expression if formula is not None else None
    if expression is None or expression.free_names.isdisjoint(CALENDAR_FUNCTIONS):
        return None
    return expression


def _asked_again(step: CaseStep, name: str, since: datetime) -> datetime | None:
    """When a formula says that a timer rings, asked with what is known now."""
    trigger = step.pack.elements[name].trigger
    assert trigger is not None
    assert trigger.formula is not None
    now = from_json(office_time(since))
    value = trigger.formula.value(step.context, now)
    return recounted(trigger.timer, value, office_time(since), step.calendar)


def _print(step: CaseStep, expression: Expression) -> str:
    """What the formula reads, so that it can be told from something else and not be read."""
    read = {name: step.context.get(name) for name in expression.values_read}
    spelled = json.dumps(to_stored(read), ensure_ascii=False, sort_keys=True, default=str)
    if sealing.is_sealed(step.case):
        return sealing.term(spelled)
    return sha256(f"{step.case.pk}{spelled}".encode()).hexdigest()[:16]
