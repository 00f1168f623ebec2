"""Letters as PDF, set by Typst from a template of ours.

Typst brings Latin faces alone. A Chinese face must be on the machine (Debian: `fonts-noto-cjk`)
or in the folder that `XIANGYUN_FONTS` names; without one no letter is set, rather than one full of
boxes.
"""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings

from xiangyun.domain.messaging.ports import Sheet

from .fonts import chinese_fonts

TEMPLATE = Path(__file__).with_name("letter.typ")


def typesetter() -> Typst:
    """What the settings name."""
    return Typst()


class Typst:
    """Sets a sheet; the same sheet gives the same bytes."""

    def pdf(self, sheet: Sheet) -> bytes:
        # Only who prints loads a library of 34 MB.
        import typst  # noqa: PLC0415

        fonts, faces = chinese_fonts(settings.FONTS)
        data = {
            "office": sheet.office,
            "number": sheet.number,
            "title": sheet.title,
            "body": [part.split("\n") for part in sheet.body.split("\n\n") if part.strip()],
            "foot": sheet.foot,
            "day": sheet.day,
            "language": "zh" if sheet.language.startswith("zh") else "en",
            "region": "CN" if sheet.language.startswith("zh") else "GB",
            "fonts": list(faces),
        }
        made: bytes = typst.compile(
            TEMPLATE.read_bytes(),
            font_paths=fonts,
            sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
        )
        return made
