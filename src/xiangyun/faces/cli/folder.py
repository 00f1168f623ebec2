"""Read the files of a pack folder."""

from __future__ import annotations

from pathlib import Path


def read_folder(folder: Path) -> dict[str, str]:
    """The text files of a pack by their path inside it; bytes that are no UTF-8 stay visible."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
