"""How many requests were answered, how, and how fast, counted over all processes of the site.

The numbers lie in memory that the processes share, made before they divide: each process writes its
own row, so that none waits for another and none is lost when one dies. Nothing of the address
counts, so nothing of a person can.
"""

from __future__ import annotations

import mmap
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .operation.values import Gauge

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the histogram, in seconds; those of the load gates (50, 150, 300 ms) are among
them."""
_CLASSES = 5
_ROW = _CLASSES + len(BOUNDS) + 2
"""Answers by class (1xx to 5xx), by bound and above all, and the sum of seconds."""
_PROCESSES = 64

_shared = memoryview(mmap.mmap(-1, 8 * _ROW * _PROCESSES)).cast("d")
_lock = threading.Lock()

Application = Callable[..., Iterable[bytes]]


def counted(application: Application, process: int) -> Application:
    """The application, with each of its answers counted in the row of this process (from 0).

    The time runs until the head of the answer stands; what is streamed after it is not counted.
    """

    def respond(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        told: list[str] = []

        def starting(status: str, *rest: Any) -> Any:
            told[:] = [status]
            return start(status, *rest)

        try:
            return application(environ, starting)
        finally:
            count(process, told[0] if told else "500", time.perf_counter() - began)

    return respond


def count(process: int, status: str, seconds: float) -> None:
    """Count one answer: its status line and how long it took."""
    row = process % _PROCESSES * _ROW
    bound = next((n for n, most in enumerate(BOUNDS) if seconds <= most), len(BOUNDS))
    with _lock:
        _shared[row + min(max(int(status[0]), 1), _CLASSES) - 1] += 1
        _shared[row + _CLASSES + bound] += 1
        _shared[row + _ROW - 1] += seconds


def gauges() -> Iterator[Gauge]:
    """What was counted since the start, as Prometheus wants a counter and a histogram."""
    total = [sum(_shared[n + row * _ROW] for row in range(_PROCESSES)) for n in range(_ROW)]
    for number in range(_CLASSES):
        yield Gauge("http_answers_total", total[number], {"status": f"{number + 1}xx"})
    name, upto = "http_answer_seconds", 0.0
    for bound, here in zip((*map(str, BOUNDS), "+Inf"), total[_CLASSES:-1], strict=True):
        upto += here
        yield Gauge(f"{name}_bucket", upto, {"le": bound})
    yield Gauge(f"{name}_sum", total[-1])
    yield Gauge(f"{name}_count", upto)
