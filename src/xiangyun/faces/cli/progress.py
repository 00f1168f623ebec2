"""Progress of long steps, on standard error, so that output stays clean for a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

Report = Callable[[float], None]
Steps = Callable[[str, str], AbstractContextManager[Report]]


@contextmanager
def under_way() -> Iterator[Steps]:
    """A bar for each step: `with steps(zh, en) as report`, where `report` takes 0 to 1."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:

        @contextmanager
        def steps(zh: str, en: str) -> Iterator[Report]:
            task = bars.add_task(f"{zh} {en}", total=1.0)
            yield lambda share: bars.update(task, completed=share)
            bars.update(task, completed=1.0)

        yield steps
