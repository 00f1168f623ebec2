"""Rows of several tables that hang on one thing, read by one statement.

Each statement costs a turn to the database and more time to put together than its answer takes; a
page of one case asks nine tables. PostgreSQL gives each table's rows as one JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from .planned import planned

Read = Callable[[Any], Any]
_READ: dict[str, Read] = {
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "UUIDField": UUID,
    "DecimalField": Decimal,
    "BinaryField": lambda text: bytes.fromhex(text[2:]),
}
"""What becomes of JSON's texts; numbers, texts, truth values and lists of texts stay."""


_NO_EXPRESSION = models.Value(None)
"""What a JSON field asks for, which it looks at only for paths into it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a model whose column `of` has one value, in an order, without some columns.

    `where` is a further condition, beside row-level security.
    """

    model: type[models.Model]
    order: tuple[str, ...]
    of: str = "case_id"
    without: tuple[str, ...] = ()
    where: str = ""


def together(asked: Sequence[Rows], value: UUID | int | str) -> list[list[Any]]:
    """The rows of each of `asked` that hang on this value, as row-level security shows them."""
    statement = _statement(tuple(asked))
    with planned(), connection.cursor() as cursor:
        cursor.execute(statement, [value] * len(asked))
        found = cursor.fetchone()
    assert found is not None
    return [_made(rows, text) for rows, text in zip(asked, found, strict=True)]


@cache
def _statement(asked: tuple[Rows, ...]) -> str:
    parts = []
    for rows in asked:
        columns = ", ".join(
            f'"{field.column}"::text' if _as_text(field) else f'"{field.column}"'
            for field in _fields(rows)
        )
        names = (f'"{n[1:]}" DESC' if n[:1] == "-" else f'"{n}"' for n in rows.order)
        order = f" ORDER BY {', '.join(names)}" if rows.order else ""
        only = f" AND ({rows.where})" if rows.where else ""
        parts.append(
            f"(SELECT json_agg(json_build_array({columns}){order})::text"
            f' FROM "{rows.model._meta.db_table}" WHERE "{rows.of}" = %s{only})'
        )
    return "SELECT " + ", ".join(parts)


@cache
def _fields(rows: Rows) -> tuple[models.Field[Any, Any], ...]:
    return tuple(f for f in rows.model._meta.concrete_fields if f.attname not in rows.without)


def _as_text(field: models.Field[Any, Any]) -> bool:
    """Whether the database's own text is read: JSON in JSON, and decimals, which lose no digit."""
    return isinstance(field, models.JSONField | models.DecimalField)


@cache
def _readers(rows: Rows) -> tuple[tuple[str, Read | None], ...]:
    return tuple((field.attname, _reader(field)) for field in _fields(rows))


def _reader(field: models.Field[Any, Any]) -> Read | None:
    if isinstance(field, models.JSONField):
        return lambda text: field.from_db_value(text, _NO_EXPRESSION, connection)
    if isinstance(field, models.ForeignKey):
        return _reader(field.target_field)
    return _READ.get(field.get_internal_type())


def row_of(model: type[models.Model], told: Mapping[str, Any]) -> Any:
    """A row that a function of the database gave as a JSON object with its columns' names."""
    known = [each for each in _readers(Rows(model, ())) if each[0] in told]
    values = [
        told[name] if read is None or told[name] is None else read(told[name])
        for name, read in known
    ]
    return model.from_db(connection.alias, [name for name, _ in known], values)


def _made(rows: Rows, text: str | None) -> list[Any]:
    if text is None:
        return []
    names = [name for name, _ in _readers(rows)]
    readers = [read for _, read in _readers(rows)]
    return [
        rows.model.from_db(
            connection.alias,
            names,
            [
                each if read is None or each is None else read(each)
                for each, read in zip(values, readers, strict=True)
            ],
        )
        for values in json.loads(text)
    ]
