"""A real instance from its making to its restored copy, by the commands of the how-to."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xiangyun.adapters.embedded import stop_embedded_if_idle
from xiangyun.domain.cases.tests.sealedservice import SECRET

pytestmark = pytest.mark.slow(minutes=1)
PASSWORD = "eine lange Losung"
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    # Not pytest's own folder: it is closed to others, and PostgreSQL may run as another user.
    folder = Path(tempfile.mkdtemp(prefix="xiangyun-production-"))
    folder.chmod(0o755)
    yield folder
    for home in folder.iterdir():
        if (home / "postgres" / "PG_VERSION").exists():
            stop_embedded_if_idle(home / "postgres")
    shutil.rmtree(folder)


def run(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("XIANGYUN", "DATABASE"))}
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "xiangyun.site.main", *words],
        env={**inherited, "XIANGYUN_HOME": str(home), **more},
        capture_output=True,
        text=True,
        check=False,
    )


def script(home: Path, *words: str) -> str:
    """What a program says that runs within the started instance."""
    done = subprocess.run(
        [sys.executable, "-c", *words],
        env={**os.environ, "XIANGYUN_HOME": str(home)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


MOBILE = "13912345678"
_START = """
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from xiangyun.site.start import boot
stack = ExitStack()
boot(stack)
from django.utils import timezone
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import actions as registers, queries
NUMBER, MOBILE = "222404199203150027", "13912345678"
"""
MADE = (
    _START
    + """
from xiangyun.adapters.packs import packs
from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.cases.tests import sealedservice
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.faces.cli.folder import read_folder
with acting_as(SYSTEM) as platform:
    for code in ("government/roles", "public-security/population"):
        catalogue.publish(code, read_folder(packs()[code]), actor=platform, at=timezone.now())
wang = accounts.open_account(
    login="wang", password=PASSWORD, name="王样云", kind="person", id_number=NUMBER
)
data = {"id_number": NUMBER, "name": "王样云", "mobile": MOBILE, "division": "222404000000"}
registers.record(
    "person", NUMBER, data, valid_from=date(2026, 1, 1), source="t", at=timezone.now(),
    holder=wang.pk,
)
sealedservice.publish(Path(sys.argv[1]))
sealedservice.sent()
with acting_as(SYSTEM):
    journal.seal(timezone.now(), signer())
stack.close()
"""
)
"""A sealed case, and a record with sensitive values."""
READ = (
    _START
    + """
from xiangyun.domain.cases.models import Case
with acting_as(SYSTEM):
    print(Case.objects.get().subject)
    print(queries.state("person", NUMBER, opened=True).data["mobile"])
stack.close()
"""
)

INIT = (
    *("init", "--address", "https://services.example.org", "--login", "admin"),
    *("--name", "李主任", "--office", "政务服务局", "--password", PASSWORD),
)


def test_a_real_instance_is_made_backed_up_restored_and_audited(place: Path) -> None:
    home, folder, again = place / "home", place / "copies", place / "again"
    refused = run(home, *INIT[:-1], "short")
    assert refused.returncode == 1
    assert "12" in refused.stderr
    made = run(place / "elsewhere", *INIT, "--storage", str(home))
    assert made.returncode == 0, made.stderr
    settings = (home / "xiangyun.env").read_text(encoding="utf-8")
    assert "XIANGYUN_PUBLIC_URL=https://services.example.org\n" in settings
    assert f"XIANGYUN_HOME={home}\n" in settings
    assert "XIANGYUN_PROXY=127.0.0.1\n" in settings, "or https is led to https for ever"
    assert (home / "xiangyun.env").stat().st_mode & 0o077 == 0
    twice = run(home, *INIT)
    assert twice.returncode == 1, "an instance is begun once"

    told = script(home, MADE, str(place / "pack"))
    assert SECRET not in told
    kept = run(home, "backup", str(folder), "--keys", str(place / "keys"))
    assert kept.returncode == 0, kept.stderr
    restored = run(again, "restore", str(folder), "--keys", str(place / "keys"))
    assert restored.returncode == 0, restored.stderr
    assert not (place / "elsewhere").exists()
    unit = (again / "xiangyun.env").read_text(encoding="utf-8")
    assert f"XIANGYUN_HOME={again}\n" in unit, "the service of the restored one serves that one"
    audited = run(again, "audit", "--json")
    assert audited.returncode == 0, audited.stderr + audited.stdout
    assert json.loads(audited.stdout)["findings"] == []
    assert json.loads(audited.stdout)["cases"] == 1
    assert script(again, READ).splitlines()[-2:] == [f"庇护：{SECRET}", MOBILE]
    for word in (SECRET, MOBILE):  # only what is encrypted was copied
        assert not any(word.encode() in f.read_bytes() for f in folder.rglob("*") if f.is_file())

    late = place / "late"
    assert run(late, "restore", str(folder)).returncode == 0
    refused = run(late, "audit")
    assert refused.returncode == 1
    assert "keys.E004" in refused.stderr + refused.stdout
    assert [file.name for file in (late / "keys").iterdir()] == ["WANTED"], "no other key was made"
    shutil.copytree(place / "keys", late / "keys", dirs_exist_ok=True)
    assert script(late, READ).splitlines()[-2:] == [f"庇护：{SECRET}", MOBILE]


@pytest.fixture(scope="module")
def mixed(place: Path) -> Path:
    """An instance that has an account of the demonstration."""
    home = place / "mixed"
    opened = (
        "from contextlib import ExitStack\n"
        "from xiangyun.site.start import boot\n"
        "with ExitStack() as stack:\n"
        "    boot(stack)\n"
        "    from xiangyun.domain.accounts import actions\n"
        "    actions.open_account(login='wang', password='x', name='王', kind='person')\n"
    )
    subprocess.run(
        [sys.executable, "-c", opened],
        env={**os.environ, "XIANGYUN_HOME": str(home)},
        check=True,
        capture_output=True,
    )
    return home


def test_in_earnest_no_demonstration_account_is_served(mixed: Path) -> None:
    told = run(mixed, "serve", XIANGYUN_PUBLIC_URL="https://services.example.org")
    assert told.returncode == 1
    assert "wang" in told.stderr
    assert "XIANGYUN_DEMONSTRATION=1" in told.stderr


def test_beyond_loopback_a_demonstration_is_not_served(mixed: Path) -> None:
    told = run(mixed, "serve", "--host", "0.0.0.0")
    assert told.returncode == 1
    assert "XIANGYUN_DEMONSTRATION=1" in told.stderr
    for reachable in ({"XIANGYUN_HOSTS": "10.0.0.7"}, {"XIANGYUN_PUBLIC_URL": "http://10.0.0.7"}):
        assert run(mixed, "serve", **reachable).returncode == 1, reachable


def _blocks(kind: str) -> list[str]:
    """The files of this kind that the how-to shows."""
    text = (ROOT / "docs" / "how-to" / "run-in-production.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.S)


def test_the_files_of_the_how_to_are_what_nginx_and_systemd_read(tmp_path: Path) -> None:
    (site,) = _blocks("nginx")
    assert "X-Forwarded-For $remote_addr" in site, "what a visitor says of himself is replaced"
    assert "X-Forwarded-Host $host" in site
    (unlogged,) = re.findall(r'"~(\^/.*)" 0;', site)
    for address in ("/report", "/report/sent", "/apply/1/pages/a", "/cases/1", "/files/1/2"):
        assert re.match(unlogged, address), f"{address} of a reporter stands in the log"
    assert not re.match(unlogged, "/services/a/b")
    units = dict(
        zip(
            ("xiangyun.service", "xiangyun.socket", "backup.service", "backup.timer"),
            _blocks("ini"),
            strict=True,
        )
    )
    door = re.findall(r"--host (\S+) --port (\d+)", units["xiangyun.service"])
    assert re.findall(r"ListenStream=(\S+):(\d+)", units["xiangyun.socket"]) == door
    (folder,) = re.findall(r"xiangyun backup (\S+)", units["backup.service"])
    assert folder in units["xiangyun.service"], "the database of the service archives there"
    if systemd := shutil.which("systemd-analyze"):
        for name, unit in units.items():
            (tmp_path / name).write_text(unit.replace("/opt/xiangyun/bin/xiangyun", "/bin/true"))
        said = subprocess.run(
            [systemd, "verify", *(str(tmp_path / name) for name in units)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert not [x for x in said.stderr.splitlines() if str(tmp_path) in x or ".service:" in x]
    if nginx := shutil.which("nginx"):
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"),
                *("-keyout", str(tmp_path / "k"), "-out", str(tmp_path / "c")),
            ],
            check=True,
            capture_output=True,
        )
        site = re.sub(r"ssl_certificate_key .*;", f"ssl_certificate_key {tmp_path}/k;", site)
        site = re.sub(r"ssl_certificate  .*;", f"ssl_certificate {tmp_path}/c;", site)
        whole = f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {site} }}"
        (tmp_path / "nginx.conf").write_text(whole)
        tested = subprocess.run(
            [nginx, "-t", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "syntax is ok" in tested.stderr, tested.stderr
