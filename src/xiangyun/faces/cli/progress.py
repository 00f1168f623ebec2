"""Progress of long steps, on standard error, so that output stays clean for a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from xiangyun.kernel.findings import Text

from .telling import beside

Report = Callable[[float], None]
Steps = Callable[[Text], AbstractContextManager[Report]]


@contextmanager
def under_way() -> Iterator[Steps]:
    """A bar for each step: `with steps(text) as report`, where `report` takes 0 to 1."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:

        @contextmanager
        def steps(text: Text) -> Iterator[Report]:
            task = bars.add_task(beside(text), total=1.0)
            yield lambda share: bars.update(task, completed=share)
            bars.update(task, completed=1.0)

        yield steps
