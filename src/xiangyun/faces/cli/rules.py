"""`xiangyun decide`: a rule file at the prompt, with the rows that fired."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from xiangyun.kernel.dmn import Decided, Fired, Model, inputs_from_json, read_model
from xiangyun.kernel.dmn import decide as decide_model
from xiangyun.kernel.feel import text_of, to_json
from xiangyun.kernel.findings import Refused, Text

from .feel import context, now, printable
from .telling import WrongUsage, beside, end_refused, help_of

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--decision",
    help=help_of(
        Text(
            "决策的名称或编号；只有一个时可以不写。",
            "Its name or id; may be left out when there is one.",
        )
    ),
)
@click.option("--input", "input_", type=click.File(encoding="utf-8"), help="JSON; - reads stdin.")
@click.option(
    "--trace",
    is_flag=True,
    help=help_of(Text("说明命中了哪些行、依据什么。", "Say which rows fired and on what basis.")),
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=help_of(Text("全部以 JSON 输出。", "Print everything as JSON.")),
)
def decide(file: Path, decision: str | None, input_: Any, trace: bool, as_json: bool) -> None:
    """Make a decision of the DMN file FILE."""
    try:
        model = read_model(file.read_bytes(), file.name, implicit_inputs=True)
        inputs = inputs_from_json(model, context(input_))
        decided = decide_model(model, decision or _only(model), inputs, now=now())
    except Refused as refused:
        end_refused(refused)
    if as_json:
        click.echo(printable(_json(_decided_json(decided))))
        return
    click.echo(printable(_json(to_json(decided.value))))
    if trace:
        for line in _trace(decided):
            click.echo(printable(line))
    for warning in decided.warnings:
        id = f"{warning.finding().id} " if warning.reason == "budget" else ""
        click.echo(printable(f"! {id}{warning.message}"), err=True)


def _only(model: Model) -> str:
    if len(model.decisions) == 1:
        return model.decisions[0][1]
    names = ", ".join(name for _, name in model.decisions)
    raise WrongUsage(
        Text(
            "请用 --decision 指明决策：{names}。",
            "Say which with --decision: {names}.",
            names=names,
        )
    )


def _trace(decided: Decided) -> Iterable[str]:
    for step in decided.trace:
        yield f"{step.name} = {text_of(step.value, True)}"
        for fired in step.fired:
            row = Text("第 {row} 行", "row {row}", row=fired.row)
            yield f"  {beside(row)}: {' | '.join(fired.conditions)}"
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


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_number)


def _number(value: object) -> float | str:
    """A decimal as a JSON number where that keeps every digit, else as its text."""
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)
