"""A resume written anew: PDF by Typst in three layouts, and DOCX."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xiangyun.kernel.wording.document import is_chinese
from xiangyun.kernel.wording.jsonresume import parts_of, to_json_resume
from xiangyun.kernel.wording.resume import Entry, Part, Resume

from .fonts import chinese_fonts

LAYOUTS = ("classic", "modern", "compact")
TEMPLATE = Path(__file__).with_name("resume.typ")


def pdf(resume: Resume, layout: str) -> bytes:
    """The resume as PDF. Raises `Conflict` (messaging.E008) without a Chinese face."""
    # Only who prints loads a library of 34 MB.
    import typst  # noqa: PLC0415

    fonts, faces = chinese_fonts(os.environ.get("XIANGYUN_FONTS", ""))
    data = {
        **_outline(resume),
        "layout": layout,
        "fonts": list(faces),
        "language": "zh" if is_chinese(resume.lines) else "en",
    }
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts,
        sys_inputs={"resume": json.dumps(data, ensure_ascii=False)},
    )
    return made


def docx(resume: Resume) -> bytes:
    """The resume as a Word document, with headings and lists that its styles know."""
    from docx import Document  # noqa: PLC0415  only who writes Word loads it

    outline = _outline(resume)
    document = Document()
    document.add_heading(outline["name"], 0)
    for line in (outline["label"], "  ·  ".join(outline["contact"])):
        if line:
            document.add_paragraph(line)
    for part in outline["parts"]:
        document.add_heading(part["title"], 1)
        for entry in part["entries"]:
            if entry["head"] or entry["span"]:
                head = document.add_paragraph()
                head.add_run(entry["head"]).bold = True
                head.add_run(f"  {entry['span']}" if entry["span"] else "")
            for told in entry["body"]:
                document.add_paragraph(told, "List Bullet" if entry["listed"] else None)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _outline(resume: Resume) -> dict[str, Any]:
    basics = to_json_resume(resume)["basics"]
    name = basics.get("name", "")
    about = [
        said
        for part in resume.parts
        if part.section is None or part.section.key == "contact"
        for line in part.lines
        for said in parts_of(line.text.replace("**", ""))
    ]
    parts = [
        _part(part)
        for part in resume.parts
        if part.section is not None and part.section.key not in ("contact", "target") and part.lines
    ]
    return {
        "name": name,
        "label": "  ·  ".join(basics.get("label", "").splitlines()),
        # All that is written there, as it is written, but the name.
        "contact": [rest for said in about if (rest := _but_name(said, name))],
        "parts": parts,
    }


def _but_name(said: str, name: str) -> str:
    """What is said besides a name, its label and the title of the document."""
    spaced = r"\s*".join(map(re.escape, name.replace(" ", "")))
    rest = (
        re.sub(rf"^(?:姓\s*名|name)?\s*[:：]?\s*{spaced}", "", said, flags=re.I) if name else said
    )
    return re.sub(
        r"^(?:姓\s*名|name|个?人?\s*求?职?\s*简\s*历|curriculum vitae|résumé|resume|cv)$", "",
        rest.strip(" ,，:：—-·"), flags=re.I,
    )  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    entries: Sequence[Entry] = part.entries or (Entry((), part.lines, None, None),)
    title = part.title.text.strip(" :：") if part.title is not None else ""
    return {"title": title, "entries": [_entry(entry) for entry in entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    span = entry.span.text if entry.span is not None else ""
    head = "  ".join(line.text.replace("**", "").replace(span, "").strip() for line in entry.head)
    return {
        "head": head.strip(),
        "span": span,
        "body": [line.text for line in entry.body],
        "listed": any(line.shape == "item" for line in entry.body),
    }
