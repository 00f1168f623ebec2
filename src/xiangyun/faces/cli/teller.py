"""How the story is printed: a line a step, with the time it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console

from xiangyun.kernel.findings import Text

from .telling import lines, marked


@dataclass
class Line:
    """What a step adds under its line."""

    details: list[str] = field(default_factory=list)

    def add(self, detail: Text | str) -> None:
        self.details.append(marked(detail) if isinstance(detail, Text) else detail)


class Teller:
    """Prints a line a step, with the time the step took; to a terminal also the step under way."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def heading(self, text: Text) -> None:
        self.console.print(f"\n[bold]{marked(text)}[/]")

    @contextmanager
    def step(self, text: Text) -> Iterator[Line]:
        """One step; the caller may add details to the line, which are printed under it."""
        line = Line()
        started = time.perf_counter()
        with self.console.status(f"{lines(text)[0]} …", spinner="dots"):
            yield line
        took = time.perf_counter() - started
        self.console.print(f"  [green]✓[/] [dim]{took:6.2f} s[/]  {marked(text)}", soft_wrap=True)
        for detail in line.details:
            self.console.print(f"             {detail}", style="dim", soft_wrap=True)
