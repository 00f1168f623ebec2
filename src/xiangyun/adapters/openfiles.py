"""Published tables as files of this machine. It stands apart so that who asks loads no database."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from xiangyun.domain.files import queries as files


def folder() -> Path:
    """Where published tables lie, and nothing else that queries may not see."""
    made = Path(settings.HOME) / "open"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def local(digest: str) -> Path:
    """A published table as a file of this machine, brought from the place of files where it is not.

    Raises NotFound `content.E003` where it is gone.
    """
    file = folder() / f"{digest}.parquet"
    if not file.exists():
        draft = file.with_name(f".{digest}.{os.getpid()}")
        draft.write_bytes(files.content(digest))
        draft.replace(file)
    return file
