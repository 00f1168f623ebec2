"""`xiangyun archive`: closed cases become files, come back, and are destroyed after their term."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice

import click
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.archive import actions, queries, returning
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.findings import Refused, Text

from .progress import under_way
from .telling import end_refused, tell


@click.command()
@click.option("--dry-run", is_flag=True, help="Only tell what would move.")
@click.option("--list", "lists", is_flag=True, help="List what lies in the archive.")
@click.option("--most", type=click.IntRange(1), default=10_000, help="Move at most so many.")
@click.option("--destroy", metavar="CASE", help="Destroy the file of a case whose term is over.")
@click.option("--restore", metavar="CASE", help="Bring an archived case back from its file.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help=f"The day until which it stays then; {returning.DAYS} days if not said.",
)
@click.option("--why", default="", help="Why it is destroyed or comes back.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def archive(
    dry_run: bool,
    lists: bool,
    most: int,
    destroy: str | None,
    restore: str | None,
    until: datetime | None,
    why: str,
    as_json: bool,
) -> None:
    """Move closed cases whose time online is over into files, one a case.

    Ends with 0, with 1 where something was refused.
    """
    moves = destroy is None and restore is None and not lists and not dry_run
    done = actions.Moved()
    try:
        with acting_as(SYSTEM):
            if destroy is not None:
                now = timezone.now()
                actions.destroy(destroy, why=why, by_name=SYSTEM.name, at=now)
                tell(
                    Text(
                        "{case} 的档案已销毁；日志仍能证明办过。",
                        "The file of {case} is destroyed; the journal still proves that it was.",
                        case=destroy,
                    )
                )
            elif restore is not None:
                _restore(restore, until, why)
            elif lists:
                _list(as_json)
            elif dry_run:
                _dry_run(most, as_json)
        if moves:
            now, title = timezone.now(), Text("归档", "Moving to the archive")
            with under_way() as steps, steps(title) as report:
                done = actions.move_what_is_due(
                    at=now, signer=signer(), at_most=most, progress=report
                )
    except Refused as refused:
        end_refused(refused)
    if moves:
        _moved(done, as_json)


def _restore(number: str, until: datetime | None, why: str) -> None:
    volume = returning.bring_back(
        number,
        why=why,
        by_name=SYSTEM.name,
        at=timezone.now(),
        signer=signer(),
        until=until.date() if until else None,
    )
    tell(
        Text(
            "{case} 已从档案调回，与日志相符，到 {until} 再归档。",
            "{case} is back from the archive as the journal says; it moves again after {until}.",
            case=number,
            until=volume.back_until.isoformat() if volume.back_until else "",
        )
    )


def _moved(done: actions.Moved, as_json: bool) -> None:
    refused = actions.refused_words(done.refused or ())
    if as_json:
        told = {"moved": done.cases, "bytes": done.bytes, "stayed": [each.zh for each in refused]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        tell(
            Text(
                "归档 {n} 件，共 {kb} KB。",
                "{n} {n|case|cases} moved, {kb} KB.",
                n=done.cases,
                kb=done.bytes // 1024,
            )
        )
        for each in refused:
            tell(each, err=True, indent="  ✗ ")
    raise SystemExit(1 if refused else 0)


def _dry_run(most: int, as_json: bool) -> None:
    rows = [
        {
            "case": case.number,
            "service": case.version.code,
            "ended": timezone.localdate(case.ended_at).isoformat(),
        }
        for case, _ in islice(queries.due(timezone.localdate(), most), most)
    ]
    _print(rows, as_json)


def _list(as_json: bool) -> None:
    rows, after = [], ""
    while found := queries.volumes(after):
        after = found[-1].number
        rows += [
            {
                "case": each.number,
                "service": each.service,
                "ended": each.ended_on.isoformat(),
                "kept_until": each.kept_until.isoformat() if each.kept_until else "permanent",
                "state": each.state,
                "sha256": each.digest,
                "place": each.place,
            }
            for each in found
        ]
    _print(rows, as_json)


def _print(rows: list[dict[str, str]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo("  ".join(row.values()))
    tell(Text("共 {n} 件。", "{n} {n|case|cases}.", n=len(rows)))
