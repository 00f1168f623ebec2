"""`xiangyun replay`: what a new version would have done with the cases of an old one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import pastcases, replaying
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import Pack, read_pack
from xiangyun.kernel.simulation import Replayed, Trace, Walked

from .folder import read_folder
from .packpath import PACK
from .telling import WrongUsage, beside, end_refused, lines, marked, told

_MANY = 200
"""Cases from which a progress bar is worth its line."""


@click.command()
@click.argument("pack", type=PACK)
@click.option("--old", type=int, required=True, help="The version whose cases are replayed.")
@click.option("--limit", default=1000, type=click.IntRange(1), help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print every replayed case as JSON.")
def replay(pack: Path, old: int, limit: int, as_json: bool) -> None:
    """Run ended cases of version OLD through the folder PACK; list those that come out otherwise.

    Nothing is changed. Ends with 0 when every case comes out the same, with 1 when one differs.
    """
    new = _new(pack)
    with acting_as(SYSTEM):
        was = _old(new.code, old)
        done = list(_replayed(new.code, old, was, new, limit, quiet=as_json))
    differing = [each for each in done if each.differs]
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in done], ensure_ascii=False, indent=1))
    else:
        _show(Console(highlight=False), done, was, new)
    raise SystemExit(1 if differing else 0)


def _replayed(
    code: str, number: int, old: Pack, new: Pack, limit: int, quiet: bool
) -> Iterator[Replayed]:
    cases = pastcases.ended_cases(code, number, limit)
    hidden = quiet or len(cases) < _MANY
    bar = track(
        replaying.replayed(new, old, cases),
        beside(Text("重放", "Replaying")),
        total=len(cases),
        console=Console(stderr=True),
        transient=True,
        disable=hidden,
    )
    yield from bar


def _new(folder: Path) -> Pack:
    try:
        return read_pack(read_folder(folder))
    except Refused as refused:
        end_refused(
            refused,
            Text(
                "{folder}：事项有错误，不能重放。",
                "{folder}: a pack with errors cannot be tried on cases.",
                folder=folder,
            ),
        )


def _old(code: str, number: int) -> Pack:
    known = catalogue.numbers(code)
    if number not in known:
        there = ", ".join(map(str, known)) or "–"
        raise WrongUsage(
            Text(
                "{code} 没有第 {number} 版；已发布的有 {there}。",
                "{code} has no version {number}; published: {there}.",
                code=code,
                number=number,
                there=there,
            )
        )
    return catalogue.version_pack(code, number)


# -- for people ------------------------------------------------------------------------------------


_HEADS = (
    Text("办件", "case"),
    Text("当时", "then"),
    Text("新版", "now"),
    Text("从哪一步起不同", "where they part"),
)
_NOT_AGAIN = Text(
    "按原版本也重现不了，请人工核对", "not even its own version does again what it did; look at it"
)
_NEARLY = Text(
    "补正不止一次或变更过版本，只能近似重放",
    "corrected more than once, or moved: replayed approximately",
)


def _show(console: Console, done: list[Replayed], old: Pack, new: Pack) -> None:
    differing = [each for each in done if each.differs]
    if differing:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for head in _HEADS:
            table.add_column(told(head), overflow="fold")
        for each in differing:
            then, now = _outcome(each.old, old), _outcome(each.new, new)
            cells = (each.recorded.number, then, now, _parting(each, old, new))
            table.add_row(*map(escape, cells))  # rows of rules stand in square brackets
        console.print(table)
    another_way = sum(each.parted is not None and not each.differs for each in done)
    mark = "[red]✗[/]" if differing else "[green]✓[/]"
    said = Text(
        "重放 {all} 件：{differ} 件结果不同，{same} 件相同，其中 {ways} 件经过不同",
        "{all} replayed: {differ} differ, {same} come out alike, {ways} of them by another way",
        all=len(done),
        differ=len(differing),
        same=len(done) - len(differing),
        ways=another_way,
    )
    console.print(f"{mark} {marked(said)}")
    for each in done:
        if not each.reproduced:
            console.print(f"[yellow]![/] {each.recorded.number}: {marked(_NOT_AGAIN)}")
        elif not each.recorded.exact:
            console.print(f"[yellow]![/] {each.recorded.number}: {marked(_NEARLY)}")


def _outcome(walked: Walked, pack: Pack) -> str:
    if walked.outcome:
        return lines(pack.words(f"outcome.{walked.outcome}"))[0]
    if walked.stuck:
        return beside(Text("停滞", "stuck"))
    waiting = [_name(element, pack) for element in walked.open]
    return beside(Text("等待 {steps}", "waits: {steps}", steps=waiting)) if waiting else "–"


def _parting(each: Replayed, old: Pack, new: Pack) -> str:
    if each.parted is None:
        return beside(each.new.stuck) if each.new.stuck else "–"
    return f"{_step(each.parted[0], old)} → {_step(each.parted[1], new)}"


def _step(step: Trace | None, pack: Pack) -> str:
    if step is None:
        return "–"
    return f"{_name(step.element, pack)}（{step.said}）" if step.said else _name(step.element, pack)


def _name(element: str, pack: Pack) -> str:
    drawn = pack.elements.get(element)
    return drawn.name or element if drawn is not None else element


# -- for machines ----------------------------------------------------------------------------------


def _as_json(each: Replayed) -> dict[str, Any]:
    parted = each.parted
    return {
        "case": each.recorded.number,
        "recorded": each.recorded.outcome,
        "differs": each.differs,
        "reproduced": each.reproduced,
        "exact": each.recorded.exact,
        "old": _walked(each.old),
        "new": _walked(each.new),
        "parted": None if parted is None else [_trace(step) for step in parted],
    }


def _walked(walked: Walked) -> dict[str, Any]:
    return {
        "outcome": walked.outcome,
        "open": list(walked.open),
        "stuck": walked.stuck.to_json() if walked.stuck else None,
        "steps": dict(Counter(trace.element for trace in walked.trail)),
    }


def _trace(step: Trace | None) -> dict[str, str] | None:
    return None if step is None else {"element": step.element, "said": step.said}
