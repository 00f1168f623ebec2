"""Migrations are frozen when they land: `make freeze` writes the new ones into the lock.

The lock is in the form of `sha256sum`. A line that stands in it stays: an instance somewhere has
applied exactly this text. What has to become different is a further migration, and a function of
the database that has to become different is a further file under `migrations/sql`, with a name of
its own for the function where the code of today still calls the one before.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path(__file__).with_name("migrations.lock")


def frozen() -> dict[str, str]:
    """What the lock says: the digest of each file by its path in the repository."""
    lines = LOCK.read_text(encoding="ascii").splitlines() if LOCK.exists() else []
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def present(root: Path = ROOT) -> dict[str, str]:
    """Every migration that is there, and what it reads: its digest by its path."""
    files = sorted(
        file
        for folder in (root / "src" / "xiangyun").rglob("migrations")
        for file in folder.rglob("*")
        if file.is_file() and file.name != "__init__.py" and "__pycache__" not in file.parts
    )
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def thawed(lock: dict[str, str], found: dict[str, str]) -> list[str]:
    """The frozen files that are gone or have another text."""
    return [path for path, digest in lock.items() if found.get(path) != digest]


def main() -> None:
    """Add what is new; refuse when something frozen was changed."""
    lock, found = frozen(), present()
    if changed := thawed(lock, found):
        sys.exit(
            "已冻结的迁移被改动或删除，请恢复原文，另写一个新的迁移："
            "\nFrozen migrations were changed or removed; restore them and write a new one:\n  "
            + "\n  ".join(changed)
        )
    lines = [f"{digest}  {path}\n" for path, digest in sorted((lock | found).items())]
    LOCK.write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
