"""JSON as RFC 8259 and I-JSON (RFC 7493) have it: what no database keeps is refused.

Python's reader takes more: NaN, lone surrogates, NUL characters, numbers of any length.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

DEPTH = 60
"""How deep lists and objects may lie in one another."""


class StrictJson(Parser):
    """Reads bodies; ninja answers 400 for whatever is raised here."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as Python has it; None for an empty form, which some clients send for nothing.

        Raises ValueError.
        """
        if request.content_type == "multipart/form-data" and not (request.POST or request.FILES):
            return None
        return read(request.body)


def read(body: bytes) -> Any:
    """A document as Python has it. Raises ValueError for what I-JSON does not allow."""
    text = body.decode("utf-8")
    _refuse_depth(text)
    found = json.loads(text, parse_constant=_no_number)
    if "\\u" in text or "\0" in text:
        _refuse_characters(found)
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _refuse_depth(text: str) -> None:
    """Count the brackets outside of strings, before anything is built from them."""
    depth, inside, escaped = 0, False, False
    if text.count("[") + text.count("{") <= DEPTH:
        return
    for char in text:
        if inside:
            inside = char != '"' or escaped
            escaped = char == "\\" and not escaped
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            if depth > DEPTH:
                raise ValueError("nested too deep")
        elif char in "]}":
            depth -= 1


def _refuse_characters(found: Any) -> None:
    """No NUL, and nothing that UTF-8 cannot say, in any string or name."""
    if isinstance(found, str):
        found.encode("utf-8")
        if "\0" in found:
            raise ValueError("a NUL character")
    elif isinstance(found, list):
        for each in found:
            _refuse_characters(each)
    elif isinstance(found, dict):
        for name, each in found.items():
            _refuse_characters(name)
            _refuse_characters(each)
