"""`xiangyun letters`: what the examples of a service write to people, before it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.pack import Letter, read_pack, rehearse
from xiangyun.kernel.pack.kinds.connector import connectors_in
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.requirement import requirements_in

from .folder import read_folder
from .packpath import PACK
from .packtree import known_around
from .telling import Failed, end_refused, tell

LETTER, MESSAGE, ENTRY = Text("信件", "Letter"), Text("消息", "Message"), Text("日程", "Entry")


@click.command()
@click.argument("pack", type=PACK)
@click.option("--example", default="", help="One example, by the beginning of its file's name.")
def letters(pack: Path, example: str) -> None:
    """Print every letter, message and calendar entry that the examples of PACK write."""
    try:
        read = read_pack(read_folder(pack))
        around = known_around(pack.resolve().parent.parent)
        read = replace(
            read,
            connectors={**connectors_in(around), **read.connectors},
            requirements={**requirements_in(around), **read.requirements},
        )
    except Refused as refused:
        end_refused(refused)
    chosen = [each for each in read.examples if each.key.startswith(example)]
    if not chosen:
        raise Failed(
            Text("没有示例“{example}”。", "There is no example “{example}”.", example=example)
        )
    faults: list[Finding] = []
    for each in chosen:
        made = rehearse(read, each, registers=registers_in(around))
        tell(each.title)
        _print(LETTER, made.letters)
        _print(MESSAGE, made.messages)
        _print(ENTRY, made.entries)
        faults += made.findings
    if faults:
        end_refused(Refused(faults))


def _print(kind: Text, written: Sequence[Letter]) -> None:
    for letter in written:
        said = Text("{kind}：{title}", "{kind}: {title}", kind=kind, title=letter.title)
        tell(said, indent="  ")
        for line in (*letter.body.splitlines(), *([letter.short] if letter.short else [])):
            click.echo(f"    {line}".rstrip())
