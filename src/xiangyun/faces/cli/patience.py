"""A progress bar that appears on a terminal once a wait has become one: rate and time left."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from xiangyun.kernel.findings import Text as OurText

from .telling import beside

SECONDS = 2.0
"""What everybody waits without wondering."""
_EVERY = 50
"""Cases between two looks at the clock."""


class _Rate(ProgressColumn):
    """Cases done, of all, and how many a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.completed:.0f}/{task.total or 0:.0f} 件  {task.speed or 0:.0f}/s")


class Patience:
    """The progress of several runs over the same cases; silent where nobody watches."""

    def __init__(self, cases: int) -> None:
        self.cases, self.runs = cases, 0
        self.started = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), _Rate(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task("", total=cases)
        self.shown = False

    def __enter__(self) -> Patience:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            self.bar.stop()

    def begin(self) -> None:
        """Another run over all cases."""
        self.runs += 1
        words = beside(OurText("第 {runs} 种人手", "staff tried: {runs}", runs=self.runs))
        self.bar.reset(self.task, description=words, total=self.cases)

    def tell(self, ended: int) -> None:
        """So many cases of this run have ended."""
        if ended % _EVERY:
            return
        if not self.shown and sys.stderr.isatty() and time.monotonic() - self.started > SECONDS:
            self.bar.start()
            self.shown = True
        self.bar.update(self.task, completed=ended)
