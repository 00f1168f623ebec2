"""The tools load what they use: a command that needs no Django never waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACK = str(ROOT / "packs" / "market" / "company-registration")
HEAVY = ("django", "psycopg", "asyncio", "duckdb", "sqlglot", "cryptography")
PROBE = """
import sys
from xiangyun.site.main import cli
try:
    cli(sys.argv[2:], standalone_mode=False)
except SystemExit:
    pass
finally:
    loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
    print("LOADED", *loaded)
"""


@pytest.mark.parametrize(
    ("arguments", "needless"),
    [
        (("--help",), (*HEAVY, "lxml", "yaml", "xiangyun.kernel.feel")),
        (("feel", "1 + 1"), (*HEAVY, "lxml", "yaml", "xiangyun.kernel.dmn")),
        (("eligible", "--help"), ("django", "psycopg", "pyspark")),
        (("check", PACK), (*HEAVY, "urllib.request", "xiangyun.kernel.bpmn.drawing")),
    ],
    ids=("help", "feel", "eligible", "check"),
)
def test_a_command_loads_only_what_it_uses(
    arguments: tuple[str, ...], needless: tuple[str, ...]
) -> None:
    command = [sys.executable, "-c", PROBE, ",".join(needless), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "LOADED", done.stdout + done.stderr


def test_help_of_a_command_leaves_no_secret_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xiangyun.site.main", "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "src"), "XIANGYUN_HOME": str(tmp_path / "home")},
    )
    assert "--port" in done.stdout
    assert not (tmp_path / "home").exists()


def test_filters_of_open_tables_load_no_parser_and_their_process_no_package_of_duckdb() -> None:
    probe = (
        "import runpy, sys, xiangyun.kernel.projection.filters\n"
        f"runpy.run_path({str(ROOT / 'src/xiangyun/adapters/openworker.py')!r})\n"
        "print(*sorted({'sqlglot', 'duckdb', '_duckdb'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["_duckdb"]
