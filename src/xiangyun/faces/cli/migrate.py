"""`xiangyun migrate`: move running cases to another version of their service."""

from __future__ import annotations

from collections.abc import Iterable

import click
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import migration
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Finding, Refused, Text

from .telling import Failed, WrongUsage, beside, tell, tell_finding

_MANY = 200
"""Cases from which a progress bar is worth its line."""


@click.command()
@click.argument("number", metavar="[CASE_NUMBER]", required=False)
@click.option("--service", help="Instead of one case, all running cases of this service …")
@click.option("--from", "before", type=int, help="… that live by this version.")
@click.option("--to", "version", type=int, required=True, help="The number of the version.")
@click.option("--dry-run", is_flag=True, help="Only say which could move.")
def migrate(
    number: str | None, service: str | None, before: int | None, version: int, dry_run: bool
) -> None:
    """Move the running case CASE_NUMBER to another version of its service, if it can.

    With --service and --from every running case of that version, each by itself: one that cannot
    move holds up no other. Ends with 0 when all have moved (or could), with 1 when one cannot; the
    reasons are printed.
    """
    if number is not None and service is None and before is None:
        numbers = [number]
    elif number is None and service is not None and before is not None:
        numbers = _running(service, before)
    else:
        raise WrongUsage(
            Text(
                "请给出一个办件编号，或者同时给出 --service 和 --from。",
                "Give the number of a case, or both --service and --from.",
            )
        )
    left = [each for each in _shown(numbers) if not _move(each, version, dry_run)]
    if service is not None:
        moved = len(numbers) - len(left)
        done = Text("可以变更", "could move") if dry_run else Text("已变更", "moved")
        tell(
            Text(
                "{done}：{moved} 件；不能：{count} 件。",
                "{done}: {moved} {moved|case|cases}; cannot: {count}.",
                moved=moved,
                done=done,
                count=len(left),
            )
        )
    if left:
        which = left[0] if len(left) == 1 else Text("{n} 件", "{n} cases", n=len(left))
        raise Failed(
            Text(
                "{which} 没有变更到第 {version} 版。",
                "{which} not moved to version {version}.",
                which=which,
                version=version,
            )
        )


def _running(service: str, before: int) -> list[str]:
    with acting_as(SYSTEM):
        return migration.running(service, before)


def _shown(numbers: list[str]) -> Iterable[str]:
    """The same, with a bar where it takes long."""
    if len(numbers) < _MANY:
        return numbers
    return track(numbers, beside(Text("变更版本", "Migrating")), console=Console(stderr=True))


def _move(number: str, version: int, dry_run: bool) -> bool:
    """Move one case, or see whether it could; False, and the reasons told, when it cannot."""
    at = timezone.now()
    with acting_as(SYSTEM) as actor:
        try:
            case = cases.case_by_number(actor, number)
        except ObjectDoesNotExist:
            raise WrongUsage(
                Text("没有办件 {number}。", "There is no case {number}.", number=number)
            ) from None
        before = case.version.number
        found = migration.problems(case.id, version, actor=actor, at=at)
        if not found and not dry_run:
            try:
                migration.migrate_case(case.id, version, actor=actor, at=at)
            except Refused as refused:  # it has gone on meanwhile, or a formula has no value
                found = refused.findings
    if found:
        _refuse(number, found)
    elif dry_run:
        tell(
            Text(
                "✓ {number} 可以从第 {before} 版变更到第 {version} 版。",
                "✓ {number} may move from version {before} to {version}.",
                number=number,
                before=before,
                version=version,
            )
        )
    else:
        click.echo(f"✓ {number}  v{before} → v{version}")
    return not found


def _refuse(number: str, found: list[Finding]) -> None:
    for finding in found:
        tell_finding(finding, f"✗ {number}")
