"""`xiangyun resume`: a resume diagnosed and improved, without network and without keeping it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from xiangyun.adapters import documents, resumes
from xiangyun.adapters.wordlists import word_rules
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.wording import (
    Change,
    Diagnosis,
    Line,
    WordRules,
    apply,
    asked_by,
    changes,
    diagnose,
    lines_of,
    numbered,
    to_json_resume,
)
from xiangyun.kernel.wording.proposing import asked_lines, with_proposals
from xiangyun.kernel.worktime.office import office_zone

from .feel import printable
from .telling import WrongUsage, end_refused, help_of, tell

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_POST = click.option(
    "--post",
    type=_FILE,
    help=help_of(Text("岗位要求的文件，同样的格式。", "What a post asks for, in a file likewise.")),
)
_ON = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help=help_of(Text("按这一天看；不写就是今天。", "Look as on this day; today, if left out.")),
)
_JSON = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=help_of(Text("全部以 JSON 输出。", "Print everything as JSON.")),
)
_WRITTEN = Text("写成文件：.pdf .docx .json .md", "Write it: .pdf .docx .json .md")
_LAYOUT = click.option("--layout", type=click.Choice(resumes.LAYOUTS), default=resumes.LAYOUTS[0])


@click.group()
def resume() -> None:
    """Diagnose a resume, propose changes with their reasons, write it anew. Nothing is kept."""


@resume.command("diagnose")
@click.argument("file", type=_FILE)
@_POST
@_ON
@_JSON
def diagnose_command(file: Path, post: Path | None, on: datetime | None, as_json: bool) -> None:
    """Say what is wrong in the resume FILE (PDF, DOCX, Markdown, JSON Resume, text), and why."""
    _, found, _ = _diagnosed(file, post, on)
    if as_json:
        click.echo(printable(json.dumps(found.to_json(), ensure_ascii=False, indent=1)))
        return
    for remark in found.remarks:
        cited = f"{remark.text[:40]}…" if len(remark.text) > 40 else remark.text
        click.echo(printable(f"{remark.place:>8}  {remark.id}  {cited}"))
        tell(remark.reason)
        tell(remark.suggestion, indent="  → ")
    for each in found.unchecked:
        tell(Text("没有检查：{what}。{why}", "Not looked at: {what}. {why}",
                  what=each.words, why=each.why))  # fmt: skip
    tell(
        Text(
            "{n}处可改；在检查过的范围内得 {score} 分（满分 100）。",
            "{n} {n|finding|findings}; {score} of 100 over what was looked at.",
            n=len(found.remarks),
            score=found.score,
        )
    )


@resume.command("improve")
@click.argument("file", type=_FILE)
@_POST
@_ON
@_JSON
@_LAYOUT
@click.option("--accept", help=help_of(Text("接受的序号，如 1,3；all 为全部。",
                                             "The numbers accepted, 1,3; or all.")))  # fmt: skip
@click.option("--output", type=_OUT, help=help_of(_WRITTEN))
@click.option(
    "--model",
    "ask_model",
    is_flag=True,
    help=help_of(
        Text(
            "也问设置里的语言模型；经历和项目的文字会发给它。",
            "Ask the language model of the settings too; it is sent experience and projects.",
        )
    ),
)
def improve_command(
    file: Path,
    post: Path | None,
    on: datetime | None,
    as_json: bool,
    layout: str,
    accept: str | None,
    output: Path | None,
    ask_model: bool,
) -> None:
    """Propose changes of the resume FILE, each with its reason; write those that are accepted."""
    text, found, rules = _diagnosed(file, post, on, file_is_changed=True)
    proposed = changes(found, rules)
    if ask_model:
        proposed = _asked_of_model(proposed, found, rules)
    if as_json:
        told = {"changes": [each.to_json() for each in proposed]}
        click.echo(printable(json.dumps(told, ensure_ascii=False, indent=1)))
    else:
        for each in proposed:
            click.echo(printable(f"{each.number:>3}  {each.place}  {each.before} → {each.after}"))
            tell(each.reason)
        if not proposed:
            tell(Text("没有可以代您改的。", "There is nothing that could be changed for you."))
    if output is not None:
        _write(output, _accepted(text, proposed, accept), layout, rules, on)


def _diagnosed(
    file: Path, post: Path | None, on: datetime | None, *, file_is_changed: bool = False
) -> tuple[str, Diagnosis, WordRules]:
    moment = on or datetime.now(office_zone())
    try:
        rules = word_rules("jobs/resume-lab:resume")
        text, lines = documents.read(file.read_bytes())
        if file_is_changed:
            text = documents.as_text(file.read_bytes())
            lines = lines_of(text)
        asked = asked_by(documents.read(post.read_bytes())[1], rules) if post else None
    except Refused as refused:
        end_refused(refused)
    return text, diagnose(lines, rules, numbered(moment.year, moment.month), asked), rules


def _asked_of_model(proposed: list[Change], found: Diagnosis, rules: WordRules) -> list[Change]:
    # Only who asks for it waits until an HTTP client is loaded.
    from xiangyun.adapters.languagemodel import language_model  # noqa: PLC0415 - an HTTP client, which few need

    model = language_model()
    if model is None:
        raise WrongUsage(
            Text(
                "没有设置语言模型（XIANGYUN_MODEL）。", "No language model is set (XIANGYUN_MODEL)."
            )
        )
    try:
        return with_proposals(proposed, model.propose(asked_lines(found)), found, rules)
    except Refused as refused:
        end_refused(refused)


def _accepted(text: str, proposed: list[Change], accept: str | None) -> str:
    if accept is None:
        return text
    wanted = {each.strip() for each in accept.split(",")}
    numbers = {str(each.number) for each in proposed}
    if "all" not in wanted and (unknown := sorted(wanted - numbers)):
        raise WrongUsage(
            Text("没有序号为{unknown}的修改。", "There is no change {unknown}.", unknown=unknown)
        )
    return apply(text, [e for e in proposed if "all" in wanted or str(e.number) in wanted])


def _write(output: Path, text: str, layout: str, rules: WordRules, on: datetime | None) -> None:
    moment = on or datetime.now(office_zone())
    lines: list[Line] = lines_of(text)
    read = diagnose(lines, rules, numbered(moment.year, moment.month)).resume
    kind = output.suffix.casefold()
    try:
        if kind == ".json":
            made = json.dumps(to_json_resume(read), ensure_ascii=False, indent=1).encode()
        elif kind == ".pdf":
            made = resumes.pdf(read, layout)
        elif kind == ".docx":
            made = resumes.docx(read)
        elif kind in (".md", ".txt"):
            made = text.encode()
        else:
            raise WrongUsage(
                Text("不认识的格式 {kind}。", "{kind} is not known here.", kind=kind or output.name)
            )
    except Refused as refused:
        end_refused(refused)
    output.write_bytes(made)
    tell(Text("已写入 {file}。", "Written to {file}.", file=str(output)))
