"""The wheel runs by itself: installed elsewhere, called from another folder, packs and all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from xiangyun.adapters.embedded import stop_embedded_if_idle

ROOT = Path(__file__).resolve().parent.parent
PACK = "xiangyun/packs/market/company-registration"
pytestmark = pytest.mark.slow(minutes=1)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the project as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`xiangyun` of a new environment: the wheel, with the dependencies that are installed here.

    They come by a path file and not by an install, so that this needs no network. The checkout
    does not come with them: a path file is not read in a folder that a path file names.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    run(folder, sys.executable, "-m", "venv", "venv")
    python = folder / "venv" / "bin" / "python"
    run(folder, str(python), "-m", "pip", "install", "--no-index", "--no-deps", str(wheel))
    place = next((folder / "venv").glob("lib/python*/site-packages"))
    (place / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"])
    return python.with_name("xiangyun")


def run(folder: Path, *command: str, **environment: str) -> str:
    """Run a command in a folder, as somebody would who never saw the checkout."""
    known = {k: v for k, v in os.environ.items() if not k.startswith(("XIANGYUN", "PYTHON"))}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV"):
        known.pop(name, None)
    done = subprocess.run(
        command, cwd=folder, env=known | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_wheel_holds_packs_data_and_templates_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for tracked in (ROOT / "packs").rglob("*"):
        if tracked.is_file():
            assert f"xiangyun/packs/{tracked.relative_to(ROOT / 'packs').as_posix()}" in names
    for needed in (
        "xiangyun/domain/divisions/data/divisions.csv.xz",
        "xiangyun/faces/look/static/look/look.css",
        "xiangyun/faces/look/templates/look/base.html",
        "xiangyun/domain/certificates/templates/certificates/certificate.html",
        "xiangyun/py.typed",
    ):
        assert needed in names
    assert not [name for name in names if "/tests/" in name or "__pycache__" in name]
    assert [name for name in names if name.endswith("LICENSE")]


def test_the_wheel_asks_for_what_the_project_asks_for(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith("METADATA"))
        asked = archive.read(metadata).decode().lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [re.match(r"[\w.-]+", line) for line in project["dependencies"]]
    assert wanted
    assert not [w[0] for w in wanted if w and f"requires-dist: {w[0].lower()}" not in asked]


def test_the_installed_wheel_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    python = str(installed.with_name("python"))
    place = run(tmp_path, python, "-c", "import xiangyun; print(xiangyun.__file__)")
    assert Path(place.strip()).is_relative_to(installed.parent.parent)


def test_the_installed_command_says_what_it_can_do(installed: Path, tmp_path: Path) -> None:
    assert "demo" in run(tmp_path, str(installed), "--help")


def test_the_packed_service_is_sound(installed: Path, tmp_path: Path) -> None:
    (packed,) = installed.parent.parent.glob(f"lib/python*/site-packages/{PACK}")
    run(tmp_path, str(installed), "check", str(packed), XIANGYUN_HOME=str(tmp_path / "home"))


def test_a_pack_is_made_by_the_wheel_and_is_sound(installed: Path, tmp_path: Path) -> None:
    home = {"XIANGYUN_HOME": str(tmp_path / "home")}
    for kind in ("service", "register"):
        run(tmp_path, str(installed), "new", kind, f"culture/{kind}", **home)
        run(tmp_path, str(installed), "check", f"culture/{kind}", **home)


def test_the_story_is_told_anywhere_and_what_it_leaves_verifies(installed: Path) -> None:
    # Not below pytest's own folder: PostgreSQL's account must be able to enter it.
    with TemporaryDirectory(prefix="xiangyun-wheel-", ignore_cleanup_errors=True) as made:
        home = Path(made)
        home.chmod(0o755)
        run(home, str(installed), "demo", "--no-serve", XIANGYUN_HOME=made)
        (licence,) = (home / "demo").glob("*.html")
        (receipt,) = (home / "demo").glob("*.json")
        for file in (licence, receipt):
            run(home, str(installed), "verify", str(file), XIANGYUN_HOME=made)
        stop_embedded_if_idle(home / "postgres")
        # A licence of today stands where it is still yesterday: its days are those of China.
        verify = (str(installed), "verify", "--offline", str(licence))
        run(home, *verify, XIANGYUN_HOME=made, TZ="Etc/GMT+12")
