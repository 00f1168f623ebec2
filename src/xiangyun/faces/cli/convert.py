"""`xiangyun convert`: a file drawn for another engine, written in the dialect that runs here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from xiangyun.kernel.bpmn import read_document
from xiangyun.kernel.bpmn.dialects import translated
from xiangyun.kernel.bpmn.markup import serialise
from xiangyun.kernel.dmn.translate import translate_model
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.formspec.dialects import translate_form
from xiangyun.kernel.packfile.change import Change

from .files import Kind, kind_of, no_text
from .folder import LARGEST
from .telling import Failed, WrongUsage, end_refused, help_of, tell


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
    """Write FILE (a process, decision or form of another tool) in the dialect that runs here.

    Ends with 0 when all that was foreign is rewritten, with 1 when something is left to do by hand.
    """
    kind = kind_of(file)
    if kind is None:
        raise WrongUsage(
            Text(
                "{file}：只改写 BPMN、DMN 和表单文件。",
                "{file}: only BPMN, DMN and form files are converted.",
                file=file,
            )
        )
    if file.stat().st_size > LARGEST:
        raise WrongUsage(
            Text("{file}：文件太大，没有读。", "{file}: too large; it was not read.", file=file)
        )
    try:
        text, changes = _REWRITING[kind](file.read_bytes(), file.name)
    except Refused as refused:
        end_refused(refused)
    where = output or file.with_name(f"{file.stem}.converted{file.suffix}")
    if any(change.done for change in changes):
        _write(text, where, force)
    if as_json:
        click.echo(json.dumps(_json(changes, where), ensure_ascii=False), err=str(where) == "-")
    else:
        _print(changes, where)
    raise SystemExit(1 if any(not change.done for change in changes) else 0)


def _process(data: bytes, name: str) -> tuple[str, list[Change]]:
    document = read_document(data, name)
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


def _form(data: bytes, name: str) -> tuple[str, list[Change]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused([no_text(name)]) from problem
    return translate_form(text, name)


_REWRITING: Mapping[Kind, Callable[[bytes, str], tuple[str, list[Change]]]] = {
    "bpmn": _process,
    "dmn": translate_model,
    "form": _form,
}


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
    written = any(change.done for change in changes)
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
    if not written:
        tell(Text("没有写文件。", "No file was written."), err=out)
    elif not out:
        tell(Text("写到 {where}。", "Written to {where}.", where=where))


def _json(changes: list[Change], where: Path) -> dict[str, object]:
    return {
        "written": str(where) if any(c.done for c in changes) else None,
        "changes": [
            {"line": c.line, "done": c.done, "what": {"zh": c.what.zh, "en": c.what.en}}
            for c in changes
        ],
    }
