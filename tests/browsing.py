"""A person at the pages by plain HTTP: cookies, forms and links, but no browser."""

from __future__ import annotations

import re
from html import unescape
from http.cookiejar import CookieJar
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from serving import Server

_TASK = re.compile(
    r' action="(/office/cases/[^"]+/tasks/(?:(?!/claim"|/hand-over"|/extension")[^"])+)"'
)


class Page(NamedTuple):
    """An answer, where redirects led, and its text as a person reads it."""

    status: int
    address: str
    text: str

    @property
    def tasks(self) -> list[str]:
        """Where the buttons of the tasks lead."""
        return _TASK.findall(self.text)

    @property
    def actions(self) -> list[str]:
        return re.findall(r'name="action" value="(\w+)"', self.text)


class Visitor:
    """Somebody who is logged in and reads one of the two languages."""

    def __init__(self, server: Server, login: str, language: str = "zh-CN") -> None:
        self.server, self.language = server, language
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))
        self.open("/login")
        assert self.post("/login", {"as": login}).status == 200

    def open(self, path: str) -> Page:
        return self._ask(Request(self.server.base + path))

    def post(self, path: str, fields: dict[str, str]) -> Page:
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        data = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self._ask(Request(self.server.base + path, data))

    def _ask(self, request: Request) -> Page:
        request.add_header("Accept-Language", self.language)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return Page(answer.status, answer.url, unescape(answer.read().decode()))
        except HTTPError as refused:
            with refused:
                return Page(refused.code, refused.url, unescape(refused.read().decode()))
