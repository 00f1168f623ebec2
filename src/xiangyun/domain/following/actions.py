"""Bring followers up to the journal.

A follower names a function in its app's manifest (`follows_journal`). It is given the sealed
entries that it has not had yet, in the order of the tree: that order has no gap, whereas the ids of
entries committed late lie below others that were seen already. Its writes and its mark are one
transaction, so that an entry is taken once, whatever is killed when. A follower that fails goes on
from the same entry at the next turn; the others do not wait for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from importlib import import_module

from django.db import InterfaceError, OperationalError, transaction

from xiangyun import manifest
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.findings import Text

from .models import Follower

PIECE = 500
"""Entries of one transaction."""
Take = Callable[[Sequence[journal.Entry]], None]
_log = logging.getLogger(__name__)


def followers() -> dict[str, Take]:
    """What follows, by the name of its app."""
    found: dict[str, Take] = {}
    for app in manifest.apps():
        if app.manifest.follows_journal:
            module, _, name = app.manifest.follows_journal.partition(":")
            found[app.name] = getattr(import_module(module), name)
    return found


def follow(name: str, take: Take, *, at_most: int = PIECE) -> int:
    """Hand a follower what is sealed and new to it; how many entries that were.

    Two at once take turns. Raises what `take` raises, and nothing is marked then.
    """
    with transaction.atomic(), acting_as(SYSTEM):
        Follower.objects.get_or_create(name=name)
        mark = Follower.objects.select_for_update().get(name=name)
        entries = journal.sealed_from(mark.next, at_most)
        if entries:
            take(entries)
            mark.next += len(entries)
            mark.save(update_fields=["next"])
        return len(entries)


def follow_all() -> None:
    """Bring every follower up to the last sealed entry.

    Raises only what says that the database is away; what else goes wrong stands in the log.
    """
    for name, take in followers().items():
        try:
            while follow(name, take):
                pass
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _log.exception(
                Text(
                    "“{name}”没有跟上日志，下一分钟从同一条再试。",
                    "“{name}” could not follow the journal; next minute it tries the same entry.",
                    name=name,
                )
            )
