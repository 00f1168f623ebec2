"""Letters as PDF, set by Typst from a template of ours.

Typst brings Latin faces alone. A Chinese face must be on the machine (Debian: `fonts-noto-cjk`)
or in the folder that `XIANGYUN_FONTS` names; without one no letter is set, rather than one full of
boxes.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from xiangyun.domain.messaging.ports import Sheet
from xiangyun.kernel.findings import Conflict, Finding, Text

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("letter.typ")
FACES = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "SimSun",
    "FandolSong",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Zen Hei",
)
"""Chinese faces by their names, the best first; by the language alone a Japanese one may come."""


def typesetter() -> Typst:
    """What the settings name."""
    return Typst()


class Typst:
    """Sets a sheet; the same sheet gives the same bytes."""

    def pdf(self, sheet: Sheet) -> bytes:
        # Only who prints loads a library of 34 MB.
        import typst  # noqa: PLC0415

        fonts, faces = _fonts(settings.FONTS)
        if not faces:
            raise Conflict([NO_FACE])
        data = {
            "office": sheet.office,
            "number": sheet.number,
            "title": sheet.title,
            "body": [part.split("\n") for part in sheet.body.split("\n\n") if part.strip()],
            "foot": sheet.foot,
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


@cache
def _fonts(folder: str) -> tuple[typst.Fonts, tuple[str, ...]]:
    """The faces of the machine and of a folder, looked for once, and the Chinese ones of them."""
    import typst  # noqa: PLC0415  only who prints loads it

    found = typst.Fonts(font_paths=[folder] if folder else [])
    there = {each.family for each in found.fonts()}
    return found, tuple(face for face in FACES if face in there)


NO_FACE = Finding(
    "messaging.E008",
    "error",
    Text(
        "这台机器上没有中文字体，信件排不成 PDF。",
        "No Chinese face is on this machine: letters cannot be set as PDF.",
    ),
    hint=Text(
        "请管理员安装 fonts-noto-cjk，或者用 XIANGYUN_FONTS 指明字体文件夹。",
        "Let the operator install fonts-noto-cjk, or name a folder by XIANGYUN_FONTS.",
    ),
)
