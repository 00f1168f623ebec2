"""What is logged: one line a thing, with the id of its request and without personal data.

The id also goes to whoever asked, in `X-Request-ID`: who reports an error can name it.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from xiangyun.faces.cli.telling import beside
from xiangyun.kernel.findings import Text

_NONE, _IDENT = "-", "xiangyun_request_id"
_request: ContextVar[str] = ContextVar("xiangyun_request", default=_NONE)
_GIVEN = re.compile(r"[\w-]{8,64}", re.ASCII)

# What a message of a library may carry along: PostgreSQL names the values of a broken constraint.
_PERSONAL = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "<identity number>"),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "<mobile>"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<e-mail>"),
    (re.compile(r"(?<=\)=\()[^()]*(?=\))"), "<value>"),
    (re.compile(r"(/[^\s?]*)\?\S+"), r"\1?<query>"),
)


def without_personal_data(line: str) -> str:
    """A line as it may be kept: numbers of persons, mobiles, addresses and values are closed up."""
    for pattern, mark in _PERSONAL:
        line = pattern.sub(mark, line)
    return line


def _named(record: logging.LogRecord) -> str:
    """The id of the request that a record is about.

    Django tells of an answer like 404 when all middleware is done: then the request itself says it.
    """
    now = _request.get()
    return now if now != _NONE else str(getattr(getattr(record, "request", None), _IDENT, _NONE))


class Plain(logging.Formatter):
    """`2026-11-27 16:20:49,123 WARNING a1b2c3d4 django.request Not Found: /nothing`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line; its traceback below it."""
        record.request_id = _named(record)
        if isinstance(record.msg, Text):
            record.msg = beside(record.msg)
        return without_personal_data(super().format(record))


class Structured(logging.Formatter):
    """A line of JSON a record: time (UTC), level, request, logger, message, traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line; its traceback within it."""
        if isinstance(record.msg, Text):
            record.msg = beside(record.msg)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "request": _named(record),
            "logger": record.name,
            "message": without_personal_data(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = without_personal_data(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def name_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> object:
    """Give each request an id: the one a proxy gave it, or a drawn one."""

    def respond(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        ident = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        setattr(request, _IDENT, ident)
        token = _request.set(ident)
        try:
            response = get_response(request)
        finally:
            _request.reset(token)
        response.headers["X-Request-ID"] = ident
        return response

    return respond
