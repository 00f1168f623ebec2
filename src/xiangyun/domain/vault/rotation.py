"""Data keys wrapped anew by the newest key. What they have sealed stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from . import ports
from .models import DataKey

_PIECE = 1000


def wrap_anew(
    piece: Callable[[], AbstractContextManager[object]],
    report: Callable[[int], None] = lambda done: None,
) -> int:
    """Wrap anew what older keys have wrapped; how many.

    `piece` opens a transaction of the platform, for one piece each time.
    Ended half way it goes on where it was. The data keys themselves stay.
    """
    keys, done = ports.cipher(), 0
    while True:
        with piece():
            some = list(
                DataKey.objects.exclude(key=keys.newest)
                .order_by("scope")
                .select_for_update()[:_PIECE]
            )
            for each in some:
                each.wrapped = keys.wrapped_anew(bytes(each.wrapped), about=each.scope)
                each.key = keys.newest
                each.save(update_fields=["wrapped", "key"])
        if not some:
            return done
        done += len(some)
        report(done)
