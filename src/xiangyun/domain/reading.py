"""What is asked once while a page is made that changes nothing.

A page asks the same from many sides: its navigation, its parts, the words of each line. Outside of
`reading`, and so wherever something is written, every question reaches the database.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Found = TypeVar("Found")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("xiangyun_reading", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """While this lasts nothing is written: what was asked is known."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def is_reading() -> bool:
    """Whether nothing is written now."""
    return _known.get() is not None


def is_known(key: Hashable) -> bool:
    """Whether a question was asked already while `reading`."""
    known = _known.get()
    return known is not None and key in known


def once(key: Hashable, ask: Callable[[], Found]) -> Found:
    """The answer to a question; asked once while `reading`, else each time.

    The key names the question and everything its answer hangs on, also who asks where row-level
    security decides.
    """
    known = _known.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    found: Found = known[key]
    return found


def forget(key: Hashable) -> None:
    """Ask a question anew: something was written after all, such as that somebody looked."""
    known = _known.get()
    if known is not None:
        known.pop(key, None)
