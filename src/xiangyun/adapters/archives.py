"""The place of the archive: a folder, by year, service and number.

    archive/2026/market/food-licence/HUN-000123.zip     mode 0600, written beside, then renamed

A file is written beside, brought to the disk, renamed, and the folders above it are brought to the
disk too: after that a crash of the machine no longer loses it.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings

from xiangyun.domain.archive.ports import Shelf, ShelfUnavailable


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
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(draft).replace(target)
            except BaseException:
                Path(draft).unlink(missing_ok=True)
                raise
            for folder in (target.parent, *target.parent.parents):
                _sync(folder)
                if folder == self.root:
                    break
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
                _sync(target.parent)
        except OSError as problem:
            raise ShelfUnavailable(str(problem)) from problem

    def _of(self, place: str) -> Path:
        parts = PurePosixPath(place).parts
        if not parts or {"..", "/"} & set(parts):
            raise ValueError("the place of a file lies within the archive")
        return self.root.joinpath(*parts)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
