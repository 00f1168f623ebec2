"""Chinese faces for what Typst sets: those of the machine and of a folder.

Typst brings Latin faces alone. Without a Chinese one nothing is set, rather than full of boxes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from xiangyun.kernel.findings import Conflict, Finding, Text

if TYPE_CHECKING:
    import typst

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


def chinese_fonts(folder: str) -> tuple[typst.Fonts, tuple[str, ...]]:
    """The faces of the machine and of a folder, and the Chinese ones of them.

    Raises `Conflict` (messaging.E008) where there is no Chinese one.
    """
    fonts, faces = _fonts(folder)
    if not faces:
        raise Conflict([NO_FACE])
    return fonts, faces


@cache
def _fonts(folder: str) -> tuple[typst.Fonts, tuple[str, ...]]:
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
