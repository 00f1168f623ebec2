"""`xiangyun feel`: expressions at the prompt; loads the language alone."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from xiangyun.kernel.feel import (
    DateTime,
    Expression,
    Value,
    from_json,
    parse_expression,
    text_of,
)
from xiangyun.kernel.feel.builtins import BUILTINS
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.worktime.office import office_zone

from .telling import EXIT, Failed, beside, tell, told

try:
    import readline
except ImportError:  # not on every platform; the prompt then has no history
    readline = None  # type: ignore[assignment]

_HISTORY = Path.home() / ".xiangyun_feel_history"


class _Expression(click.Command):
    """A command whose argument may begin with a minus: only its own options are options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        options: list[str] = []
        rest: list[str] = []
        left = iter(args)
        for word in left:
            if word == "--":
                rest += left
            elif word in known and word.startswith("-"):
                options.append(word)
                options += [next(left)] if word == "--context" and len(args) > 1 else []
            elif word.startswith("--") and word.partition("=")[0] in known:
                options.append(word)
            else:
                rest.append(word)
        return super().parse_args(ctx, [*options, "--", *rest])


@click.command(cls=_Expression)
@click.argument("expression", required=False)
@click.option(
    "--context", "context_", type=click.File(encoding="utf-8"), help="Names and values as JSON."
)
def feel(expression: str | None, context_: Any) -> None:
    """Evaluate EXPRESSION, or open a prompt."""
    names = {name: from_json(value) for name, value in context(context_).items()}
    if expression is None:
        _prompt(names)
        return
    try:
        read = parse_expression(expression, names)
    except Refused as refused:
        click.echo(said(refused.findings), err=True)
        raise SystemExit(EXIT[refused.kind]) from None
    _show(read, names)


def _show(expression: Expression, names: dict[str, Value]) -> None:
    explained = expression.explain(names, now())
    click.echo(printable(text_of(explained.value, True)))
    unknown = expression.unknown_names(names)
    for each in unknown:
        found = each.finding()
        click.echo(printable(told(found.message, "! ")), err=True)
        if each.suggestion and found.hint:
            click.echo(printable(told(found.hint, "  ")), err=True)
    for warning in explained.warnings if not unknown else ():
        id = f" {warning.finding().id}" if warning.reason == "budget" else ""
        place = f"! {warning.line}:{warning.column}{id} "
        click.echo(printable(told(warning.message, place)), err=True)


def _prompt(names: dict[str, Value]) -> None:
    """Read, evaluate, print, until end of file or `:q`."""
    tell(
        Text(
            "FEEL（DMN 1.5）  :q 退出  :names 名称", "FEEL (DMN 1.5)  :q quits  :names lists names"
        )
    )
    _prepare_line_editing([*names, *BUILTINS])
    while True:
        try:
            line = input("feel> ").strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            break
        if line == ":q":
            break
        if line == ":names":
            click.echo(", ".join(names) or beside(Text("（无）", "(none)")))
        elif line:
            try:
                _show(parse_expression(line, names), names)
            except Refused as refused:
                click.echo(said(refused.findings), err=True)
    if readline is not None:
        with contextlib.suppress(OSError):
            readline.write_history_file(_HISTORY)


def _prepare_line_editing(words: list[str]) -> None:
    if readline is None:
        return
    with contextlib.suppress(OSError):
        readline.read_history_file(_HISTORY)

    def complete(text: str, state: int) -> str | None:
        return next(
            iter([word for word in words if word.startswith(text)][state : state + 1]), None
        )

    readline.set_completer(complete)
    # Names hold spaces, so only symbols that no name holds part the words.
    readline.set_completer_delims("()[]{},:=<>!")
    readline.parse_and_bind("tab: complete")


def context(file: Any) -> dict[str, Any]:
    """Names and values from a JSON file; empty where none is given."""
    if file is None:
        return {}
    try:
        read = json.load(file, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Failed(
            Text(
                "{name}:{lineno}:{colno}：不是 JSON（{msg}）。",
                "{name}:{lineno}:{colno}: not JSON ({msg}).",
                name=file.name,
                lineno=error.lineno,
                colno=error.colno,
                msg=error.msg,
            )
        ) from None
    except UnicodeDecodeError as error:
        raise Failed(
            Text(
                "{name}：第 {at} 个字节不是 UTF-8 文字。",
                "{name}: byte {at} is not UTF-8 text.",
                name=file.name,
                at=error.start + 1,
            )
        ) from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Failed(
            Text(
                "{name}：不是 JSON（{error}）。",
                "{name}: not JSON ({error}).",
                name=file.name,
                error=str(error),
            )
        ) from None
    if not isinstance(read, dict):
        raise Failed(
            Text(
                "{name}：应当是名称到值的对象。",
                "{name}: must be an object of names and values.",
                name=file.name,
            )
        )
    return read


def _no_constant(name: str) -> None:
    raise ValueError(name)


def printable(text: str) -> str:
    """The text as any terminal can be given it: half characters are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def now() -> DateTime:
    """This moment on the clock of the office, which `now()` and `today()` give."""
    moment: DateTime = from_json(datetime.now(office_zone()))
    return moment


def said(findings: list[Finding]) -> str:
    """Findings as lines."""

    def line(finding: Finding) -> str:
        hint = "\n" + told(finding.hint, "  → ") if finding.hint else ""
        place = str(finding.place or "").lstrip(":")  # at the prompt there is no file
        return told(finding.message, f"{place} {finding.id} ".lstrip()) + hint

    return printable("\n".join(line(finding) for finding in findings))
