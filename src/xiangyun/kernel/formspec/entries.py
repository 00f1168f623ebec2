"""One field's value: from the text a person typed, or from JSON."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.judge import not_a_date, not_a_number, wrong_kind
from xiangyun.kernel.formspec.model import Question

_NUMBER = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,30})(\.[0-9]{1,30})?")
_DATE = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
# No text column or hash takes them, and nobody can type them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def entered(question: Question, texts: Sequence[str]) -> Value | Finding:
    """The value of what a browser sent for a field; None when it was left empty."""
    if question.kind == "checklist":
        return [text for text in texts if text]
    text = texts[-1] if texts else ""
    match question.kind:
        case "checkbox":
            return text.lower() in ("on", "true", "1", "yes")
        case "number":
            return _number(question, text)
        case "datetime":
            return _date(question, text)
    return _text(question, text)


def given(question: Question, value: object) -> Value | Finding:
    """The value of what JSON holds for a field; a FEEL value stays what it is."""
    match question.kind, value:
        case _, None:
            return None
        case "checkbox", bool():
            return value
        case "number", int() | float() | Decimal() if not isinstance(value, bool):
            number = from_json(value)
            return number if number.is_finite() else wrong_kind(question)
        case "datetime", date() if not isinstance(value, datetime):
            return value
        case "datetime", str():
            return _date(question, value)
        case "checklist", list() if all(isinstance(item, str) for item in value):
            return value
        case "filepicker", list() if all(_is_file(item) for item in value):
            return from_json(value)
        case (("textfield" | "textarea" | "select" | "radio"), str()):
            return _text(question, value)
    return wrong_kind(question)


def _text(question: Question, text: str) -> str | None:
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if question.rules.format:
        text = FORMATS[question.rules.format].normal(text)
    return text or None


def _number(question: Question, text: str) -> Decimal | Finding | None:
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        return not_a_number(question)
    return Decimal(text.replace(",", ""))


def _date(question: Question, text: str) -> date | Finding | None:
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if not text:
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        return not_a_date(question)
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return not_a_date(question)


def _is_file(item: object) -> bool:
    return (
        isinstance(item, Mapping)
        and isinstance(item.get("name"), str)
        and isinstance(item.get("reference"), str)
        and isinstance(item.get("size"), int | Decimal)
        and not isinstance(item.get("size"), bool)
    )
