"""What certificates want from outside: the journal's signer, and the address of the platform."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings

from xiangyun.domain.journal.ports import Signer, signer

__all__ = ["Signer", "address_to_verify", "signer"]


def address_to_verify(identifier: str) -> str:
    """The public page that says whether a certificate stands; its QR code holds this address."""
    return f"{settings.PUBLIC_URL}/verify?{urlencode({'id': identifier})}"
