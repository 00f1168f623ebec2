"""Connectors: read with every fault at its line, mapped by FEEL, and answered by their examples."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from xiangyun.kernel.connector import check_connector, read_connector, rehearse_connector
from xiangyun.kernel.connector.bodies import read_body, write_body
from xiangyun.kernel.connector.mapping import doubled, result_of, write
from xiangyun.kernel.connector.model import Connector
from xiangyun.kernel.connector.schema import Schema
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.packfile.yamltext import read_yaml

DAY = date(2026, 4, 9)
BESIDE, RECORD = "beside: {register: y, key: =number}", "record: '={a: beside.b}'"
WHOLE = """\
code: laboratory
name: {zh-Hans: 检测机构, en: Laboratory}
organisation: "91220000MB000005XD"
packs: [a/b]
rights:
  - {basis: 协议, from: 2026-01-01, until: 2026-12-31}
  - {organisation: "12", messages: [found], basis: 协议}
limits: {timeout: PT2S}
sends:
  test:
    name: {zh-Hans: 送检, en: Test}
    body: "={what: what, many: many}"
    order: =what
    schema: {type: object, required: [what], properties: {what: {type: string, maxLength: 3}}}
    answer:
      schema: {type: object, required: [price], properties: {price: {type: number}}}
      result: "={price: price, of: sent.what}"
receives:
  found:
    name: {zh-Hans: 发现, en: Found}
    schema: {type: object, properties: {number: {type: string}}}
    key: =number
    to: {case: found}
examples:
  - {sends: test, given: {what: 水, many: 2}, body: {what: 水, many: 2}, answers: {price: 1.50}}
  - {sends: test, answers: {price: 7}}
  - {receives: found, body: {number: "3"}, key: "3"}
"""


def read(text: str) -> tuple[Connector, list[Finding]]:
    found: list[Finding] = []
    root = read_yaml(text, "connectors/laboratory.yaml", found.append)
    assert root is not None
    connector = read_connector(root, found.append)
    if not found:
        found += check_connector(connector)
    if not found:
        found += rehearse_connector(connector)
    return connector, found


def test_a_connector_is_read_whole_and_its_examples_come_out() -> None:
    connector, found = read(WHOLE)
    assert found == []
    assert connector.limits.timeout.total_seconds() == 2
    assert connector.allows("91220000MB000005XD", "test", DAY)
    assert not connector.allows("91220000MB000005XD", "test", date(2027, 1, 1))
    assert not connector.allows("12", "test", DAY)
    assert connector.allows("12", "found", DAY)


def test_a_message_is_made_of_the_inputs_and_its_answer_mapped_back() -> None:
    connector, _ = read(WHOLE)
    sent = connector.sends["test"]
    written = write(sent, {"what": "水", "many": Decimal(2)}, DAY)
    assert (written.body, written.order) == ({"what": "水", "many": 2}, "水")
    answer = doubled(connector, sent, written.body, key="k", today=DAY)
    result = result_of(sent, written.body, answer, key="k", today=DAY)
    assert result == {"price": Decimal("1.50"), "of": "水"}
    assert doubled(connector, sent, {"what": "土"}, key="k", today=DAY) == {"price": 7}
    with pytest.raises(Refused, match=r"connector\.E010"):
        write(sent, {"what": "水土木火", "many": None}, DAY)
    with pytest.raises(Refused, match=r"connector\.E011"):
        result_of(sent, written.body, {"price": "1.50"}, key="k", today=DAY)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("maxLength: 3", "maximumLength: 3", "connector.E001"),
        ("maxLength: 3", 'pattern: "("', "connector.E002"),
        ("type: string, maxLength", "type: text, maxLength", "connector.E002"),
        ("type: string, maxLength", '$ref: "#/$defs/x", maxLength', "connector.E002"),
        ("to: {case: found}", "to: {reply_to: test}", ""),
        ("key: =number\n    to: {case: found}", "to: {reply_to: test}", "connector.E003"),
        ("to: {case: found}", "to: {reply_to: tested}", "connector.E005"),
        ("to: {case: found}", "to: {case: found, service: x}", "pack.E006"),
        ("to: {case: found}", f"to: {{register: x, {BESIDE}, {RECORD}}}", ""),
        ("to: {case: found}", f"to: {{register: x, {RECORD}}}", "feel.E002"),
        (
            "to: {case: found}",
            f"to: {{register: x, {BESIDE.replace('number', 'none')}, {RECORD}}}",
            "feel.E002",
        ),
        ("messages: [found]", "messages: [lost]", "connector.E005"),
        ("until: 2026-12-31", "until: 2025-12-31", "connector.E006"),
        ("receives: found, body", "receives: lost, body", "connector.E005"),
        ("given: {what: 水, many: 2}", "given: {what: 水}", "connector.E007"),
        ("  - {sends: test, answers: {price: 7}}\n", "", ""),
        ("body: {what: 水, many: 2}", "body: {what: 水}", "connector.E009"),
        ("given: {what: 水,", "given: {what: 水土木火,", "connector.E010"),
        ("answers: {price: 7}", "answers: {cost: 7}", "connector.E011"),
        ('body: {number: "3"}', "body: {number: 3}", "connector.E012"),
        ("of: sent.what", "of: send.what", "feel.E002"),
        ("key: =number", "key: =numbers", "feel.E002"),
        ("timeout: PT2S", "timeout: 2 s", "pack.E006"),
        ("code: laboratory", "code: Laboratory", "pack.E006"),
        ("limits:", "limit:", "pack.E004"),
    ],
)
def test_a_fault_is_named_at_its_line(before: str, after: str, expected: str) -> None:
    assert before in WHOLE
    _, found = read(WHOLE.replace(before, after))
    assert {each.id for each in found} == ({expected} if expected else set())
    assert all(each.place is not None and each.place.line for each in found)


def test_a_message_without_an_example_and_a_connector_without_messages_are_faults() -> None:
    text = WHOLE[: WHOLE.index("examples:")]
    assert [each.id for each in read(text)[1]] == ["connector.E008"]
    assert [each.id for each in read(text[: text.index("sends:")])[1]] == ["connector.E004"]


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer"}, [1, Decimal("2.0")], [True, Decimal("1.5"), "1", None]),
        ({"type": ["string", "null"]}, ["", None], [0, []]),
        ({"enum": [1, "a", None]}, [1, Decimal("1.0"), "a", None], [True, "b", 2]),
        ({"const": {"a": [1]}}, [{"a": [1]}], [{"a": [2]}, {"a": [True]}]),
        ({"minimum": 0, "exclusiveMaximum": 10}, [0, 9, "x"], [-1, 10]),
        ({"multipleOf": Decimal("0.01")}, [Decimal("794958.90")], [Decimal("0.001")]),
        ({"minLength": 2, "maxLength": 3}, ["水土", "水土木", 5], ["水", "水土木火"]),
        ({"pattern": "^[0-9]{2}$"}, ["12", 7], ["1", "123", "12\n"]),
        ({"format": "date"}, ["2024-02-29", 5], ["2026-02-29", "2026-2-1", "20260201"]),
        ({"format": "date-time"}, ["2026-04-09T08:40:00+08:00"], ["2026-04-09T08:40:00", "x"]),
        ({"uniqueItems": True}, [[1, 2], "aa"], [[1, 1], [{"a": 1}, {"a": 1}]]),
        ({"items": {"type": "string"}, "maxItems": 1}, [[], ["a"]], [[1], ["a", "b"]]),
        (
            {"properties": {"a": {}}, "required": ["a"], "additionalProperties": False},
            [{"a": None}, []],
            [{}, {"a": 1, "b": 2}],
        ),
        ({"oneOf": [{"type": "string"}, {"maxLength": 2}]}, ["long"], ["a"]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, ["a", None], [1]),
        ({"not": {"type": "string"}}, [1], ["a"]),
        (
            {
                "$defs": {"t": {"items": {"$ref": "#/$defs/t"}, "type": "array"}},
                "$ref": "#/$defs/t",
            },
            [[], [[]]],
            [[1], "a"],
        ),
    ],
)
def test_a_schema_means_what_the_draft_says(schema: Any, good: list[Any], bad: list[Any]) -> None:
    assert [Schema(schema).problems(value) for value in good] == [[] for _ in good]
    assert [value for value in bad if Schema(schema).fits(value)] == []


def test_numbers_keep_their_digits_and_what_json_does_not_allow_is_refused() -> None:
    body = b'{"price":794958.90,"n":12345678901234567890,"\xe5\x90\x8d":"\xe6\xb0\xb4"}'
    assert write_body(read_body(body)) == body
    for wrong in (
        *(b'{"a":1,"a":2}', b'{"a":NaN}', b'"\\ud800"', b'"\\u0000"', b"\xff", b"{"),
        *(b"[" * 100 + b"]" * 100, b"1" * 100, b"1e999"),
    ):
        with pytest.raises(ValueError, match=r"."):
            read_body(wrong)
