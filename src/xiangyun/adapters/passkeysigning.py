"""Signing by passkey: the port `cases.ports.Signatures` answered by W3C Web Authentication 2.

A browser is asked to use one of the actor's passkeys; the challenge is the SHA-256 of the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TypeVar

from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.authentication import actions, passkeys
from xiangyun.domain.cases.ports import Site
from xiangyun.kernel.credential.encodings import to_base64url
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.service.signing import digest_of

T = TypeVar("T")


class Passkeys:
    """The passkeys that people have added to their accounts."""

    def ask(self, document: str, site: Site, actor: Actor) -> str:
        """What a browser is asked; Conflict `signature.E006` for an account without passkeys."""
        digest = digest_of(document)
        return _as(actor, lambda: actions.ask_to_sign(actor, _site(site), digest))

    def check(self, document: str, answer: str, site: Site, actor: Actor) -> Mapping[str, str]:
        """The proof, as `journal.passkeysigned` wants it. Raises as `authentication.sign`."""
        digest = digest_of(document)
        made = _as(actor, lambda: actions.sign(actor, _site(site), digest, answer))
        said = {"challenge": to_base64url(digest), "origin": site.origin, "host": site.host}
        return {**said, **asdict(made)}


def _as(actor: Actor, act: Callable[[], T]) -> T:
    """Do it as the actor, who alone sees the own passkeys.

    A refusal that passed an inner `acting_as` would end the transaction of whoever is told it.
    """
    refused: Refused | None = None
    with acting_as(actor):
        try:
            return act()
        except Refused as refusal:
            refused = refusal
    raise refused


def _site(site: Site) -> passkeys.Site:
    return passkeys.Site(site.host, site.origin)
