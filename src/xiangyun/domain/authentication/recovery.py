"""Recovery codes: ten on paper, each good once, for whoever lost the second factor."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from xiangyun.domain.vault.ports import cipher

from .models import RecoveryCode

MANY = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read for another
_LENGTH = 10  # almost 50 bits, behind a keyed hash and the limits of the page


def make(account: UUID) -> tuple[str, ...]:
    """New codes in place of all earlier ones; they are told once and kept as hashes."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(MANY)]
    RecoveryCode.objects.filter(account_id=account).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account_id=account, fingerprint=_fingerprint(code, account)) for code in codes
    )
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def left(account: UUID) -> int:
    """How many codes are still good."""
    return RecoveryCode.objects.filter(account_id=account, used_at=None).count()


def use(account: UUID, typed: str, at: datetime) -> bool:
    """Use up the code that was typed; False for one that is none, or was used before."""
    code = "".join(letter for letter in typed.lower() if letter in _LETTERS)
    if len(code) != _LENGTH:
        return False
    unused = RecoveryCode.objects.filter(account_id=account, used_at=None)
    return unused.filter(fingerprint=_fingerprint(code, account)).update(used_at=at) == 1


def _fingerprint(code: str, account: UUID) -> bytes:
    return cipher().fingerprint(code, about=f"recovery/{account}")
