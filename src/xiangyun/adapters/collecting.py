"""Garbage is collected between pages, not within one.

Of ten thousand services a process keeps millions of objects. The interpreter's own full collection
walks over all of them in the middle of whichever page happens to make it due: 0.2 to 1.2 seconds,
once in some dozens of pages. Here it is put off until no page is being made. Collections of what is
young stay with the interpreter: they are short.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Application = Callable[..., Iterable[bytes]]

_NEVER = 1_000_000
"""So many middle collections make the interpreter begin a full one: here it does not."""
_DUE = 10
"""After so many middle collections a full one is due, as the interpreter has it."""
_SHARE = 20
"""A process spends at most one part of so many on full collections."""


class Collector:
    """The full collections of one process; `patience`: seconds after which pages do not matter."""

    def __init__(self, patience: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience, self._clock = patience, clock
        self._lock, self._pages = threading.Lock(), 0
        self._last, self._took = clock(), 0.0

    def take_over(self) -> None:
        """From now on the interpreter itself begins no full collection in this process."""
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, _NEVER)

    @contextmanager
    def page(self) -> Iterator[None]:
        """A page is being made: none is collected within it."""
        with self._lock:
            self._pages += 1
        try:
            yield
        finally:
            with self._lock:
                self._pages -= 1

    def sweep(self) -> bool:
        """Collect where it is due and nobody waits; whether it was done."""
        since = self._clock() - self._last
        if gc.get_count()[2] < _DUE or since < self._took * _SHARE:
            return False
        if self._pages and since < self._patience:
            return False
        begun = self._clock()
        gc.collect()
        self._last = self._clock()
        self._took = self._last - begun
        return True


def between_pages(application: Application, every: float = 0.5) -> Application:
    """The application, its process swept when no page is being made; looked at `every` seconds."""
    collector = Collector()
    collector.take_over()

    def keep() -> None:
        while True:
            time.sleep(every)
            collector.sweep()

    threading.Thread(target=keep, name="collector", daemon=True).start()

    def respond(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with collector.page():
            return application(environ, start)

    return respond
