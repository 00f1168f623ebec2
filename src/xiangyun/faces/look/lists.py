"""Lists of what officials work with, as a table: one part for cases, tasks and records.

Each line leads somewhere by its title. On a telephone the columns that are `wide` are not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and the classes of its cells.

    `state` puts each cell into a mark of this light.
    """

    head: Text
    style: str = "wide"
    state: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it holds figures or days, which stand at the right."""
        return "num" in self.style.split()


@dataclass(frozen=True, slots=True)
class Line:
    """A line: where it leads, its title, what stands in the other columns, and its light."""

    url: str
    title: str
    cells: Sequence[str]
    light: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with its columns, the first of which holds the titles."""

    title: Text
    columns: Sequence[Column]
    lines: Sequence[Line]

    @property
    def has_lights(self) -> bool:
        """Whether lines have lights."""
        return any(line.light for line in self.lines)

    @property
    def shown(self) -> list[tuple[Line, list[tuple[Column, str]]]]:
        """Each line with its cells and their columns."""
        return [(line, list(zip(self.columns, line.cells, strict=True))) for line in self.lines]


CASE, NUMBER, SERVICE = Text("办件", "Case"), Text("编号", "Number"), Text("事项", "Service")
APPLICANT, STEP = Text("申请人", "Applicant"), Text("环节", "Step")
