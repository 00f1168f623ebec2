"""`xiangyun decide` and `xiangyun feel`: rules and expressions at the prompt."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from xiangyun.kernel.dmn import Decided, Fired, Model, inputs_from_json, read_model
from xiangyun.kernel.dmn import decide as decide_model
from xiangyun.kernel.feel import (
    DateTime,
    Expression,
    Value,
    from_json,
    parse_expression,
    text_of,
    to_json,
)
from xiangyun.kernel.feel.builtins import BUILTINS
from xiangyun.kernel.findings import Finding, Refused

try:
    import readline
except ImportError:  # not on every platform; the prompt then has no history
    readline = None  # type: ignore[assignment]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_HISTORY = Path.home() / ".xiangyun_feel_history"


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--decision", help="Its name or id; may be left out when there is one / 决策名称或编号."
)
@click.option("--input", "input_", type=click.File(encoding="utf-8"), help="JSON; - reads stdin.")
@click.option("--trace", is_flag=True, help="Say which rows fired and on what basis / 说明依据.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON / 以 JSON 输出.")
def decide(file: Path, decision: str | None, input_: Any, trace: bool, as_json: bool) -> None:
    """Make a decision of the DMN file FILE / 用规则文件作一次决策."""
    try:
        model = read_model(file.read_bytes(), file.name)
        inputs = inputs_from_json(model, _context(input_))
        decided = decide_model(model, decision or _only(model), inputs, now=_now())
    except Refused as refused:
        raise click.ClickException(_said(refused.findings)) from None
    if as_json:
        click.echo(_json(_decided_json(decided)))
        return
    click.echo(_json(to_json(decided.value)))
    if trace:
        for line in _trace(decided):
            click.echo(line)
    for warning in decided.warnings:
        click.echo(f"! {warning.message}", err=True)


def _only(model: Model) -> str:
    if len(model.decisions) == 1:
        return model.decisions[0][1]
    names = ", ".join(name for _, name in model.decisions)
    raise click.UsageError(f"请用 --decision 指明决策 / say which with --decision: {names}")


def _trace(decided: Decided) -> Iterable[str]:
    for step in decided.trace:
        yield f"{step.name} = {text_of(step.value, True)}"
        for fired in step.fired:
            yield f"  第 {fired.row} 行 / row {fired.row}: {' | '.join(fired.conditions)}"
            for title, note in fired.annotations.items():
                yield f"    {title}: {note}"


def _decided_json(decided: Decided) -> dict[str, Any]:
    def fired_json(fired: Fired) -> dict[str, Any]:
        return {
            "row": fired.row,
            "row_id": fired.row_id,
            "annotations": fired.annotations,
            "conditions": fired.conditions,
            "outputs": to_json(fired.outputs),
        }

    steps = [
        {
            "decision": step.name,
            "inputs": to_json(step.inputs),
            "fired": [fired_json(each) for each in step.fired],
            "value": to_json(step.value),
        }
        for step in decided.trace
    ]
    warnings = [{"zh": w.message.zh, "en": w.message.en} for w in decided.warnings]
    return {"value": to_json(decided.value), "trace": steps, "warnings": warnings}


@click.command()
@click.argument("expression", required=False)
@click.option("--context", type=click.File(encoding="utf-8"), help="Names and values as JSON.")
def feel(expression: str | None, context: Any) -> None:
    """Evaluate EXPRESSION, or open a prompt / 计算 FEEL 表达式."""
    names = {name: from_json(value) for name, value in _context(context).items()}
    if expression is None:
        _prompt(names)
        return
    try:
        read = parse_expression(expression, names)
    except Refused as refused:
        raise click.ClickException(_said(refused.findings)) from None
    _show(read, names)


def _show(expression: Expression, names: dict[str, Value]) -> None:
    explained = expression.explain(names, _now())
    click.echo(text_of(explained.value, True))
    unknown = expression.unknown_names(names)
    for each in unknown:
        click.echo(f"! {each.finding().message}", err=True)
        if each.suggestion:
            click.echo(f"  是不是 / did you mean “{each.suggestion}”?", err=True)
    for warning in explained.warnings if not unknown else ():
        click.echo(f"! {warning.line}:{warning.column} {warning.message}", err=True)


def _prompt(names: dict[str, Value]) -> None:
    """Read, evaluate, print, until end of file or `:q`."""
    click.echo("FEEL (DMN 1.5)  :q 退出 / quits  :names 名称 / names")
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
            click.echo(", ".join(names) or "(无 / none)")
        elif line:
            try:
                _show(parse_expression(line, names), names)
            except Refused as refused:
                click.echo(_said(refused.findings), err=True)
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


def _context(file: Any) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        read = json.load(file, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise click.ClickException(
            f"{file.name}:{error.lineno}:{error.colno}: 不是 JSON / not JSON: {error.msg}"
        ) from None
    if not isinstance(read, dict):
        raise click.ClickException(
            f"{file.name}: 应当是名称到值的对象 / must be an object of names and values"
        )
    return read


def _now() -> DateTime:
    moment: DateTime = from_json(datetime.now().astimezone())
    return moment


def _said(findings: list[Finding]) -> str:
    def line(finding: Finding) -> str:
        hint = f"\n  → {finding.hint}" if finding.hint else ""
        place = str(finding.place or "").lstrip(":")  # at the prompt there is no file
        return f"{place} {finding.id} {finding.message}{hint}".strip()

    return "\n".join(line(finding) for finding in findings)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_number)


def _number(value: object) -> float | str:
    """A decimal as a JSON number where that keeps every digit, else as its text."""
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)
