"""Migrations stand still once they have landed, and read nothing that moves."""

from __future__ import annotations

import ast
from pathlib import Path

import freezing

MIGRATIONS = [freezing.ROOT / path for path in freezing.present() if path.endswith(".py")]


def test_a_frozen_migration_was_not_touched() -> None:
    changed = freezing.thawed(freezing.frozen(), freezing.present())
    assert not changed, f"restore {changed}, and write a further migration instead"


def test_every_migration_is_frozen() -> None:
    new = freezing.present().keys() - freezing.frozen().keys()
    assert not new, f"`make freeze` adds {sorted(new)} to tests/migrations.lock"


def test_a_changed_a_moved_and_a_lost_migration_are_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "src" / "xiangyun" / "domain" / "cases" / "migrations" / "sql"
    folder.mkdir(parents=True)
    for name in ("a.sql", "b.sql", "c.sql"):
        (folder / name).write_text(f"-- {name}")
    lock = freezing.present(tmp_path)
    assert not freezing.thawed(lock, freezing.present(tmp_path))
    (folder / "a.sql").write_text("-- A.sql")
    (folder / "b.sql").rename(folder / "d.sql")
    (folder / "c.sql").unlink()
    assert len(freezing.thawed(lock, freezing.present(tmp_path))) == 3


def test_a_migration_reads_only_what_is_frozen_with_it() -> None:
    """Code and files outside of its folder change; a migration that uses them changes with them."""
    for file in MIGRATIONS:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = ["." * node.level + (node.module or "")]
            else:
                continue
            own = [name for name in names if name.startswith((".", "xiangyun"))]
            assert not own, f"{file.relative_to(freezing.ROOT)} imports {own}"
