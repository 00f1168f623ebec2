"""How a case answers its engine: an event goes in, commands come out, and each is answered.

The engine (`kernel.bpmn.advance`) calls nothing. Here its commands become rows, letters and jobs,
all in the transaction of the step, and what can be answered at once (a decision, a register) goes
back in as the next event, until the case waits for a person, a clock or another office.
"""

from __future__ import annotations

from collections import deque

from xiangyun.kernel.bpmn import (
    CaseEnded,
    DecisionWanted,
    Event,
    ServiceWanted,
    State,
    advance,
)
from xiangyun.kernel.feel import to_stored

from . import services
from .answers import ANSWERS
from .course import SERVICES, Course, service


def carry_on(course: Course, event: Event) -> None:
    """Run the case's process from an event until it waits, and store where it stands."""
    case, process = course.case, course.pack.process
    state = State.from_json(case.state) if case.state is not None else None
    events = deque([event])
    while events:
        step = advance(process, state, events.popleft(), course.context)
        state = step.state
        for command in step.commands:
            answer = ANSWERS[type(command)](course, command)
            if answer is not None:
                events.append(answer)
            if isinstance(command, CaseEnded) or (
                answer is not None and isinstance(command, DecisionWanted | ServiceWanted)
            ):
                case.passed = [*dict.fromkeys([*case.passed, command.element])]
    case.state = state.to_json() if state is not None else None
    case.variables = to_stored(course.data)
    case.save()


__all__ = ["SERVICES", "Course", "carry_on", "service", "services"]
