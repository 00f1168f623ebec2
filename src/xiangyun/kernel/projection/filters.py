"""Filters over one open table: what pages and programs ask without a statement of their own.

It stands beside `asking` since no filter needs the parser of SQL, which takes ten megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.spelling import did_you_mean

MOST_ROWS: Final = 32_000
"""Rows of an answer: what CKAN gives at most."""
_OPERATORS: Final[Mapping[str, str]] = {
    "eq": "=",
    "ne": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
}
_FILTER: Final = re.compile(r"(?P<name>.+?)(?:__(?P<operator>[a-z]+))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement that may be run, in DuckDB's words, and the tables that it reads."""

    sql: str
    tables: tuple[str, ...]
    parameters: tuple[Any, ...] = ()


def filtered(
    table: str,
    columns: Mapping[str, str],
    filters: Mapping[str, Any],
    *,
    words: str = "",
    sort: str = "",
    fields: Sequence[str] = (),
    distinct: bool = False,
) -> Asked:
    """Rows of one table by filters: `{"place": "220100000000", "cases__gte": 10}`.

    A list stands for several values. `columns`: names with their types; `words` are looked for in
    all texts; `sort`: `cases desc, place`. There is no limit in it. Raises Refused `open.E004` for
    a column that there is not, and `open.E005` for an operator or a value that none is.
    """
    parameters = list[Any]()
    conditions = [_condition(key, value, columns, parameters) for key, value in filters.items()]
    if words.strip():
        texts = [name for name, type_ in columns.items() if type_ in ("text", "string")]
        found = []
        for name in texts:
            parameters.append(f"%{_literally(words.strip())}%")
            found.append(f"{_quoted(name)} ILIKE ? ESCAPE '!'")
        conditions.append(f"({' OR '.join(found)})" if found else "false")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    chosen = ", ".join(_quoted(_known(name, columns)) for name in fields) or "*"
    order = f" ORDER BY {_order(sort, columns)}" if sort.strip() else ""
    sql = f"SELECT {'DISTINCT ' if distinct else ''}{chosen} FROM {_quoted(table)}{where}{order}"
    return Asked(sql, (table,), tuple(parameters))


def _condition(key: str, value: Any, columns: Mapping[str, str], parameters: list[Any]) -> str:
    name, operator = key, "eq"
    if key not in columns and (found := _FILTER.fullmatch(key)) and found["operator"]:
        name, operator = found["name"], found["operator"]
    column = _quoted(_known(name, columns))
    if operator not in _OPERATORS and operator not in ("contains", "starts"):
        raise Refused([_no_operator(operator)])
    values = value if isinstance(value, list) else [value]
    if not values or len(values) > 1000 or any(isinstance(one, (dict, list)) for one in values):
        raise Refused([_no_value(name)])
    if operator in ("contains", "starts"):
        beginning = "" if operator == "starts" else "%"
        parameters.append(f"{beginning}{_literally(str(values[0]))}%")
        return f"CAST({column} AS VARCHAR) ILIKE ? ESCAPE '!'"
    if values == [None] or values == [""]:
        return f"{column} IS {'NOT ' if operator == 'ne' else ''}NULL"
    parameters += [_typed(one, columns[name], name) for one in values]
    if len(values) > 1 and operator in ("eq", "ne"):
        holes = ", ".join("?" * len(values))
        return f"{column} {'NOT ' if operator == 'ne' else ''}IN ({holes})"
    return f"{column} {_OPERATORS[operator]} ?"


def _typed(value: Any, type_: str, name: str) -> Any:
    """A value as the column has them: what cannot be one is refused before the database sees it."""
    text = str(value)
    if type_ == "boolean":
        if text.lower() not in ("true", "false"):
            raise Refused([_no_value(name)])
        return text.lower() == "true"
    if type_ in ("integer", "number"):
        try:
            return int(text) if type_ == "integer" else float(text)
        except ValueError:
            raise Refused([_no_value(name)]) from None
    if type_ == "date" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise Refused([_no_value(name)])
    return text


def _order(sort: str, columns: Mapping[str, str]) -> str:
    parts = []
    for part in sort.split(","):
        name, _, direction = part.strip().partition(" ")
        if name.startswith("-"):
            name, direction = name[1:], "desc"
        if direction.strip().lower() not in ("", "asc", "desc"):
            raise Refused([_no_operator(direction.strip())])
        parts.append(f"{_quoted(_known(name, columns))} {direction.strip().upper()}".strip())
    return ", ".join(parts)


def _known(name: str, columns: Mapping[str, str]) -> str:
    if name not in columns:
        raise Refused([_no_column(name, columns)])
    return name


def _literally(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _no_column(name: str, known: Collection[str]) -> Finding:
    return Finding(
        "open.E004",
        "error",
        Text("没有列“{name}”。", "There is no column “{name}”.", name=name),
        None,
        did_you_mean(name, known),
    )


def _no_operator(name: str) -> Finding:
    return Finding(
        "open.E005",
        "error",
        Text("不认识“{name}”。", "“{name}” is not known.", name=name),
        None,
        Text("可用：{known}。", "There are: {known}.",
             known=[*_OPERATORS, "contains", "starts", "asc", "desc"]),
    )  # fmt: skip


def _no_value(name: str) -> Finding:
    return Finding(
        "open.E005",
        "error",
        Text("“{name}”没有这样的值。", "“{name}” has no such value.", name=name),
    )
