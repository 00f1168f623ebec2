"""What is wrong and what is right in a register: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_REGISTERS = "docs/reference/registers.md"
EXPLAINED: Mapping[str, Explained] = {
    "record.E001": Explained("code: readers in registers/reader.yaml", "code: reader", _REGISTERS),
    "record.E002": Explained(
        "key: number, and no field number",
        "fields: [{name: number, type: text, required: true}]",
        _REGISTERS,
    ),
    "record.E003": Explained(
        "{name: Reader-No, type: text}", "{name: reader_no, type: text}", _REGISTERS
    ),
    "record.E004": Explained(
        "{name: code, …} twice", "{name: code, …} and {name: former_code, …}", _REGISTERS
    ),
    "record.E005": Explained(
        "{name: title, type: text, scale: 2}", "{name: price, type: number, scale: 2}", _REGISTERS
    ),
    "record.E006": Explained(
        "{name: number, type: text, format: id-card}",
        "{name: number, type: text, format: resident-id}",
        _REGISTERS,
    ),
    "record.E007": Explained(
        "{name: state, type: choice, options: []}",
        "{name: state, type: choice, options: [{value: lent, …}, {value: free, …}]}",
        _REGISTERS,
    ),
    "record.E008": Explained(
        "{name: capital, type: number, searched: name}",
        "{name: capital, type: number, searched: number}",
        _REGISTERS,
    ),
    "record.E009": Explained(
        "{name: id_number, sensitive: true, searched: text-start}",
        "{name: id_number, sensitive: true, searched: code}",
        _REGISTERS,
    ),
    "record.E010": Explained(
        "key: note, where note may be absent",
        "key: code, with {name: code, type: text, required: true}",
        _REGISTERS,
    ),
    "record.E011": Explained(
        "laws: []",
        (
            "laws: [{law: {zh-Hans: 《条例》, en: The regulation}, article: 第三条, verified: "
            "false}]"
        ),
        _REGISTERS,
    ),
    "record.E012": Explained(
        'examples: [{data: {code: "1"}, refused: code}], and it is accepted',
        "examples: [{data: {}, refused: code}]",
        _REGISTERS,
    ),
    "record.E013": Explained(
        "examples: []", 'examples: [{data: {code: "1", name: 样书}}]', _REGISTERS
    ),
    "record.E020": Explained("a row without code", "a row with code", _REGISTERS),
    "record.E021": Explained('{"nmae": "样书"}', '{"name": "样书"}', _REGISTERS),
    "record.E022": Explained('{"founded": "yesterday"}', '{"founded": "2026-04-09"}', _REGISTERS),
    "record.E023": Explained('{"price": 9.999} where scale is 2', '{"price": 9.99}', _REGISTERS),
    "record.E024": Explained('{"state": "gone"}', '{"state": "lent"}', _REGISTERS),
    "record.E025": Explained(
        "a text of a million characters", "a shorter one, or a file", _REGISTERS
    ),
    "record.E030": Explained(
        "register.correct with the key of a record that ended",
        "register.lookup first, then register.correct with its key",
        _REGISTERS,
    ),
    "record.E031": Explained(
        "a look-up by a field that thousands of records share",
        "a look-up by the key, or by a code",
        _REGISTERS,
    ),
    "record.W001": Explained(
        "{name: code, type: text}",
        "{name: code, type: text, words: {zh-Hans: 编号, en: Number}}",
        _REGISTERS,
    ),
    "record.W002": Explained(
        "class: sealed, and no field with sensitive: true",
        "{name: id_number, type: text, sensitive: true}",
        _REGISTERS,
    ),
    "record.E018": Explained(
        "programme in a register with readers: [registrar]", "readers: all", _REGISTERS
    ),
    "record.E019": Explained(
        "programme: {title: title, on: starts_at}, a moment", "on: on_day, a date", _REGISTERS
    ),
}
