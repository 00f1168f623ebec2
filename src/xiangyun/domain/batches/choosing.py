"""Which actions the chosen tasks allow: what all of them do, and what only some do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.secrecy import SEALED

MOST = 200
"""Tasks of a batch."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A task that was chosen and that the actor may do."""

    case: UUID
    number: str
    subject: str
    token: str
    title: Text


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that some of the chosen tasks allow: the button, on how many, and what it causes.

    Two services may call different things by one name, so that an offer is one of a service's task.
    """

    key: str
    action: str
    words: Text
    effect: Text
    note_required: bool
    grave: bool
    on: tuple[Chosen, ...]


def chosen(actor: Actor, items: Iterable[int]) -> list[tuple[cases.Case, cases.OpenTask]]:
    """The open tasks with these numbers of lines, as far as the actor may do them."""
    return cases.tasks_in(actor, list(dict.fromkeys(items))[:MOST])


def offers(actor: Actor, items: Iterable[int]) -> list[Offer]:
    """The actions on the chosen tasks, those that most of them allow first."""
    found: dict[str, Offer] = {}
    for case, task in chosen(actor, items):
        if task.form or case.need == SEALED:  # one by one: answers, and what is sealed for each
            continue
        service = cases.pack_of(case).service
        for button in task.buttons:
            key = f"{service.code}:{task.element}:{button.action}"
            one = Chosen(case.pk, case.number, case.subject, task.id, task.title)
            before = found.get(key)
            found[key] = Offer(
                key=key,
                action=button.action,
                words=button.words,
                effect=button.effect,
                note_required=button.note_required,
                grave=service.is_grave(button.action),
                on=(*(before.on if before else ()), one),
            )
    return sorted(found.values(), key=lambda offer: -len(offer.on))


def offer(actor: Actor, items: Sequence[int], key: str) -> Offer | None:
    """The offer with this key, if the chosen tasks still allow it."""
    return next((one for one in offers(actor, items) if one.key == key), None)
