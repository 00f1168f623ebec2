"""A certificate as PDF: reading and checking one (PAdES); who sets and signs is behind a port.

`pyhanko` comes with the extra `pades`; without it the check says so.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from xiangyun.kernel.credential.encodings import read_json
from xiangyun.kernel.credential.faults import refused
from xiangyun.kernel.findings import Conflict, Finding, Text

ATTACHED = "certificate.json"
"""The attachment that holds {content, status}, as canonical JSON."""


class Read(NamedTuple):
    """What a PDF carries, and the DER of the certificate whose key signed all of it."""

    content: dict[str, Any]
    status: dict[str, Any]
    signed_by: bytes


def read(data: bytes, roots: Sequence[bytes]) -> Read:
    """A PDF of ours, its signature checked; `roots`: certificates in DER whom one trusts.

    Raises Refused: `credential.E001` no such PDF, `E040` not signed, or more was added after
    signing, `E006` changed, `E007` signed by somebody not trusted; Conflict `certificates.E010`
    where `pyhanko` is not installed.
    """
    try:
        # Only who checks a PDF loads the library, which is an extra.
        from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  the extra
    except ImportError:
        raise Conflict([NO_PYHANKO]) from None
    try:
        reader = PdfFileReader(io.BytesIO(data))
        attached = _attached(reader)
        signatures = list(reader.embedded_signatures)
    except Exception:  # a broken file raises what its decoders raise
        raise refused("credential.E001") from None
    if not signatures:
        raise refused("credential.E040")
    signer = _signer(signatures[0], len(signatures), roots)
    value = read_json(attached)
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("content"), dict)
        or not isinstance(value.get("status"), dict)
    ):
        raise refused("credential.E024", ATTACHED)
    return Read(value["content"], value["status"], signer)


def _signer(signature: Any, count: int, roots: Sequence[bytes]) -> bytes:
    from asn1crypto.cms import ContentInfo  # noqa: PLC0415  comes with pyhanko
    from asn1crypto.x509 import Certificate  # noqa: PLC0415  comes with pyhanko
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415  the extra
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415  the extra

    # What it tells a log is said by the refusal.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    anchors = [Certificate.load(each) for each in roots]
    context = ValidationContext(trust_roots=anchors, allow_fetching=False)
    try:
        status = validate_pdf_signature(signature, context)
    except Exception:  # the library has an error of its own for each way to be broken
        raise refused("credential.E006") from None
    if not status.intact or not status.valid:
        raise refused("credential.E006")
    # Room was kept for the signature; what is left of it holds zeros and nothing else.
    kept = signature.pkcs7_content
    if kept[len(ContentInfo.load(kept).dump()) :].strip(b"\0"):
        raise refused("credential.E006")
    if count != 1 or getattr(status.coverage, "name", "") != "ENTIRE_FILE":
        raise refused("credential.E040")
    if not status.trusted:
        raise refused("credential.E007")
    found: bytes = status.signing_cert.dump()
    return found


def _attached(reader: Any) -> bytes:
    """The content of our attachment. Raises KeyError for none."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for at in range(0, len(names), 2):
        if str(names[at]) == ATTACHED:
            content: bytes = names[at + 1]["/EF"]["/F"].data
            return content
    raise KeyError(ATTACHED)


NO_PYHANKO = Finding(
    "certificates.E010",
    "error",
    Text(
        "没有安装 pyhanko，不能签发或核验 PDF。",
        "pyhanko is not installed: PDFs can be neither signed nor checked.",
    ),
    hint=Text("请执行 pip install 'xiangyun[pades]'。", "Do this: pip install 'xiangyun[pades]'."),
)
