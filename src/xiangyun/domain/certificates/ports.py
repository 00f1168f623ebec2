"""What certificates want from outside: keys by their algorithms, a PDF, the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.domain.journal import ports
from xiangyun.domain.journal.signatures import Signer

from .trust import Organisation, Trust
from .verification import Standing

__all__ = [
    "Elsewhere",
    "KeyRing",
    "Signer",
    "address_to_verify",
    "certificate_pdf",
    "keyring",
    "other_platforms",
    "others",
    "signer",
]


class KeyRing(Protocol):
    """The keys that an instance signs with."""

    def signer(self, algorithm: str) -> Signer:
        """The key of an algorithm: Ed25519, ES256 or SM2SM3."""

    def chain(self) -> Sequence[bytes]:
        """The X.509 certificates of the ES256 key in DER: its own first, the root last."""


class MakesPdf(Protocol):
    """Sets a certificate as PDF with data attached, and signs all of it."""

    def __call__(
        self, content: Mapping[str, Any], attached: str, signer: Signer, chain: Sequence[bytes]
    ) -> bytes: ...


class Elsewhere(Protocol):
    """Other platforms whose certificates are valid here, as they were agreed with."""

    def organisations(self) -> Sequence[Organisation]:
        """Who they are, with their keys."""

    def pems(self) -> Mapping[str, str]:
        """Their keys in PEM by their ids."""

    def standing(self, key_id: str, identifier: str) -> Standing | None:
        """What the platform that has this key says about a certificate of its own; None where it
        does not answer."""

    def published_list(self, uri: str) -> str | None:
        """The signed status list of one of them; None for none, and for an address of nobody's."""


def other_platforms() -> Elsewhere:
    """Those of this instance, as the settings name them."""
    made: Elsewhere = import_string(settings.XIANGYUN_ELSEWHERE)()
    return made


def keyring() -> KeyRing:
    """The keys of this instance, as the settings name them."""
    made: KeyRing = import_string(settings.XIANGYUN_KEYRING)()
    return made


def signer(algorithm: str = "Ed25519") -> Signer:
    """The key of an algorithm; the journal's own for Ed25519."""
    return ports.signer() if algorithm == "Ed25519" else keyring().signer(algorithm)


def others() -> Trust:
    """The organisations whom this instance trusts besides itself, as the settings name them."""
    found: Trust = import_string(settings.XIANGYUN_TRUST)()
    return found


def certificate_pdf() -> MakesPdf:
    """Who makes PDFs, as the settings name them."""
    made: MakesPdf = import_string(settings.XIANGYUN_CERTIFICATE_PDF)
    return made


def address_to_verify(identifier: str) -> str:
    """The public page that says whether a certificate stands; its QR code holds this address."""
    return f"{settings.PUBLIC_URL}/verify?{urlencode({'id': identifier})}"
