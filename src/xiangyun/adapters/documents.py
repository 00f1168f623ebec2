"""Documents as text: PDF, DOCX, Markdown, JSON Resume and plain text, by what they are.

What cannot be read is refused with its reason; nothing is guessed, no macro or link is followed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.wording import Line, lines_of, lines_of_json

from . import pdflines
from .pdflines import Row

MOST_BYTES = 5 * 1024 * 1024
MOST_PAGES = 30
_MOST_UNPACKED = 40 * 1024 * 1024
_LONGEST_LABEL = 20
_WIDE = 60
"""From how many signs on a page is so wide that its lines were broken by it."""
_BEGINS = re.compile(
    r"\s*(?:[-•●○▪■◆·▶➢✓*#【①-⑳]|[(（]?\d{1,2}[)）.、](?!\d)|[一二三四五六七八九十]{1,2}[、.．])"
)
_REACHED = re.compile(r"\S+@\S+\.\w+$|\+?[\d()][\d().\- ]{7,}$")
"""An address or a telephone number: it is a line of its own."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPAN_OPEN = re.compile(
    r"(?:19|20)\d\d.{0,6}\s*[-\u2010-\u2015~～至到]\s*(?:[A-Z][a-z]{2,8}\.?)?\s*$"
)
_SPAN_END = re.compile(
    r"\s*(?:(?:[A-Z][a-z]{2,8}\.?\s)?(?:19|20)\d\d|[Pp]resent|[Nn]ow|至今|今\s*$)"
)
"""A span of months that the edge of a column has broken."""
_DATED = re.compile(r"(?:(?:19|20)\d\d(?:\s?[./年-]\s?\d{1,2}月?)?|至今|[Pp]resent|[Nn]ow)\s*$")
"""What a line with months at its right edge ends with: nothing goes on with it."""
_SENTENCE_END = re.compile(r"[。；.;:：!！]$")
_HANGING = re.compile(r"(?:&|\b(?:and|or|of|for|to|in|with|at|by|the|a|an))$")
"""Words with which no line ends that says something whole."""
_HAN_END = re.compile(r"[\u3000-\u9fff\uff00-\uffef]$")
_HAN_BEGIN = re.compile(r"\s*[\u3000-\u9fff\uff00-\uffef]")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff，。；：、（）]) (?=[\u3400-\u9fff，。；：、（）])")


def read(content: bytes) -> tuple[str, list[Line]]:
    """The text of a document and its lines; of JSON the lines have paths for places.

    Raises `Refused` (wording.E011 to E013, E010) for what is too large, locked, or has no text.
    """
    if len(content) > MOST_BYTES:
        raise Refused([TOO_LARGE])
    if content.startswith(b"%PDF"):
        text = _pdf(content)
    elif content.startswith(b"PK\x03\x04"):
        text = _docx(content)
    else:
        text = _decoded(content)
        if text.lstrip().startswith("{"):
            return text, lines_of_json(text)
    if not text.strip():
        raise Refused([NO_TEXT])
    return text, lines_of(text)


def as_text(content: bytes) -> str:
    """The text of a document that can be changed line by line, of JSON too. Raises as `read`."""
    text, lines = read(content)
    if not any("[" in line.place or "." in line.place for line in lines):
        return text
    marks = {"heading": "## ", "item": "- ", "plain": ""}
    return "\n".join(marks[line.shape] + line.text.replace("\n", " ") for line in lines)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused([NO_TEXT])


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader  # noqa: PLC0415  only who reads a PDF loads it
    from pypdf.errors import PyPdfError  # noqa: PLC0415  likewise

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused([LOCKED])
        pages = reader.pages
        if len(pages) > MOST_PAGES:
            raise Refused([TOO_LARGE])
        text = "\n".join(_read_page(page) for page in pages)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused([NO_TEXT]) from error
    return "\n".join(
        # Beside months a gap divides the employer from the post.
        line if _YEAR.search(line) else _HAN_GAP.sub("", line)
        for line in text.split("\n")
    )


def _read_page(page: Any) -> str:
    columns = pdflines.blocks(page)
    if not columns:
        return _unwrapped(_told_full(pdflines.plain(page.extract_text())))
    return "\n".join(map(_unwrapped, columns))


def _told_full(text: str) -> list[Row]:
    """Lines of which nobody knows where they end: full is what is about as long as the longest."""
    widest = max((_width(line) for line in text.splitlines()), default=0)
    return [
        Row(line, widest >= _WIDE and _width(line) >= widest * 0.86) for line in text.splitlines()
    ]


def _unwrapped(rows: Iterable[Row]) -> str:
    """A page whose sentences are whole again: a line of a PDF ends where the paper ended."""
    made: list[str] = []
    full = False
    for row in rows:
        line = row.text
        if made and _SPAN_OPEN.search(made[-1]) and _SPAN_END.match(line):
            made[-1] += f" {line.strip()}"
        elif made and (full or _HANGING.search(made[-1])) and _goes_on(made[-1], line):
            gap = "" if _HAN_END.search(made[-1]) or _HAN_BEGIN.match(line) else " "
            made[-1] += gap + line.strip()
        else:
            made.append(line.rstrip())
        full = row.full
    return "\n".join(made)


def _goes_on(before: str, line: str) -> bool:
    """Whether a line ends the sentence before it, rather than being a title or the next entry."""
    if (
        _SENTENCE_END.search(before)
        or _DATED.search(before)
        or _BEGINS.match(line)
        or _YEAR.search(line)
        or _REACHED.search(before)
        or _REACHED.match(line)
    ):
        return False
    if _HANGING.search(before):
        return True
    if _HAN_END.search(before) or _HAN_BEGIN.match(line):
        return _width(line) > 24 or re.search(r"[，。；、：,%\d]", line) is not None
    return re.match(r"\s*[a-z0-9]", line) is not None


def _width(line: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in line.strip())


def _docx(content: bytes) -> str:
    from docx import Document  # noqa: PLC0415  only who reads Word loads it
    from docx.opc.exceptions import OpcError  # noqa: PLC0415  likewise

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _MOST_UNPACKED:
                raise Refused([TOO_LARGE])
        document = Document(io.BytesIO(content))
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError) as error:
        raise Refused([NO_TEXT]) from error
    said = list(_paragraphs(document))
    # Who one is often stands in the header of the first page.
    for section in document.sections[:1]:
        head = [line for line in _paragraphs(section.header) if line.strip()]
        said = [line for line in head if line not in said] + said
    return "\n".join(said)


def _paragraphs(container: Any) -> Iterator[str]:
    """Paragraphs, boxes and tables in their order; headings and list items keep their marks."""
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield from _row(row)
            continue
        style = (block.style.name or "").casefold() if block.style is not None else ""
        mark = "# " if style.startswith(("heading", "title")) else "- " if "list" in style else ""
        if style == "title":
            mark = ""
        for line in block.text.split("\n"):  # a line may be broken within a paragraph
            yield f"{mark if line.strip() else ''}{line}"
        yield from _boxes(block)


def _row(row: Any) -> Iterator[str]:
    """A row of a table: its cells in one line where each has one, else one below the other.

    What stands alone beside several lines is what they are about.
    """
    cells = {id(cell._tc): cell for cell in row.cells}.values()  # a merged cell is met twice
    said = [[line for line in _paragraphs(cell) if line.strip()] for cell in cells]
    said = [lines for lines in said if lines]
    if all(len(lines) == 1 for lines in said):
        yield "  ".join(dict.fromkeys(lines[0].removeprefix("- ") for lines in said))
        return
    for lines in said:
        alone = len(lines) == 1 and len(lines[0]) <= _LONGEST_LABEL
        if alone and not re.search(r"\d|^[#-] ", lines[0]):
            yield f"## {lines[0]}"
        else:
            yield from lines


def _boxes(paragraph: Any) -> Iterator[str]:
    """What stands in boxes that float at a paragraph; for older programs it is there twice."""
    from docx.oxml.ns import qn  # noqa: PLC0415  likewise

    for box in paragraph._p.iter(qn("w:txbxContent")):
        if any(each.tag.endswith("}Fallback") for each in box.iterancestors()):
            continue
        for inside in box.iter(qn("w:p")):
            yield "".join(each.text or "" for each in inside.iter(qn("w:t")))


TOO_LARGE = Finding(
    "wording.E011",
    "error",
    Text("文件太大。", "The file is too large."),
    hint=Text("至多 5 MB、30 页。", "At most 5 MB and 30 pages."),
)
NO_TEXT = Finding(
    "wording.E012",
    "error",
    Text(
        "读不出文字：可能是扫描件，或者不是简历文件。",
        "No text can be read: a scan, or no document.",
    ),
    hint=Text(
        "请用 PDF（有文字的）、DOCX、Markdown、JSON Resume 或纯文本。",
        "Give a PDF with text, DOCX, Markdown, JSON Resume or plain text.",
    ),
)
LOCKED = Finding(
    "wording.E013",
    "error",
    Text("文件有密码。", "The file is locked by a password."),
    hint=Text("请去掉密码后再试。", "Remove the password and try again."),
)
