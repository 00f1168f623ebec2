"""The place of the archive: a folder, by year, service and number.

archive/2026/market/food-licence/HUN-000123.zip     mode 0600; see `durable`
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings

from xiangyun.domain.archive.ports import Shelf, ShelfUnavailable

from . import durable


def shelf() -> Shelf:
    """The folder that `XIANGYUN_ARCHIVE` names; without it, `archive/` in the home."""
    return Folder(Path(settings.ARCHIVE or settings.HOME / "archive"))


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, or one that is mounted."""

    root: Path

    def put(self, place: str, content: bytes) -> None:
        target = self._of(place)
        try:
            durable.write(target, content, self.root)
        except OSError as problem:
            raise ShelfUnavailable(str(problem)) from problem

    def get(self, place: str) -> bytes | None:
        try:
            return self._of(place).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise ShelfUnavailable(str(problem)) from problem

    def remove(self, place: str) -> None:
        try:
            target = self._of(place)
            target.unlink(missing_ok=True)
            if target.parent.is_dir():
                durable.sync(target.parent)
        except OSError as problem:
            raise ShelfUnavailable(str(problem)) from problem

    def _of(self, place: str) -> Path:
        parts = PurePosixPath(place).parts
        if not parts or {"..", "/"} & set(parts):
            raise ValueError("the place of a file lies within the archive")
        return self.root.joinpath(*parts)
