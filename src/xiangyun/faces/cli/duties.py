"""`xiangyun duties`: open what is due on a day, or only list it."""

from __future__ import annotations

import json
from datetime import date

import click
from django.utils import timezone

from xiangyun.domain.duties import actions
from xiangyun.kernel.findings import Text

from .telling import WrongUsage, tell

_LISTED = 200


@click.command()
@click.option("--on", "written", metavar="DATE", help="The day, such as 2026-04-30; today.")
@click.option("--dry-run", "dry", is_flag=True, help="Only list what would open.")
@click.option("--only", metavar="CODE", default="", help="One duty, such as visits/home:visit.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def duties(written: str | None, dry: bool, only: str, as_json: bool) -> None:
    """Open the cases that duties ask for on a day, each once; oldest first."""
    now = timezone.now()
    on = _day(written) if written else timezone.localdate(now)
    if on > timezone.localdate(now) and not dry:
        raise WrongUsage(
            Text(
                "{on} 还没有到：将来的日子只能用 --dry-run 查看。",
                "{on} lies ahead: a day to come can be looked at with --dry-run only.",
                on=on,
            )
        )
    found = actions.run(on, at=now, only=only, dry=dry)
    if only and not found:
        raise WrongUsage(Text("没有职责“{only}”。", "There is no duty “{only}”.", only=only))
    if as_json:
        click.echo(json.dumps([_as_json(ran) for ran in found], ensure_ascii=False, indent=2))
    else:
        for ran in found:
            _tell(ran, dry=dry)
    raise SystemExit(1 if any(ran.problems for ran in found) else 0)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongUsage(
            Text(
                "--on {written} 读不懂，例如 2026-04-30。",
                "--on {written} is not understood; for example 2026-04-30.",
                written=written,
            )
        ) from None


def _tell(ran: actions.Ran, *, dry: bool) -> None:
    count = len(ran.opened)
    said = (
        Text("{code}：将立 {n} 件。", "{code}: {n} would open.", code=ran.code, n=count)
        if dry
        else Text("{code}：立了 {n} 件。", "{code}: {n} opened.", code=ran.code, n=count)
    )
    tell(said)
    for each in ran.opened[:_LISTED]:
        line = f"  {each.due.isoformat()}  {each.division:012}  {each.key}  {each.case}"
        click.echo(line.rstrip())
    if count > _LISTED:
        tell(Text("…另有 {n} 件。", "… and {n} more.", n=count - _LISTED), indent="  ")
    if ran.waiting:
        tell(
            Text(
                "{n} 条的上一件还没有办完。",
                "{n} wait: the case before is still under way.",
                n=ran.waiting,
            ),
            indent="  ",
        )
    if ran.ahead:
        tell(
            Text(
                "{n} 条已经按更晚的日子立过件，不再补立这一天的。",
                "{n} opened for a later day already; nothing is opened for this day after it.",
                n=ran.ahead,
            ),
            indent="  ",
        )
    if ran.left:
        tell(Text("还有到期的，下一次再立。", "More is due; the next run opens it."), indent="  ")
    for key, problem in ran.problems[:_LISTED]:
        tell(problem, indent=f"  ✗ {key} ")


def _as_json(ran: actions.Ran) -> dict[str, object]:
    return {
        "duty": ran.code,
        "opened": [
            {
                "row": each.key,
                "division": f"{each.division:012}",
                "due": each.due.isoformat(),
                "service": each.service,
                "case": each.case or None,
            }
            for each in ran.opened
        ],
        "waiting": ran.waiting,
        "left": ran.left,
        "ahead": ran.ahead,
        "problems": [{"row": key, "problem": problem.to_json()} for key, problem in ran.problems],
    }
