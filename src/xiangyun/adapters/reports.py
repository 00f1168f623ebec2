"""The report of a month as PDF, set by Typst; the same figures give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from .fonts import chinese_fonts

TEMPLATE = Path(__file__).with_name("report.typ")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report; the first column is left-aligned, all others hold figures."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: for which place and month, its tables, and its foot."""

    title: str
    place: str
    period: str
    tables: Sequence[Table]
    foot: str
    language: str


def report_pdf(report: Report) -> bytes:
    """The report as PDF. Raises Conflict `messaging.E008` without a Chinese face."""
    import typst  # noqa: PLC0415  only who prints loads a library of 34 MB

    fonts, faces = chinese_fonts(settings.FONTS)
    chinese = report.language.startswith("zh")
    data = asdict(report) | {
        "fonts": list(faces),
        "language": "zh" if chinese else "en",
        "region": "CN" if chinese else "GB",
    }
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts,
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
    )
    return made
