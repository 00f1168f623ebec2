"""From the inputs of a task to a message, from an answer to a result, and the test double.

The same functions serve a rehearsal, the check of examples and a real exchange: what differs is
only who answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xiangyun.kernel.connector.model import (
    KEY,
    MESSAGE,
    RECIPIENT,
    SENDER,
    SENT,
    TODAY,
    Connector,
    ConnectorExample,
    Received,
    Sent,
)
from xiangyun.kernel.connector.readexamples import filled
from xiangyun.kernel.connector.schema import Problem, Schema
from xiangyun.kernel.feel import Value, from_json, to_json
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.formulas import Formula

_MOST = 5
"""So many faults of one message are told."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message that is ready to leave: its body as JSON has it, the key by which a later message
    names it, and what it is in order with; both empty where nothing is said."""

    body: Any
    key: str
    order: str


def inputs_of(sent: Sent, *, in_filters: bool = False) -> frozenset[str]:
    """The names that the formulas of a message take from the inputs of its task.

    Those inside filters, which may be members of elements, only if asked for.
    """
    formulas = (sent.body, sent.key, sent.order)
    used = [
        f.expression.values_read if in_filters else f.expression.values_needed
        for f in formulas
        if f is not None
    ]
    return frozenset().union(*used) - {TODAY}


def write(sent: Sent, inputs: Mapping[str, Value], today: date) -> Written:
    """The message of these inputs. Raises Refused `connector.E010` for one that its schema, which
    the other system relies on, does not allow."""
    context: dict[str, Value] = {TODAY: today, **inputs}
    context.pop(RECIPIENT, None)
    body = to_json(sent.body.value(context)) if sent.body else None
    _refuse(sent.schema, body, "connector.E010", sent.name, sent.place)
    return Written(body, _text(sent.key, context), _text(sent.order, context))


def result_of(sent: Sent, body: Any, answer: Any, *, key: str, today: date) -> Value:
    """What a task gets of an answer; the answer itself where no formula says.

    Raises Refused `connector.E011` for an answer that is not as its schema says.
    """
    _refuse(sent.answer, answer, "connector.E011", sent.name, sent.place)
    if sent.result is None:
        return from_json(answer)
    around = _around(body, key, today) | {MESSAGE: from_json(answer)}
    return sent.result.value({**_fields(answer), **around})


def doubled(connector: Connector, sent: Sent, body: Any, *, key: str, today: date) -> Any:
    """What the other system would answer to a message, by the examples.

    It is the first example of which this very message is made, or else the first that says nothing
    of inputs, or else the first.
    """
    own = [e for e in connector.examples if e.message == sent.name and not e.incoming]
    exact = (e for e in own if e.given and _is_made_of(e, sent, body, today))
    general = (e for e in own if not e.given)
    example = next(exact, None) or next(general, None) or (own[0] if own else None)
    return answered(example, body, key=key, today=today) if example is not None else None


def answered(example: ConnectorExample, body: Any, *, key: str, today: date) -> Any:
    """The answer of an example with its formulas worked out, as JSON has it."""
    around = {**_fields(body), **_around(body, key, today)}
    made = {at: to_json(formula.value(around)) for at, formula in example.formulas.items()}
    return filled(example.answers, made)


def context_of(body: Any, today: date, key: str = "", sender: str = "") -> dict[str, Value]:
    """What formulas see of a message that came: its fields, `message`, the whole, and `sender`, the
    organisation whose key signed it, whatever the message itself says."""
    around = {MESSAGE: from_json(body), TODAY: today, KEY: key, SENDER: sender}
    return {**_fields(body), **around}


def refuse_message(received: Received, body: Any) -> None:
    """Raises Refused `connector.E012` for a message that is not as its schema says."""
    _refuse(received.schema, body, "connector.E012", received.name, received.place)


def text_of(formula: Formula | None, context: Mapping[str, Value]) -> str:
    """The value of a formula as a word by which something is found; empty for null."""
    return _text(formula, context)


def _is_made_of(example: ConnectorExample, sent: Sent, body: Any, today: date) -> bool:
    given = {name: from_json(value) for name, value in example.given.items()}
    try:
        return bool(write(sent, given, today).body == body)
    except Refused:
        return False


def _around(body: Any, key: str, today: date) -> dict[str, Value]:
    return {SENT: from_json(body), KEY: key, TODAY: today}


def _fields(value: Any) -> dict[str, Value]:
    return {k: from_json(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _text(formula: Formula | None, context: Mapping[str, Value]) -> str:
    value = formula.value(dict(context)) if formula is not None else None
    found = to_json(value)
    return "" if found is None else str(found)


def _refuse(schema: Schema, value: Any, id: str, name: str, place: Place) -> None:
    if problems := schema.problems(value):
        raise Refused([_unfit(id, name, each, place) for each in problems[:_MOST]])


def _unfit(id: str, name: str, problem: Problem, place: Place) -> Finding:
    said = {
        "connector.E010": Text("要发出的报文“{name}”不合模式。{problem}",
                               "The message “{name}” does not fit its schema: {problem}.",
                               name=name, problem=problem.text()),
        "connector.E011": Text("对“{name}”的答复不合模式。{problem}",
                               "The answer to “{name}” does not fit its schema: {problem}.",
                               name=name, problem=problem.text()),
        "connector.E012": Text("收到的报文“{name}”不合模式。{problem}",
                               "The message “{name}” that came does not fit its schema: {problem}.",
                               name=name, problem=problem.text()),
    }  # fmt: skip
    hint = Text(
        "请对照连接器文件里的 schema。", "Compare it with `schema` in the connector’s file."
    )
    return Finding(id, "error", said[id], place, hint)
