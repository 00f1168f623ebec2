"""Certificates as PDF: set by Typst, signed by PAdES with the instance's P-256 key.

Common readers know no Ed25519 in PDF. `pyhanko` comes with the extra `pades`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from xiangyun.domain.certificates.forms.pdfpage import NO_PYHANKO
from xiangyun.domain.journal.signatures import Signer
from xiangyun.kernel.findings import Conflict

from .fonts import chinese_fonts
from .pdfsealing import sealed

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
    return sealed(_set(content, attached), signer, chain)


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
