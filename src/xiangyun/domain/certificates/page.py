"""The certificate as a person sees it: one page of its own, to print, to keep, to hand on."""

from __future__ import annotations

from pathlib import Path

import segno
from django.template import Context, Engine

from .document import CLOSING, OPENING, Content

_ENGINE = Engine(app_dirs=False, dirs=[str(Path(__file__).with_name("templates"))])


def blank_page(content: Content, key_id: str, *, specimen: bool = False) -> str:
    """The page with its data block still empty; nothing outside of it is ever loaded.

    `specimen`: marked across as a sample, without a block for data.
    """
    fields = content["fields"]
    code = segno.make(content["verify_at"], error="m", micro=False)
    context = {
        "content": content,
        "top": [field for field in fields if field["place"] == "top"],
        "body": [field for field in fields if field["place"] == "body"],
        "foot": [field for field in fields if field["place"] == "foot"],
        "qr": code.svg_inline(border=0, omitsize=True, dark="#1c2628"),
        "key_id": key_id,
        "block": "" if specimen else OPENING + CLOSING,
        "specimen": specimen,
    }
    template = _ENGINE.get_template("certificates/certificate.html")
    return template.render(Context(context, use_l10n=False))
