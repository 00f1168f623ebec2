"""`xiangyun verify`: is this certificate or receipt genuine, and does it still stand?

The check itself needs nothing but the file and a public key. Only whether a certificate was
revoked is a question to its issuer: it is asked where this instance's database runs already, and
the answer says so where it was not. Nothing is started for it.

Exit codes: 0 valid; 1 altered, or no longer in force; 2 unknown: not issued here, not a trusted
key, or not proven yet; 3 the file or the key cannot be read, or holds no such document.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from importlib import import_module
from pathlib import Path

import click
import django
from django.apps import apps
from django.db import Error
from rich.console import Console
from rich.markup import escape

from xiangyun.adapters.embedded import running_embedded
from xiangyun.adapters.keys import instance_folder, public_key, trusted_keys
from xiangyun.adapters.postgres import DATABASE
from xiangyun.domain.certificates.verification import Standing, claimed, verify_document
from xiangyun.domain.journal.verdict import Step, Verdict
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.worktime.office import office_zone

from .telling import beside, lines, told

_EXITS = {"valid": 0, "altered": 1, "revoked": 1, "unknown": 2}
_UNREADABLE = 3
_MOST_BYTES = 20_000_000
_COLOURS = {"valid": "green", "revoked": "yellow", "altered": "red", "unknown": "yellow"}
_TITLES = {
    "valid": Text("有效", "valid"),
    "revoked": Text("已失效", "no longer in force"),
    "altered": Text("被改动过", "altered"),
    "unknown": Text("无法确认", "unknown"),
}
_UNCHECKED = Text("未核对", "not checked")
_MARKS = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[dim]–[/]"}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Trust this public key (PEM) instead of this instance's; may be given again.",
)
@click.option("--offline", is_flag=True, help="Do not ask this instance's records.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(file: Path, keys: tuple[Path, ...], offline: bool, as_json: bool) -> None:
    """Verify FILE: a certificate (page or JSON) or a receipt.

    Ends with 0 valid, 1 altered or no longer in force, 2 unknown, 3 unreadable.
    """
    err = Console(stderr=True, highlight=False)
    try:
        text = _read(file)
        own = trusted_keys(instance_folder())
        trusted = dict(map(public_key, keys)) if keys else own
    except (OSError, UnicodeDecodeError, Refused) as fault:
        err.print(f"[red]✗[/] {escape(str(fault))}")
        unreadable = Text(
            "无法读取，请检查文件：{file}", "Cannot be read, check the file: {file}", file=str(file)
        )
        err.print(escape(told(unreadable, "  ")))
        raise SystemExit(_UNREADABLE) from None

    # Only its issuer knows whether a certificate stands: nobody asks here about another's.
    of = claimed(text)
    ours = of is not None and of.key_id in own
    looked_up = _ask(of.identifier) if of and ours and not offline else None
    # Certificates are dated where the offices are, wherever they are checked.
    verdict = verify_document(text, trusted, looked_up, on=datetime.now(office_zone()).date())
    if as_json:
        click.echo(json.dumps(verdict.to_json(), ensure_ascii=False, indent=2))
    else:
        _print(verdict, file, Console(highlight=False) if verdict.kind else err)
        if ours and not offline and looked_up is None:
            err.print(
                told(
                    Text(
                        "未查询签发记录：本机数据库没有运行。",
                        "The issuer's records were not asked: the database does not run here.",
                    ),
                    "  ",
                )
            )
    raise SystemExit(_EXITS[verdict.answer] if verdict.kind else _UNREADABLE)


def _read(file: Path) -> str:
    if file.stat().st_size > _MOST_BYTES:
        raise OSError(
            told(
                Text(
                    "{file}：超过 20 MB，不是证照或回执。",
                    "{file}: over 20 MB, no certificate or receipt.",
                    file=str(file),
                )
            )
        )
    return file.read_text(encoding="utf-8")


def _ask(identifier: str) -> Standing | None:
    """What this instance's records say; None when its database does not run."""
    address = os.environ.get("DATABASE_URL") or running_embedded(
        instance_folder().parent / "postgres", DATABASE
    )
    if address is None:
        return None
    # Django reads the address when it is set up, and the tables can be loaded only after that.
    if not apps.ready:
        os.environ["DATABASE_URL"] = address
        os.environ.setdefault("PGCONNECT_TIMEOUT", "5")  # seconds
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyun.site.settings")
        django.setup()
    queries = import_module("xiangyun.domain.certificates.queries")
    try:
        found: Standing = queries.standing(identifier)
    except Error:
        return None
    return found


def _print(verdict: Verdict, file: Path, console: Console) -> None:
    colour = _COLOURS[verdict.answer]
    console.print(f"[bold {colour}]{beside(_TITLES[verdict.answer])}[/]  {escape(file.name)}")
    console.print(told(verdict.headline, "  ") + "\n", markup=False)
    for step in verdict.steps:
        console.print(_line(step))


def _line(step: Step) -> str:
    first, *others = map(escape, lines(step.text))
    note = f" [dim]（{beside(_UNCHECKED)}）[/]" if step.passed is None else ""
    row = f"  {_MARKS[step.passed]} {first}{note}"
    return "\n".join([row, *(f"    [dim]{other}[/]" for other in others)])
