"""`xiangyun payments`: a day's books compared with the provider's statement."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM
from xiangyun.domain.payments import ports, queries, reconciling
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.payment import shown_amount, write_statement
from xiangyun.kernel.payment.reconciliation import WORDS

from .telling import WrongUsage, end_refused, tell

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def payments() -> None:
    """Fees that were paid: the books of a day, ours and the provider’s."""


@payments.command("reconcile")
@click.argument("file", type=_FILE)
@click.option("--day", "written", metavar="DATE", help="The day, for a statement without a line.")
@click.option("--provider", default="", help="Whose statement it is; the one that is set up.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def reconcile(file: Path, written: str | None, provider: str, as_json: bool) -> None:
    """Compare FILE, a provider’s statement of a day, with our books; name what differs.

    Ends with 1 where anything does.
    """
    day = _day(written) if written else None
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        text = ""  # which has no head, and is refused for that
    try:
        made = reconciling.reconcile(
            text,
            provider=provider or ports.provider().name,
            actor=SYSTEM,
            at=timezone.now(),
            day=day,
            name=file.name,
        )
    except Refused as refused:
        end_refused(refused)
    rows = queries.unmatched(SYSTEM, made)
    if as_json:
        click.echo(json.dumps(_as_json(made, rows), ensure_ascii=False, indent=2))
    else:
        _tell(made, rows)
    raise SystemExit(1 if rows else 0)


@payments.command("statement")
@click.argument("written", metavar="DATE")
def statement(written: str) -> None:
    """Print the provider’s statement of a day, as the provider gives it."""
    click.echo(write_statement(ports.provider().statement(_day(written))), nl=False)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongUsage(
            Text(
                "{written} 不是日期，例如 2026-04-30。",
                "{written} is no date; for example 2026-04-30.",
                written=written,
            )
        ) from None


def _tell(made: queries.Reconciliation, rows: list[queries.Unmatched]) -> None:
    tell(
        Text(
            "{day}：一致 {agreed} 笔，不一致 {n} 笔。",
            "{day}: {agreed} agree, {n} differ.",
            day=made.day,
            agreed=made.agreed,
            n=len(rows),
        )
    )
    for what, ours, theirs in (
        (Text("缴费", "paid"), made.paid_here, made.paid_there),
        (Text("退费", "refunded"), made.refunded_here, made.refunded_there),
    ):
        tell(
            Text(
                "{what}：我方 {ours} 元，对方 {theirs} 元",
                "{what}: {ours} yuan here, {theirs} there",
                what=what,
                ours=shown_amount(ours),
                theirs=shown_amount(theirs),
            ),
            indent="  ",
        )
    for row in rows:
        tell(
            Text(
                "{number}：{what}（我方 {ours}，对方 {theirs}）",
                "{number}: {what} (here {ours}, there {theirs})",
                number=row.number,
                what=WORDS[row.what],
                ours="—" if row.our_amount is None else shown_amount(row.our_amount),
                theirs="—" if row.their_amount is None else shown_amount(row.their_amount),
            ),
            indent="  ✗ ",
        )


def _as_json(made: queries.Reconciliation, rows: list[queries.Unmatched]) -> dict[str, object]:
    def money(amount: object) -> str | None:
        return None if amount is None else f"{amount:.2f}"

    return {
        "day": made.day.isoformat(),
        "provider": made.provider,
        "agreed": made.agreed,
        "paid": {"here": money(made.paid_here), "there": money(made.paid_there)},
        "refunded": {"here": money(made.refunded_here), "there": money(made.refunded_there)},
        "differences": [
            {
                "what": row.what,
                "kind": row.kind,
                "number": row.number,
                "here": {"transaction": row.our_transaction, "amount": money(row.our_amount)},
                "there": {"transaction": row.their_transaction, "amount": money(row.their_amount)},
            }
            for row in rows
        ],
    }
