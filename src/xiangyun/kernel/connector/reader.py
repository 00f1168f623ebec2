"""Reading connectors/*.yaml, with every fault named by its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any

from xiangyun.kernel.bpmn.times import parse_duration
from xiangyun.kernel.connector.model import (
    COMES,
    KEY,
    MESSAGE,
    SENT,
    TODAY,
    TRANSPORTS,
    WITHOUT_ADDRESS,
    Beside,
    Breaker,
    Connector,
    Limits,
    Received,
    Retry,
    Right,
    Sent,
    Target,
    ToCase,
    ToForm,
    ToRead,
    ToRegister,
    ToService,
    ToTask,
)
from xiangyun.kernel.connector.readexamples import read_examples
from xiangyun.kernel.connector.schema import Schema, read_schema
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole, wrong_kind
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.yamltext import Node, Report

_CODE = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_PATH = re.compile(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*")
ANYTHING = Schema(True)
WRITTEN = {
    "code": "ledger_office",
    "organisation": '"11220000MB0000001X"',
    "packs": "[area/service]",
    "rights": "[{basis: 《协议》第二条, verified: false}]",
    "body": "={company: name}",
    "schema": "{type: object, required: [company], properties: {company: {type: string}}}",
    "answer": "{schema: {type: object}, result: =message}",
    "to": "{case: company_struck_off}",
    "key": "=company",
}
_TO = ("case", "reply_to", "task", "register", "read", "service", "basic_code")


def read_connector(root: Node, report: Report) -> Connector:
    """The connector of a file; where it has faults, as far as it could be read."""
    f = Fields(root, report, examples=WRITTEN)
    code = _code(f)
    found = Connector(
        code=code,
        words=f.words("name"),
        organisation=f.string("organisation", required=False),
        packs=f.strings("packs"),
        transport=_one(f, "transport", TRANSPORTS),
        without_address=_one(f, "without_address", WITHOUT_ADDRESS),
        rights=tuple(_rights(f)),
        limits=_limits(f),
        retry=_retry(f),
        breaker=_breaker(f),
        sends={key: _sent(key, inner) for key, inner in _named(f, "sends")},
        receives={key: _received(key, inner) for key, inner in _named(f, "receives")},
        examples=read_examples(f),
        place=root.place,
    )
    f.done()
    if not found.sends and not found.receives:
        report(_nothing(f))
    return found


def _code(f: Fields) -> str:
    found = f.string("code")
    if found and not _CODE.fullmatch(found):
        wanted = Text("小写字母、数字和短横线", "small letters, digits and dashes")
        f.report(wrong_kind("code", f.node.get("code") or f.node, wanted))
        return ""
    return found


def _one(f: Fields, key: str, values: Collection[str]) -> Any:
    """One of some words; the first where none is said."""
    return f.one_of(key, values) if f.has(key) else next(iter(values))


def _rights(f: Fields) -> Iterator[Right]:
    for node in f.each("rights"):
        inner = Fields(node, f.report, "rights", WRITTEN)
        right = Right(
            organisation=inner.string("organisation", required=False)
            or f.string("organisation", required=False),
            messages=inner.strings("messages", required=False),
            basis=inner.string("basis"),
            verified=inner.boolean("verified", default=False),
            first=inner.day("from", required=False),
            last=inner.day("until", required=False),
            place=node.place,
        )
        inner.done()
        yield right


def _limits(f: Fields) -> Limits:
    inner, usual = f.section("limits", required=False), Limits()
    if inner is None:
        return usual
    found = Limits(
        per_minute=_count(inner, "per_minute", usual.per_minute),
        at_once=_count(inner, "at_once", usual.at_once),
        most_bytes=_count(inner, "bytes", usual.most_bytes),
        timeout=_span(inner, "timeout", usual.timeout),
    )
    inner.done()
    return found


def _retry(f: Fields) -> Retry:
    inner, usual = f.section("retry", required=False), Retry()
    if inner is None:
        return usual
    found = Retry(
        attempts=_count(inner, "attempts", usual.attempts),
        first=_span(inner, "first", usual.first),
        most=_span(inner, "most", usual.most),
    )
    inner.done()
    return found


def _breaker(f: Fields) -> Breaker:
    inner, usual = f.section("breaker", required=False), Breaker()
    if inner is None:
        return usual
    found = Breaker(
        after=_count(inner, "after", usual.after), rest=_span(inner, "rest", usual.rest)
    )
    inner.done()
    return found


def _count(f: Fields, key: str, usual: int) -> int:
    if not f.has(key):
        return usual
    found = whole(f, key)
    if found < 1:
        f.report(wrong_kind(key, f.node.get(key) or f.node, Text("正整数", "a number above 0")))
        return usual
    return found


def _span(f: Fields, key: str, usual: timedelta) -> timedelta:
    if not f.has(key):
        return usual
    written = f.string(key)
    duration = parse_duration(written)
    if duration is None or duration.months or duration.span <= timedelta(0):
        wanted = Text("时长，如 PT10S", "a time such as PT10S")
        f.report(wrong_kind(key, f.node.get(key) or f.node, wanted))
        return usual
    return duration.span


def _named(f: Fields, key: str) -> Iterator[tuple[str, Fields]]:
    """The messages of one direction, by their names."""
    section = f.section(key, required=False)
    for name, node in section.node.items() if section else ():
        if not _CODE.fullmatch(name):
            wanted = Text("小写字母、数字和短横线", "small letters, digits and dashes")
            f.report(wrong_kind(name, node, wanted))
            continue
        yield name, Fields(node, f.report, name, WRITTEN)


def _sent(name: str, f: Fields) -> Sent:
    answer = f.section("answer", required=False)
    found = Sent(
        name=name,
        words=f.words("name"),
        schema=_schema(f),
        body=_formula(f, "body"),
        key=_formula(f, "key", required=False),
        order=_formula(f, "order", required=False),
        answer=_schema(answer, required=False) if answer else ANYTHING,
        result=_formula(answer, "result", required=False) if answer else None,
        comes=_one(answer, "comes", COMES) if answer else "at once",
        path=_path(f),
        place=f.node.place,
    )
    if answer is not None:
        answer.done()
    f.done()
    return found


def _path(f: Fields) -> str:
    found = f.string("path", required=False)
    if found and (not _PATH.fullmatch(found) or ".." in found.split("/")):
        wanted = Text("地址下的路径，如 v1/companies", "a path such as v1/companies")
        f.report(wrong_kind("path", f.node.get("path") or f.node, wanted))
        return ""
    return found


def _received(name: str, f: Fields) -> Received:
    found = Received(
        name=name,
        words=f.words("name"),
        schema=_schema(f),
        key=_formula(f, "key", required=False),
        series=_formula(f, "series", required=False),
        number=_formula(f, "number", required=False),
        to=_target(f),
        payload=_formula(f, "payload", required=False),
        answer=_formula(f, "answer", required=False),
        place=f.node.place,
        files=_formula(f, "files", required=False),
        files_case=_formula(f, "files_case", required=False),
    )
    if found.key is None and isinstance(found.to, ToTask | ToForm | ToRead):
        f.report(_no_key(f))
    f.done()
    return found


def _target(f: Fields) -> Target:
    section = f.section("to")
    if section is None:
        return ToCase("")
    said = [key for key in _TO if section.has(key)]
    found: Target = ToCase("")
    if len(said) != 1:
        wanted = Text("{keys}之一", "one of {keys}", keys=list(_TO))
        f.report(wrong_kind("to", section.node, wanted))
        return found
    match said[0]:
        case "case":
            found = ToCase(section.string("case"))
        case "reply_to":
            found = ToTask(section.string("reply_to"))
        case "task":
            action = _formula(section, "action")
            element = section.string("task")
            if action is not None:
                found = ToForm(element, action, dict(_formulas(section, "answers")))
        case "register":
            record, beside = _formula(section, "record"), _beside(section)
            if record is not None:
                found = ToRegister(section.string("register"), record, beside)
        case "read":
            found = ToRead(section.string("read"))
        case "service" | "basic_code":
            by_code = said[0] == "basic_code"
            found = ToService(
                "" if by_code else section.string("service"),
                dict(_formulas(section, "answers")),
                _formula(section, "place", required=False),
                _formula(section, "subject", required=False),
                _formula(section, "basic_code") if by_code else None,
            )
    section.done()
    return found


def _beside(f: Fields) -> Beside | None:
    section = f.section("beside", required=False)
    if section is None:
        return None
    register, key = section.string("register"), _formula(section, "key")
    section.done()
    return Beside(register, key) if key is not None else None


def _formulas(f: Fields, key: str) -> Iterator[tuple[str, Formula]]:
    section = f.section(key, required=False)
    for name, node in section.node.items() if section else ():
        if (formula := node_formula(node, f.report)) is not None:
            yield name, formula


def _formula(f: Fields, key: str, required: bool = True) -> Formula | None:
    node = f.take(key, required)
    return node_formula(node, f.report) if node is not None else None


def _schema(f: Fields, required: bool = True) -> Schema:
    node = f.take("schema", required)
    return read_schema(node, f.report) if node is not None else ANYTHING


def names_of(schema: Schema) -> Mapping[str, Any]:
    """The properties that a schema of an object names; formulas see them as variables."""
    says = schema.says
    if isinstance(says, dict) and "$ref" in says and isinstance(says.get("$defs"), dict):
        says = says["$defs"].get(str(says["$ref"]).removeprefix("#/$defs/"), {})
    found = says.get("properties") if isinstance(says, dict) else None
    return found if isinstance(found, dict) else {}


OF_ANSWER = (SENT, MESSAGE, TODAY, KEY)


def _no_key(f: Fields) -> Finding:
    return fault(
        "connector.E003",
        Text(
            "“{name}”没有写 key，不知道是给谁的。",
            "“{name}” has no `key`: nobody knows whom it is for.",
            name=f.name,
        ),
        f.node.place,
        Text("请加上 key，例如 key: =case_number。", "Add one, such as `key: =case_number`."),
    )


def _nothing(f: Fields) -> Finding:
    return fault(
        "connector.E004",
        Text("既不发出也不接收任何报文。", "It neither sends nor receives anything."),
        f.node.place,
        Text("请写 sends 或者 receives。", "Write `sends` or `receives`."),
    )
