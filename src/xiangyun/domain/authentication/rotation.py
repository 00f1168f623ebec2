"""Secrets of authenticator apps encrypted anew with the newest key."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from xiangyun.domain.vault.ports import cipher

from .models import Totp

_PIECE = 500


def encrypt_anew(
    piece: Callable[[], AbstractContextManager[object]],
    report: Callable[[int], None] = lambda done: None,
) -> int:
    """Encrypt with the newest key what older ones made; how many secrets. See `accounts.keys`."""
    keys, last, done = cipher(), None, 0
    while True:
        with piece():
            rows = Totp.objects.order_by("pk").select_for_update()
            some = list((rows if last is None else rows.filter(pk__gt=last))[:_PIECE])
            for row in some:
                if keys.key_number(bytes(row.secret)) == keys.newest:
                    continue
                about = f"totp/{row.pk}"
                row.secret = keys.encrypt(keys.decrypt(bytes(row.secret), about=about), about=about)
                row.save(update_fields=["secret"])
                done += 1
        if not some:
            return done
        last = some[-1].pk
        report(done)
