"""`xiangyun migrate`: move one running case to another version of its service."""

from __future__ import annotations

import click
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import migration
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Finding, Refused


@click.command()
@click.argument("number", metavar="CASE_NUMBER")
@click.option("--to", "version", type=int, required=True, help="The number of the version.")
@click.option("--dry-run", is_flag=True, help="Only say whether it could move.")
def migrate(number: str, version: int, dry_run: bool) -> None:
    """Move the running case CASE_NUMBER to another version of its service, if it can.

    Ends with 0 when it has moved (or could), with 1 when it cannot; the reasons are printed.
    """
    at = timezone.now()
    with acting_as(SYSTEM) as actor:
        try:
            case = cases.case_by_number(actor, number)
        except ObjectDoesNotExist:
            raise click.UsageError(f"没有办件 {number} / there is no case {number}") from None
        before = case.version.number
        found = migration.problems(case.id, version, actor=actor, at=at)
        if not found and not dry_run:
            try:
                migration.migrate_case(case.id, version, actor=actor, at=at)
            except Refused as refused:  # it has gone on meanwhile, or a formula has no value
                found = refused.findings
    if found:
        _refuse(number, version, found)
    elif dry_run:
        click.echo(
            f"✓ {number} 可以从第 {before} 版变更到第 {version} 版"
            f" / may move from version {before} to {version}"
        )
    else:
        click.echo(f"✓ {number}  v{before} → v{version}")


def _refuse(number: str, version: int, found: list[Finding]) -> None:
    for finding in found:
        place = f"{finding.place}: " if finding.place else ""
        click.echo(f"✗ {finding.id} {place}{finding.message.zh}", err=True)
        click.echo(f"    {finding.message.en}", err=True)
        if finding.hint:
            click.echo(f"    → {finding.hint}", err=True)
    raise click.ClickException(
        f"{number} 没有变更到第 {version} 版 / was not moved to version {version}"
    )
