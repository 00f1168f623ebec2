"""Certificates as PDF: set by Typst, signed by PAdES with the instance's P-256 key.

Common readers know no Ed25519 in PDF. `pyhanko` comes with the extra `pades`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from xiangyun.domain.certificates.forms.pdfpage import NO_PYHANKO
from xiangyun.domain.journal.algorithms import to_der
from xiangyun.domain.journal.signatures import Signer
from xiangyun.kernel.findings import Conflict

from .fonts import chinese_fonts

TEMPLATE = Path(__file__).with_name("certificate.typ")


def certificate_pdf(
    content: Mapping[str, Any], attached: str, signer: Signer, chain: Sequence[bytes]
) -> bytes:
    """The signed PDF; what `settings.XIANGYUN_CERTIFICATE_PDF` names.

    `attached`: JSON that lies in it as an attachment. Raises Conflict `certificates.E010` without
    pyhanko, `messaging.E008` without a Chinese face.
    """
    if find_spec("pyhanko") is None:  # an extra
        raise Conflict([NO_PYHANKO])
    return _signed(_set(content, attached), signer, chain)


def _set(content: Mapping[str, Any], attached: str) -> bytes:
    import typst  # noqa: PLC0415  only who prints loads a library of 34 MB

    fonts, faces = chinese_fonts(settings.FONTS)
    sheet = {
        "title": content["type"]["name"]["zh"],
        "title_en": content["type"]["name"]["en"],
        "authority": content["authority"]["name"],
        "rows": _rows(content),
        "foot": [content["note"]["zh"], content["note"]["en"], content["verify_at"]],
        "fonts": list(faces),
        "data": attached,
    }
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
    )
    return made


def _rows(content: Mapping[str, Any]) -> list[dict[str, str]]:
    rows = [
        {
            "zh": line["label"]["zh"],
            "en": line["label"]["en"],
            "value": line["value"]["zh"],
            "value_en": line["value"]["en"],
        }
        for line in content["fields"]
    ]
    until = content["valid_until"]
    more = [
        ("持证主体", "Holder", content["holder"]["name"]),
        ("证照编号", "Number", content["number"]),
        ("颁发机构", "Authority", content["authority"]["name"]),
        ("颁发日期", "Issued on", content["issued_on"]),
        ("有效期至", "Valid until", until or "长期 No end"),
        ("证照标识", "Identifier", content["identifier"]),
    ]
    if use := content.get("use"):
        more.append(("仅限用途", "Only for", f"{use['purpose']}（{use['until']}）"))
    return rows + [{"zh": zh, "en": en, "value": said, "value_en": said} for zh, en, said in more]


def _signed(pdf: bytes, signer: Signer, chain: Sequence[bytes]) -> bytes:
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
