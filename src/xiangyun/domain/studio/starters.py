"""What a new pack begins with: files that pass the check at once, from the starter of a kind.

A starter is a folder of files in `xiangyun/starters`, called like the kind. Nothing here knows
which kinds there are: the starter of a further one is a folder put beside the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

STARTERS = Path(__file__).resolve().parents[2] / "starters"


@dataclass(frozen=True, slots=True)
class Named:
    """What is made: in which pack, called how. `part` is the name of the thing within the pack."""

    area: str
    name: str
    part: str
    zh: str
    en: str
    department: str = "culture_tourism"

    @property
    def code(self) -> str:
        return f"{self.area}/{self.name}"

    def fill(self, text: str, day: date) -> str:
        """A text of a starter, or the path of a file, with the names in it; `day` is today."""
        for sign, word in (
            ("__CODE__", self.code),
            ("__AREA__", self.area),
            ("__NAME__", self.name),
            ("__ID__", self.name.replace("-", "_")),
            ("__PART__", self.part.replace("-", "_")),
            ("__DEPARTMENT__", self.department),
            ("__ZH__", self.zh),
            ("__EN__", self.en),
            ("__DAY__", day.isoformat()),
        ):
            text = text.replace(sign, word)
        return text


def kinds() -> list[str]:
    """The kinds that have a starter."""
    return sorted(each.name for each in STARTERS.iterdir() if each.is_dir())


def files_of(kind: str, named: Named, day: date) -> dict[str, str]:
    """The files of the starter, by their path in the pack."""
    starter = STARTERS / kind
    return {
        named.fill(path.relative_to(starter).as_posix(), day): named.fill(
            path.read_text("utf-8"), day
        )
        for path in sorted(starter.rglob("*"))
        if path.is_file()
    }
