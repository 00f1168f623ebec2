"""Read what an account proves itself with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.vault.ports import cipher

from . import recovery, totp
from .models import Passkey, Totp


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account that count: an app or None, passkeys, codes left."""

    app: Totp | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor; recovery codes alone are none."""
        return self.app is not None or bool(self.passkeys)

    @property
    def many(self) -> int:
        """How many factors there are."""
        return len(self.passkeys) + (self.app is not None)


@dataclass(frozen=True, slots=True)
class Offer:
    """An app that is being added: its secret, and the address that holds it for a camera."""

    secret: str
    uri: str


def factors(account: UUID) -> Factors:
    """The second factors of an account, as far as the asking actor may see them."""
    return Factors(
        Totp.objects.filter(account_id=account).exclude(confirmed_at=None).first(),
        tuple(Passkey.objects.filter(account_id=account).order_by("created_at")),
        recovery.left(account),
    )


def has_factor(account: UUID) -> bool:
    """Whether an account has a second factor; asked by the platform for whoever logs in."""
    with acting_as(SYSTEM):
        return factors(account).any


def offer(actor: Actor, login: str) -> Offer | None:
    """The app that the actor is adding, if any; the actor alone sees its secret."""
    if actor.account is None:
        return None
    row = Totp.objects.filter(account_id=actor.account, confirmed_at=None).first()
    if row is None:
        return None
    secret = secret_of(row)
    return Offer(secret, totp.uri(secret, login))


def secret_of(row: Totp) -> str:
    """The secret of an app, decrypted."""
    return cipher().decrypt(bytes(row.secret), about=f"totp/{row.pk}").decode()
