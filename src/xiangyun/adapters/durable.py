"""Files that a crash of the machine no longer loses, and that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

DRAFT = ".new-"
"""How the name of a file begins that is being written; a writer that was killed leaves one."""


def write(target: Path, content: bytes, root: Path) -> None:
    """Put a file below a root: written beside, brought to the disk, renamed, and so its folders.

    The folders are made where they are missing; their names are brought to the disk up to the root.
    Raises OSError, and leaves nothing behind then.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=DRAFT)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    for folder in target.parents:
        sync(folder)
        if folder == root:
            break


def sync(folder: Path) -> None:
    """Have the names in a folder themselves reach the disk, not only the contents."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
