"""A register snapshot as the decisions of a pack want it: the right columns, in the right kinds.

The columns are those of the item definition that types the decisions' input: a person of the
snapshot is what `person` is in one case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from xiangyun.kernel.dmn.items import plain, unrestricted
from xiangyun.kernel.dmn.model import Decision, InputData, LiteralBox, Model, Reference
from xiangyun.kernel.dmn.sql import decision_sql
from xiangyun.kernel.feel import parse_expression
from xiangyun.kernel.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    STRING,
    ContextOf,
    Type,
)
from xiangyun.kernel.findings import Finding, Refused, Text

PARAMETERS = "parameters"
"""The input that holds the figures in force: no column of a snapshot."""
COUNTY = "division // 1000000 * 1000000"
"""The county of a 12-digit code, in SQL."""
_KINDS: dict[Type, str] = {
    NUMBER: "exact number",
    STRING: "text",
    BOOLEAN: "boolean",
    DATE: "date",
}


def columns_asked(model: Model) -> frozenset[str]:
    """The columns of the snapshot that the decisions ask for."""
    return frozenset(column for _, column, _ in inputs(model))


def persons(table: str, columns: Mapping[str, str], model: Model, on: date) -> str:
    """The snapshot as the decisions want it: age on the day, county, and the columns asked for.

    A value that the rules' declared type does not allow becomes null, as it does for one case;
    the rulings rely on it. `table` is SQL for the snapshot, `columns` what it has, with DuckDB's
    types. Raises Refused for columns that are missing or of another kind.
    """
    born = "birth_date" in columns
    asked = {column: unrestricted(type_) for _, column, type_ in inputs(model)}
    kinds = {name: _KINDS[type_] for name, type_ in asked.items() if type_ in _KINDS}
    kinds |= {"person_id": "", "division": "integer"} | ({"birth_date": "date"} if born else {})
    if born:
        kinds.pop("age", None)
    if missing := sorted(kinds.keys() - columns.keys()):
        raise Refused([_lacking(missing, columns)])
    wrong = [
        _other_kind(name, columns[name], kind)
        for name, kind in kinds.items()
        if not _is_kind(columns[name], kind)
    ]
    if wrong:
        raise Refused(wrong)
    taken = ["person_id", "division", f"{COUNTY} AS county"]
    taken += [f'{_guarded(model, name, column)} AS "{column}"' for name, column, _ in inputs(model)]
    if born:
        rest = "* EXCLUDE (age)" if "age" in columns else "*"
        table = f"(SELECT {rest}, {_age('birth_date', on)} AS age FROM {table})"
    return f"SELECT {', '.join(taken)} FROM {table}"


def inputs(model: Model) -> list[tuple[str, str, Type]]:
    """(input, component, type) of what items ask for: all structured inputs but the figures."""
    return [
        (each.name, component, type_)
        for each in model.elements.values()
        if isinstance(each, InputData) and each.name != PARAMETERS
        for component, type_ in _components(each).items()
    ]


def _components(data: InputData) -> Mapping[str, Type]:
    type_ = plain(data.type)
    return type_.entries if isinstance(type_, ContextOf) else {}


def _is_kind(type_: str, kind: str) -> bool:
    """Whether a DuckDB type holds values of a kind; binary fractions are no exact numbers."""
    whole = type_.endswith("INT") or type_.endswith("INTEGER")
    return {
        "": True,
        "integer": whole,
        "exact number": whole or type_.startswith("DECIMAL"),
        "text": type_ == "VARCHAR" or type_.startswith("ENUM"),
        "boolean": type_ == "BOOLEAN",
        "date": type_ == "DATE",
    }[kind]


def unguarded(model: Model) -> Model:
    """The model without the allowed values of its inputs, for columns that `persons` gave."""
    elements = {
        id: replace(
            each, type=ContextOf({n: unrestricted(t) for n, t in _components(each).items()})
        )
        if isinstance(each, InputData) and _components(each)
        else each
        for id, each in model.elements.items()
    }
    return replace(model, elements=elements)


def _guarded(model: Model, name: str, column: str) -> str:
    """A column of the snapshot, null where its declared type does not allow the value."""
    asked = LiteralBox(parse_expression(f"{name}.{column}"))
    data = next(each for each in model.elements.values() if each.name == name)
    decision = Decision("asked", "asked", ANY, (Reference(data.id),), asked)
    single = replace(model, elements={data.id: data, decision.id: decision})
    return decision_sql(single, decision.id, columns={f"{name}.{column}": column})


def _age(birth_date: str, on: date) -> str:
    """Completed years on a day, as FEEL's `years and months duration(birth, on).years` counts."""
    later = f"(month({birth_date}) * 100 + day({birth_date}) > {on.month * 100 + on.day})::INTEGER"
    return f"({on.year} - year({birth_date}) - {later})::SMALLINT"


# Findings ----------------------------------------------------------------------------------------


def _lacking(missing: Collection[str], columns: Collection[str]) -> Finding:
    lacking, given = ", ".join(missing), ", ".join(sorted(columns))
    return Finding(
        "register.E002",
        "error",
        Text(
            "快照缺少这些列：{lacking}。",
            "The snapshot lacks these columns: {lacking}.",
            lacking=lacking,
        ),
        None,
        Text(
            "快照里有：{given}。用 `xiangyun population` 可以生成一份样本。",
            "It has: {given}. `xiangyun population` makes a sample.",
            given=given,
        ),
    )


_KIND_WORDS = {
    "integer": Text("整数", "a whole number"),
    "exact number": Text("整数或 DECIMAL", "a whole number or DECIMAL"),
    "text": Text("文字", "text"),
    "boolean": Text("是或否", "true or false"),
    "date": Text("日期", "a date"),
}


def _other_kind(name: str, type_: str, kind: str) -> Finding:
    words = _KIND_WORDS[kind]
    return Finding(
        "register.E003",
        "error",
        Text(
            "快照的“{name}”列应是{words}，实际是 {type}。",
            "The column “{name}” of the snapshot is {type} where {words} is needed.",
            name=name,
            words=words,
            type=type_,
        ),
        None,
        Text(
            "请在导出快照时转换这一列；金额不要用二进制小数。",
            "Convert it when the snapshot is made; amounts are never binary fractions.",
        ),
    )
