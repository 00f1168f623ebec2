"""`xiangyun verify`: is this certificate or receipt genuine, and does it still stand?

The check itself needs nothing but the file and a public key. Only whether a certificate was
revoked is a question to its issuer: pages ask this instance's database where it runs already, and
the answer says so where it was not; the other forms read the status list that they name, from a
file or from this instance, and are not believed without it. Nothing is started or fetched.

Exit codes: 0 valid; 1 altered, or no longer in force; 2 unknown: not issued here, not a trusted
key, or not proven yet; 3 the file or the key cannot be read, or holds no such document.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import django
from cryptography.hazmat.primitives.serialization import Encoding
from django.apps import apps
from django.db import Error
from rich.console import Console
from rich.markup import escape

from xiangyun.adapters.address import public_url
from xiangyun.adapters.embedded import running_embedded
from xiangyun.adapters.keyring import certificates_in
from xiangyun.adapters.keys import instance_folder, public_key, trusted_keys
from xiangyun.adapters.postgres import DATABASE
from xiangyun.domain.certificates.checking import Asked, check_file, claimed_by, form_of
from xiangyun.domain.certificates.trust import Trust, read_trust
from xiangyun.domain.certificates.verification import Standing
from xiangyun.domain.evidence import checking
from xiangyun.domain.journal.verdict import Step, Verdict
from xiangyun.kernel.credential import cwtlist
from xiangyun.kernel.credential.jws import take_apart
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.ledger.note import read_key

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
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Trust this public key (PEM) instead of this instance's; may be given again.",
)
@click.option(
    "--trust",
    "trusts",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Trust the organisations of this list, besides; may be given again.",
)
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A signed status list (JWT or CWT), as it was fetched; may be given again.",
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    help="The key of a witness, as it prints it; may be given again.",
)
@click.option(
    "--of",
    "quorum",
    type=click.IntRange(1),
    help="How many of the witnesses must have co-signed a proof; all unless given.",
)
@click.option("--offline", is_flag=True, help="Do not ask this instance's records.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(
    files: tuple[Path, ...],
    keys: tuple[Path, ...],
    trusts: tuple[Path, ...],
    lists: tuple[Path, ...],
    witnesses: tuple[str, ...],
    quorum: int | None,
    offline: bool,
    as_json: bool,
) -> None:
    """Verify FILES: certificates (page, SD-JWT, W3C, PDF, OFD), receipts, proofs, evidence.

    Ends with 0 valid, 1 altered or no longer in force, 2 unknown, 3 unreadable; of several files
    with the highest.
    """
    err = Console(stderr=True, highlight=False)
    folder = instance_folder()
    try:
        own = trusted_keys(folder)
        at_hand = dict(map(_named_list, lists))
        pems = dict(map(public_key, keys)) if keys else dict(own)
        trust = _trust(pems, trusts, folder)
        witnessed = checking.Witnessed(
            tuple(map(read_key, witnesses)), quorum or len(set(witnesses))
        )
        contents = [(file, _read(file)) for file in files]
    except (OSError, UnicodeDecodeError, Refused) as fault:
        err.print(f"[red]✗[/] {escape(str(fault))}")
        unreadable = Text(
            "无法读取，请检查文件：{files}",
            "Cannot be read, check the file: {files}",
            files=", ".join(map(str, files)),
        )
        err.print(escape(told(unreadable, "  ")))
        raise SystemExit(_UNREADABLE) from None

    records = None if offline else _Records()
    worst, verdicts = 0, []
    for file, content in contents:
        # Only its issuer knows whether a certificate stands: nobody asks here about another's.
        of = claimed_by(content)
        ours = of is not None and of.key_id in own
        standing = records.standing if records is not None and ours else _nobody_asked

        def token(uri: str) -> str | bytes | None:
            return at_hand.get(uri) or (records.published(uri) if records else None)

        verdict = checking.verdict(content, trust.for_pages(), witnessed)
        if verdict is None:
            asked = Asked(trust, datetime.now(UTC), token, standing)
            verdict = check_file(content, asked)
        verdicts.append(verdict)
        worst = max(worst, _EXITS[verdict.answer] if verdict.kind else _UNREADABLE)
        if as_json:
            continue
        _print(verdict, file, Console(highlight=False) if verdict.kind else err)
        if ours and records is not None and records.away:
            err.print(
                told(
                    Text(
                        "未查询签发记录：本机数据库没有运行。",
                        "The issuer's records were not asked: the database does not run here.",
                    ),
                    "  ",
                )
            )
    if as_json:
        said = [verdict.to_json() for verdict in verdicts]
        click.echo(json.dumps(said if len(said) > 1 else said[0], ensure_ascii=False, indent=2))
    raise SystemExit(worst)


def _nobody_asked(_: str) -> None:
    return None


def _read(file: Path) -> bytes:
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
    content = file.read_bytes()
    if form_of(content) == "page":
        content.decode("utf-8")
    return content


def _named_list(file: Path) -> tuple[str, str | bytes]:
    """A status list by the address that it names; its signature is checked when it is used."""
    content = file.read_bytes()
    if not content.lstrip().startswith(b"ey"):  # no JWT
        return cwtlist.address_of(content), content
    token = content.decode("ascii").strip()
    return str(take_apart(token).payload.get("sub")), token


def _trust(pems: dict[str, str], files: tuple[Path, ...], folder: Path) -> Trust:
    lists = [*files, *([folder / "trust.json"] if (folder / "trust.json").exists() else [])]
    others = [each for file in lists for each in read_trust(file.read_text("utf-8")).organisations]
    address = public_url(folder.parent)
    chain = certificates_in(folder / "chain-ES256.pem")
    roots = [each.public_bytes(Encoding.DER) for each in chain[-1:]]
    # Who has the keys trusts them, whatever address an instance was served at.
    return Trust(tuple(others)).with_instance(pems, address, roots, by_key=True)


class _Records:
    """What this instance's records say, where its database runs already; nothing is started."""

    def __init__(self) -> None:
        self.away = False

    def standing(self, identifier: str) -> Standing | None:
        """Whether a certificate stands; None when the database does not run."""
        found: Standing | None = self._ask("standing", identifier)
        self.away = found is None
        return found

    def published(self, uri: str) -> str | None:
        """The status list at an address of this instance."""
        found: str | None = self._ask("published_list", uri)
        return found

    def _ask(self, question: str, of: str) -> Any:
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
            return getattr(queries, question)(of)
        except Error:
            return None


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
