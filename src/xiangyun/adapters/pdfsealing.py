"""PDFs sealed by PAdES with the instance's P-256 key, through the signing port.

Common readers know no Ed25519 in PDF. `pyhanko` comes with the extra `pades`: without it letters
leave as they are set, and certificates are refused (see certificatepdf.py).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from xiangyun.domain.journal.algorithms import to_der
from xiangyun.domain.journal.signatures import Signer
from xiangyun.domain.messaging.ports import Sheet

from .token import keyring
from .typesetting import Typst


def typesetter() -> SealedLetters:
    """What `settings.XIANGYUN_TYPESETTER` names."""
    return SealedLetters()


class SealedLetters:
    """Sets letters and seals each: any reader of PDF shows who sealed it, and that it is whole."""

    def pdf(self, sheet: Sheet) -> bytes:
        made = Typst().pdf(sheet)
        if find_spec("pyhanko") is None:
            return made
        keys = keyring()
        return sealed(made, keys.signer("ES256"), keys.chain())


def sealed(pdf: bytes, signer: Signer, chain: Sequence[bytes]) -> bytes:
    """The PDF with a signature over all of it; `chain`: certificates in DER, the root last."""
    from asn1crypto.algos import SignedDigestAlgorithm  # noqa: PLC0415  comes with pyhanko
    from asn1crypto.x509 import Certificate  # noqa: PLC0415  the extra
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  extra
    from pyhanko.sign import signers  # noqa: PLC0415  the extra
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415  the extra
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415  the extra

    # The root is left to those who trust it: nothing lies in the file that nobody checks.
    own = Certificate.load(chain[0])
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]

    class Ours(signers.Signer):
        """The port as the library wants it: it may be a token that never gives its key away."""

        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            return bytes(72) if dry_run else to_der(signer.sign(data))

    by = Ours(
        signing_cert=own,
        cert_registry=store,
        signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
    )
    how = signers.PdfSignatureMetadata(
        field_name="Issuer", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    made = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), how, signer=by, output=made)
    return made.getvalue()
