"""Read the files of a folder, counted before any of them is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xiangyun.kernel.findings import Text

from .telling import WrongUsage

MOST_ENTRIES = 20_000
"""Files and folders looked at; a folder with more is a disk, not a pack."""
MOST_FILES = 2_000
MOST_BYTES = 50_000_000
LARGEST = 5_000_000
"""Bytes of one file."""


def read_folder(folder: Path) -> dict[str, str]:
    """The text files of a pack by their path inside it; bytes that are no UTF-8 stay visible."""
    paths = [path for path in entries(folder) if path.is_file()]
    within_limits(folder, paths)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", errors="replace")
        for path in sorted(paths)
    }


def entries(folder: Path) -> Iterator[Path]:
    """What lies below the folder, without what begins with a dot; raises when it is too much."""
    todo, seen = [folder], 0
    while todo:
        for path in sorted(todo.pop().iterdir()):
            if path.name.startswith("."):
                continue
            seen += 1
            if seen > MOST_ENTRIES:
                raise WrongUsage(
                    Text(
                        "{folder}：文件太多，超过 {most} 个，没有读下去。",
                        "{folder}: more than {most} files and folders; nothing was read.",
                        folder=folder,
                        most=MOST_ENTRIES,
                    )
                )
            if path.is_dir() and not path.is_symlink():
                todo.append(path)
            yield path


def within_limits(folder: Path, paths: list[Path]) -> None:
    """Refuse more files or bytes than one run takes, before anything is read.

    Raises:
        UsageError: naming the limit.
    """
    if len(paths) > MOST_FILES:
        raise WrongUsage(
            Text(
                "{folder}：一次最多 {most} 个文件，现在有 {count} 个；请分文件夹检查。",
                "{folder}: at most {most} files at once, here are {count}; check folder by folder.",
                folder=folder,
                most=MOST_FILES,
                count=len(paths),
            )
        )
    size = sum(path.stat().st_size for path in paths)
    if size > MOST_BYTES:
        raise WrongUsage(
            Text(
                "{folder}：一次最多 {most} MB，现在有 {size} MB。",
                "{folder}: at most {most} MB at once, here are {size} MB.",
                folder=folder,
                most=MOST_BYTES // 1_000_000,
                size=size // 1_000_000,
            )
        )
