"""`xiangyun audit`: every leaf, node and head recomputed, every case compared with the journal."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions, queries
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.findings import Refused, Text

from .progress import under_way
from .telling import Failed, end_refused, tell


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--last", is_flag=True, help="Only tell what the last audit found.")
@click.option("--set-aside", type=int, metavar="SIZE", help="Set a false tree head aside.")
@click.option("--erase", metavar="CASE", help="Erase personal details of its entries, for good.")
@click.option("--why", default="", help="Why they are erased, such as the rule and its day.")
def audit(as_json: bool, last: bool, set_aside: int | None, erase: str | None, why: str) -> None:
    """Audit the whole journal, and compare cases, files and certificates with it."""
    with acting_as(SYSTEM):
        if erase is not None:
            now, name = timezone.now(), SYSTEM.name
            gone = actions.erase(erase, why=why, by=SYSTEM.account, by_name=name, at=now)
            tell(
                Text(
                    "已删除 {gone} 条记录中的个人信息，摘要保留",
                    "Personal details of {gone} {gone|entry|entries} are erased; digests stay",
                    gone=gone,
                )
            )
            return
        if set_aside is not None:
            try:
                actions.set_aside(set_aside, trusted=signer().trusted, at=timezone.now())
            except Refused as refused:
                end_refused(refused)
            tell(
                Text(
                    "已移开含 {set_aside} 条记录的树根",
                    "The head of {set_aside} leaves is set aside",
                    set_aside=set_aside,
                )
            )
            return
        if last:
            found = queries.last_audit()
            if found is None:
                raise Failed(Text("还没有审计过。", "There was no audit yet."))
        else:
            with under_way() as steps, steps(Text("审计日志", "Auditing the journal")) as report:
                found = actions.audit_whole(signer().trusted, timezone.now, report)
    _tell(found.ended_at, found.leaves, found.cases, found.findings, as_json)


def _tell(
    at: datetime, leaves: int, cases: int, findings: list[dict[str, Any]], as_json: bool
) -> None:
    if as_json:
        told = {"at": at.isoformat(), "leaves": leaves, "cases": cases, "findings": findings}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        tell(
            Text(
                "{at}  {leaves} 条记录、{cases} 件办件。",
                "{at}  {leaves} {leaves|entry|entries}, {cases} {cases|case|cases}.",
                at=timezone.localtime(at),
                leaves=leaves,
                cases=cases,
            )
        )
        for each in findings:
            tell(Text.from_json(each), indent=f"  ✗ {each['id']} ")
        if not findings:
            tell(Text("与记录一致。", "All is as it was recorded."), indent="  ✓ ")
    raise SystemExit(1 if findings else 0)
