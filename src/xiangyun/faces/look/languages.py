"""The language a page is read in: which there are, which one the reader wants, which one it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, override

from xiangyun.adapters.languages import languages
from xiangyun.kernel.language import CHINESE, Language, accepted, choose

_reading: ContextVar[Language | None] = ContextVar("xiangyun_reader", default=None)


@contextmanager
def read_in(language: Language) -> Iterator[None]:
    """While it lasts, whoever is answered reads this language."""
    token = _reading.set(language)
    try:
        with override(language.tag):
            yield
    finally:
        _reading.reset(token)


def reader() -> Language:
    """The language of whoever is answered just now; Chinese is the language of the house.

    A page asks for each of its sentences, which the framework's own way is too slow for.
    """
    if (language := _reading.get()) is not None:
        return language
    return _of_tag(get_language() or CHINESE.tag, tuple(languages().values()))


@lru_cache
def _of_tag(tag: str, there: tuple[Language, ...]) -> Language:
    """The language of a tag, however it is spelled."""
    return choose([tag], there) or CHINESE


def wanted_by(request: HttpRequest) -> Language:
    """What the reader chose here, else the first of the browser's languages that there is."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    ranges = [chosen] if chosen else []
    ranges += accepted(request.headers.get("Accept-Language", ""))
    return choose(ranges, languages().values()) or CHINESE
