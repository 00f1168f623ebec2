"""Which messages are whose: those of the party acted for, in the matters it is acted for in."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xiangyun.domain.accounts.access import Actor

from .models import Entry, Message


def mine(actor: Actor) -> Q:
    """Of messages and entries: those of the party acted for now."""
    if actor.account is None:
        return Q(pk__in=[])
    own = Q(recipient__in=actor.subjects)
    return own & Q(matter__in=actor.about) if actor.about else own


def messages_of(actor: Actor) -> QuerySet[Message]:
    """The inbox. Row-level security besides hides those to officials who lost sight of the case."""
    return Message.objects.filter(mine(actor))


def entries_of(actor: Actor) -> QuerySet[Entry]:
    """The calendar."""
    return Entry.objects.filter(mine(actor))
