"""How a case answers its engine: an event goes in, commands come out, and each is answered.

The engine (`kernel.bpmn.advance`) calls nothing. Here its commands become rows, letters and jobs,
and what can be answered at once (a decision, a register) goes back in as the next event, until the
case waits for a person, a clock or another office. Then all of it is written in one statement.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack

from django.db import transaction

from xiangyun.domain.accounts.access import acting_as, rls_settings
from xiangyun.kernel.bpmn import (
    CaseEnded,
    DecisionWanted,
    Event,
    ServiceWanted,
    State,
    advance,
)

from . import called, services
from .answers import ANSWERS
from .casestep import SERVICES, CaseStep, check_handlers, service


def carry_on(step: CaseStep, event: Event) -> None:
    """Run the case's process from an event until it waits, and write what came of it.

    Raises `store.StaleRevision`, and has written nothing, when the case was changed meanwhile.
    """
    if step.pack.called:
        called.carry_on(step, event, _let_write)
        return
    case = step.case
    state = State.from_json(case.state) if case.state is not None else None
    events = deque([event])
    with ExitStack() as writing:
        while events:
            happening = events.popleft()
            if state is not None and happening is not event and not _is_wanted(state, happening):
                continue  # of several answers one may have ended what wanted the others
            moved = advance(step.pack.process, state, happening, step.context)
            state = moved.state
            for command in moved.commands:
                if isinstance(command, ServiceWanted):
                    _let_write(writing, step)
                answer = ANSWERS[type(command)](step, command)
                if answer is not None:
                    events.append(answer)
                if isinstance(command, CaseEnded) or (
                    answer is not None and isinstance(command, DecisionWanted | ServiceWanted)
                ):
                    case.passed = [*dict.fromkeys([*case.passed, command.element])]
        case.state = state.to_json() if state is not None else None
        step.keep()


def _is_wanted(state: State, answer: Event) -> bool:
    """Whether what asked for this answer still waits for it."""
    live = state.live.get(getattr(answer, "id", ""))
    return live is not None and not live.phase


def _let_write(writing: ExitStack, step: CaseStep) -> None:
    """Services write for themselves: what was collected goes before them, in the same transaction.

    From then on the case is locked: nobody overtakes. Inside a request it is a savepoint, so that
    who was overtaken or refused there goes on in the request's transaction and can be told.
    """
    if not step.shared:
        told = rls_settings(step.actor) == (None, None, None)
        writing.enter_context(transaction.atomic() if told else acting_as(step.actor))
        step.shared = True
    step.keep()


__all__ = ["SERVICES", "CaseStep", "called", "carry_on", "check_handlers", "service", "services"]
