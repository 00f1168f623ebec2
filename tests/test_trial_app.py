"""A new app with a page, a job, a table and a verb: put there, and it works. Nothing is changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from psycopg.conninfo import make_conninfo

from xiangyun import manifest
from xiangyun.adapters import postgres

pytestmark = pytest.mark.slow(minutes=0.5)
ROOT = Path(__file__).resolve().parent.parent
TRIAL = Path(__file__).parent / "trial"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the checks read of the checkout, with the trial app added."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("src", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "trial", "packs")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in (".importlinter", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    for floor in ("domain", "faces"):
        shutil.copytree(TRIAL / floor, root / "src" / "xiangyun" / floor, dirs_exist_ok=True)
    return root


@pytest.fixture
def database(django_db_setup: None) -> Iterator[str]:
    """The address of an empty database on the tests' server."""
    used = connections["owner"].settings_dict
    server = {"host": used["HOST"], "port": used["PORT"], "user": used["USER"]}
    address = make_conninfo(dbname="postgres", password=used["PASSWORD"], **server)
    name = f"test_trial_{os.getpid()}"
    yield postgres.ensure_database(address, name)
    postgres.drop_database(address, name)


def run(root: Path, *command: str, **env: str) -> str:
    """The output of a command that sees only the copied source; fails as it fails."""
    surroundings = {**os.environ, "PYTHONPATH": str(root / "src"), **env}
    done = subprocess.run(
        [sys.executable, *command], cwd=root, env=surroundings, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_app_works_without_a_change_to_any_file(
    checkout: Path, database: str, tmp_path: Path
) -> None:
    settings = {
        "DJANGO_SETTINGS_MODULE": "xiangyun.site.settings",
        "XIANGYUN_HOME": str(tmp_path),
        "DATABASE_URL": database,
    }
    assert "walked" in run(checkout, str(TRIAL / "walk.py"), **settings)


def test_the_contracts_and_the_structure_take_a_new_app_as_it_is(checkout: Path) -> None:
    choice = "app or floor or package or style or template or called or function or lines"
    command = ("-m", "pytest", "-n", "0", "-p", "no:django", "-p", "no:cacheprovider")
    assert "passed" in run(checkout, *command, "tests/test_structure.py", "-k", choice)


def test_an_app_may_stand_outside_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "county_fair").mkdir()
    (tmp_path / "county_fair" / "__init__.py").touch()
    (tmp_path / "county_fair" / "manifest.py").write_text(
        "from xiangyun.manifest import Manifest\n"
        'manifest = Manifest(builds_on=("cases",), queue="county_fair")\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("XIANGYUN_APPS", "county_fair")
    manifest.apps.cache_clear()
    try:
        found = {app.package: app for app in manifest.apps()}
        assert "xiangyun.domain.journal" in manifest.may_import(found["county_fair"])
        assert "county_fair" in manifest.queues()
    finally:
        monkeypatch.undo()
        manifest.apps.cache_clear()


@pytest.mark.parametrize(
    ("builds_on", "said"), [("nowhere", "no such app"), ("circle", "build on each other")]
)
def test_an_app_that_cannot_be_built_is_refused_by_name(
    builds_on: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "circle").mkdir()
    (tmp_path / "circle" / "__init__.py").touch()
    (tmp_path / "circle" / "manifest.py").write_text(
        f'from xiangyun.manifest import Manifest\nmanifest = Manifest(builds_on=("{builds_on}",))\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("XIANGYUN_APPS", "circle")
    manifest.apps.cache_clear()
    try:
        with pytest.raises(ValueError, match=said):
            manifest.apps()
    finally:
        monkeypatch.undo()
        manifest.apps.cache_clear()
        sys.modules.pop("circle.manifest", None)
        sys.modules.pop("circle", None)
