"""How a case answers its engine: an event goes in, commands come out, and each is answered.

The engine (`kernel.bpmn.advance`) calls nothing. Here its commands become rows, letters and jobs,
and what can be answered at once (a decision, a register) goes back in as the next event, until the
case waits for a person, a clock or another office. Then all of it is written in one statement.

A case has one process under way, or several where that one calls others (`processes`): an event is
for one of them, and so is each answer. This page is the loop for all cases.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack

from django.db import transaction

from xiangyun.domain.accounts.access import acting_as, rls_settings
from xiangyun.kernel.bpmn import Event, NotWaiting, ServiceWanted
from xiangyun.kernel.pack.instances import addressed

from . import processes, registering, services
from .casestep import SERVICES, CaseStep, check_handlers, service


def carry_on(step: CaseStep, event: Event) -> None:
    """Run the processes of a case from an event until they wait, and write what came of it.

    Raises `NotWaiting` when none of them waits for the event, and `store.StaleRevision` when the
    case was changed meanwhile; then nothing is written.
    """
    parts = processes.under_way(step)
    events = deque(addressed(event, processes.oldest_first(step.case, event)))
    if not events or not all(processes.is_awaited(parts, *each) for each in events):
        raise NotWaiting(step.pack.process, str(getattr(event, "id", type(event).__name__)))
    with ExitStack() as writing:
        while events:
            number, happening = events.popleft()
            if not processes.is_awaited(parts, number, happening):
                continue  # of several answers one may have ended what wanted the others
            part = parts.by_number[number]
            processes.turn_to(step, parts, part, happening)
            for command in parts.advance(part, happening):
                if isinstance(command, ServiceWanted):
                    _let_write(writing, step)
                answer = processes.answer(step, parts, part, command)
                if answer is not None:
                    events.append(answer)
        processes.put_into_row(step, parts)
        step.keep()


def _let_write(writing: ExitStack, step: CaseStep) -> None:
    """Services write for themselves: what was collected goes before them, in the same transaction.

    From then on the case is locked: nobody overtakes. Inside a request it is a savepoint, so that
    who was overtaken or refused there goes on in the request's transaction and can be told.
    """
    if not step.shared:
        told = rls_settings(step.actor) is None
        writing.enter_context(transaction.atomic() if told else acting_as(step.actor))
        step.shared = True
    step.keep(midway=True)


__all__ = [
    "SERVICES",
    "CaseStep",
    "carry_on",
    "check_handlers",
    "processes",
    "registering",
    "service",
    "services",
]
