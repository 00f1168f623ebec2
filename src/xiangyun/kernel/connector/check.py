"""A connector by itself: do its formulas know their names, and do its examples come out?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from xiangyun.kernel.connector.mapping import (
    answered,
    context_of,
    inputs_of,
    refuse_message,
    result_of,
    text_of,
    write,
)
from xiangyun.kernel.connector.model import (
    KEY,
    MESSAGE,
    SENDER,
    SENT,
    TODAY,
    Beside,
    Connector,
    ConnectorExample,
    Received,
    Sent,
    ToForm,
    ToRead,
    ToRegister,
    ToService,
    ToTask,
)
from xiangyun.kernel.connector.reader import names_of
from xiangyun.kernel.feel import from_json, to_json
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.formulas import Formula

_ANY_DAY = date(2024, 2, 29)
_KEY = "00000000-0000-4000-8000-000000000001"
RESULT, CASE, RECORD = "result", "case_number", "record"
"""What an answer to a message that came may say: what a formula made of it, the case, and what was
read of a register."""
BESIDE = "beside"
"""What the formula of a record sees of the record `beside` it."""


def check_connector(connector: Connector) -> Iterator[Finding]:
    """All that is wrong with a connector by itself; examples are walked by `rehearse_connector`."""
    for sent in connector.sends.values():
        names = {SENT, KEY, TODAY, MESSAGE, *names_of(sent.answer)}
        yield from _unknown(sent.result, names)
        if not any(e.message == sent.name and not e.incoming for e in connector.examples):
            yield _no_example(sent)
    for received in connector.receives.values():
        yield from _of_received(connector, received)
    for example in connector.examples:
        known = connector.receives if example.incoming else connector.sends
        if example.message not in known:
            kind = Text("报文", "message")
            yield unknown("connector.E005", kind, example.message, known, example.place)
            continue
        if not example.incoming:
            names = {SENT, KEY, TODAY, *names_of(connector.sends[example.message].schema)}
            for formula in example.formulas.values():
                yield from _unknown(formula, names)
    for right in connector.rights:
        if right.first and right.last and right.last < right.first:
            yield fault(
                "connector.E006",
                Text("授权的截止早于开始。", "A right ends before it begins."),
                right.place,
                Text("请检查 from 和 until。", "Look at `from` and `until`."),
            )
        for name in right.messages:
            messages = {*connector.sends, *connector.receives}
            if name not in messages:
                kind = Text("报文", "message")
                yield unknown("connector.E005", kind, name, messages, right.place)


def _of_received(connector: Connector, received: Received) -> Iterator[Finding]:
    names = {MESSAGE, TODAY, KEY, SENDER, *names_of(received.schema)}
    formulas = [received.key, received.series, received.number, received.payload]
    formulas += [received.files, received.files_case]
    match received.to:
        case ToForm(action=action, answers=answers):
            formulas += [action, *answers.values()]
        case ToRegister(record=record, beside=None):
            formulas.append(record)
        case ToRegister(record=record, beside=Beside(key=key)):
            formulas.append(key)
            yield from _unknown(record, {*names, BESIDE})
        case ToService(answers=answers, place=place, subject=subject, basic_code=code):
            formulas += [*answers.values(), place, subject, code]
        case ToTask(sent=sent) if sent not in connector.sends:
            kind = Text("发出的报文", "message that is sent")
            yield unknown("connector.E005", kind, sent, connector.sends, received.place)
    for formula in formulas:
        yield from _unknown(formula, names)
    found = {RECORD} if isinstance(received.to, ToRead) else set()
    yield from _unknown(received.answer, {*names, *found, RESULT, CASE})


def _unknown(formula: Formula | None, names: Collection[str]) -> Iterator[Finding]:
    if formula is not None:
        yield from formula.unknown(names)


def rehearse_connector(connector: Connector) -> Iterator[Finding]:
    """How the examples come out: message and answer fit their schemas and are as they say."""
    for example in connector.examples:
        try:
            if example.incoming:
                yield from _incoming(connector.receives[example.message], example)
            else:
                yield from _outgoing(connector.sends[example.message], example)
        except Refused as refused:
            for found in refused.findings:
                yield Finding(found.id, found.severity, found.message, example.place, found.hint)


def _outgoing(sent: Sent, example: ConnectorExample) -> Iterator[Finding]:
    given = {name: from_json(value) for name, value in example.given.items()}
    body = example.body
    if given or not inputs_of(sent):
        if missing := sorted(inputs_of(sent) - given.keys()):
            for name in missing:
                kind = Text("输入", "input")
                yield unknown("connector.E007", kind, name, given, example.place)
            return
        written = write(sent, given, _ANY_DAY)
        if body is not None and written.body != body:
            yield _other(example, "body", written.body)
        body = written.body
    elif body is not None:
        for each in sent.schema.problems(body):
            yield fault("connector.E010", each.text(), example.place)
    answer = answered(example, body, key=_KEY, today=_ANY_DAY)
    result = to_json(result_of(sent, body, answer, key=_KEY, today=_ANY_DAY))
    if example.result is not None and result != example.result:
        yield _other(example, "result", result)


def _incoming(received: Received, example: ConnectorExample) -> Iterator[Finding]:
    refuse_message(received, example.body)
    key = text_of(received.key, context_of(example.body, _ANY_DAY))
    if example.key and key != example.key:
        yield _other(example, "key", key)


def _no_example(sent: Sent) -> Finding:
    return fault(
        "connector.E008",
        Text(
            "报文“{name}”没有样例，演练时没有谁来答复。",
            "The message “{name}” has no example: nobody answers in a rehearsal.",
            name=sent.name,
        ),
        sent.place,
        Text(
            "请在 examples 里写一个：sends、given、answers。",
            "Write one in `examples`: `sends`, `given`, `answers`.",
        ),
    )


def _other(example: ConnectorExample, what: str, found: object) -> Finding:
    return fault(
        "connector.E009",
        Text(
            "样例里的 {what} 不对，实际是 {found}。",
            "The example’s `{what}` is another: it comes out as {found}.",
            what=what,
            found=str(found),
        ),
        example.place,
        Text("请改样例，或者改公式。", "Change the example, or the formula."),
    )
