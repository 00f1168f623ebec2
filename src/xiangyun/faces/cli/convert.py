"""`xiangyun convert`: a file drawn for another engine, written in the dialect that runs here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import click

from xiangyun.kernel.bpmn import read_document
from xiangyun.kernel.bpmn.dialects import translated
from xiangyun.kernel.bpmn.markup import serialise
from xiangyun.kernel.dmn.translate import translate_model
from xiangyun.kernel.findings import Refused, Text

from .files import kind_of
from .folder import LARGEST
from .telling import Failed, WrongUsage, end_refused, help_of, tell


class Change(NamedTuple):
    """Something rewritten or left, with its line."""

    what: Text
    done: bool
    line: int


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help=help_of(Text("写到哪里.", "Where to; - is stdout")),
)
@click.option(
    "--force", is_flag=True, help=help_of(Text("覆盖已有文件.", "Write over a file that is there"))
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=help_of(Text("以 JSON 输出.", "Print the changes as JSON")),
)
def convert(file: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Write FILE (BPMN or DMN of another tool) in the dialect that runs here.

    Ends with 0 when all that was foreign is rewritten, with 1 when something is left to do by hand.
    """
    kind = kind_of(file)
    if kind not in ("bpmn", "dmn"):
        raise WrongUsage(
            Text(
                "{file}：只改写 BPMN 和 DMN 文件。",
                "{file}: only BPMN and DMN files are converted.",
                file=file,
            )
        )
    if file.stat().st_size > LARGEST:
        raise WrongUsage(
            Text("{file}：文件太大，没有读。", "{file}: too large; it was not read.", file=file)
        )
    try:
        text, changes = (_process if kind == "bpmn" else _model)(file)
    except Refused as refused:
        end_refused(refused)
    where = output or file.with_name(f"{file.stem}.converted{file.suffix}")
    if changes:
        _write(text, where, force)
    if as_json:
        click.echo(json.dumps(_json(changes, where), ensure_ascii=False), err=str(where) == "-")
    else:
        _print(changes, where)
    raise SystemExit(1 if any(not change.done for change in changes) else 0)


def _process(file: Path) -> tuple[str, list[Change]]:
    document = read_document(file.read_bytes(), file.name)
    translation = translated(document.page)
    if translation is None:
        return "", []
    changes = [
        Change(
            Text("{word} → {becomes}", "{word} → {becomes}", word=each.word, becomes=each.becomes),
            each.done,
            each.line,
        )
        for each in translation.found
    ]
    return serialise(translation.page), changes


def _model(file: Path) -> tuple[str, list[Change]]:
    text, changes = translate_model(file.read_bytes(), file.name)
    return text, [Change(each.what, each.done, each.line) for each in changes]


def _write(text: str, where: Path, force: bool) -> None:
    if str(where) == "-":
        click.echo(text, nl=False)
        return
    if where.exists() and not force:
        raise Failed(
            Text(
                "{where}：已有这个文件；用 --force 覆盖。",
                "{where} is there already; --force writes over it.",
                where=where,
            )
        )
    where.write_text(text, encoding="utf-8")


def _print(changes: list[Change], where: Path) -> None:
    out = str(where) == "-"  # the file itself goes to stdout then
    if not changes:
        tell(
            Text("没有要改写的，没有写文件。", "There is nothing to rewrite; no file was written."),
            err=out,
        )
        return
    for done in (True, False):
        listed = [change for change in changes if change.done is done]
        if not listed:
            continue
        title = Text("留给人改（{n}）：", "Left to do by hand ({n}):", n=len(listed))
        if done:
            title = Text("已改写（{n}）：", "Rewritten ({n}):", n=len(listed))
        tell(title, err=out)
        for change in listed:
            tell(change.what, err=out, indent=f"  {'✓' if done else '✗'} {change.line}: ")
    if not out:
        tell(Text("写到 {where}。", "Written to {where}.", where=where))


def _json(changes: list[Change], where: Path) -> dict[str, object]:
    return {
        "written": str(where) if changes else None,
        "changes": [
            {"line": c.line, "done": c.done, "what": {"zh": c.what.zh, "en": c.what.en}}
            for c in changes
        ],
    }
