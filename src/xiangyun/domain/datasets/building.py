"""Building a release: the rows of a data set from where they are kept, as a table of its own.

PostgreSQL hands the rows of one statement on as CSV, and a Parquet file is made of it: nothing is
read into memory row by row. What is too small to be shown is hidden before anybody sees it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Text
from xiangyun.kernel.pack.kind import Declaration
from xiangyun.kernel.projection import (
    FIGURE_FIELDS,
    LEVELS,
    LICENCES,
    DataSet,
    Period,
    between,
    last_complete,
    period_of,
)
from xiangyun.kernel.projection.model import UPDATES
from xiangyun.kernel.projection.statement import Rows, guarded_columns, table_sql
from xiangyun.kernel.spelling import did_you_mean

from .disclosing import SUPPRESSED, hide
from .models import Figure
from .ports import TableColumn, workshop
from .rows import compiled, rows_of

PERIODS_BACK = 36


@dataclass(frozen=True, slots=True)
class Built:
    """A table that was made: its files, and what they hold.

    `whole`: before anything was hidden; `hidden`: how much was.
    """

    file: Path
    whole: Path | None
    rows: int
    content: str
    period: Period | None
    schema: dict[str, Any]
    hidden: dict[str, object] | None = None


def declared(code: str) -> Declaration:
    """A data set that is in force. Raises NotFound `dataset.E001`."""
    with acting_as(SYSTEM):
        found = {each.code: each for each in catalogue.declared("dataset")}
    if code not in found:
        raise NotFound([_unknown(code, sorted(found))])
    return found[code]


def all_declared() -> list[Declaration]:
    """The data sets in force, by code."""
    with acting_as(SYSTEM):
        return sorted(catalogue.declared("dataset"), key=lambda each: each.code)


def period_due(dataset: DataSet, on: date) -> Period | None:
    """The last period that is over on a day; None for a data set without."""
    length = UPDATES[dataset.update]
    return None if length is None else last_complete(on, length)


def schema_of(dataset: DataSet, version: int) -> dict[str, Any]:
    """Its Table Schema (Frictionless), with the words of both languages and its licence."""
    fields = []
    for column in dataset.columns:
        type_ = "string" if column.type in ("text", "division") else column.type
        field: dict[str, Any] = {"name": column.name, "type": type_, "title": column.words.zh}
        field["title_en"] = column.words.en
        if column.describe is not None:
            field["description"] = column.describe.zh
            field["description_en"] = column.describe.en
        if column.unit is not None:
            field["unit"], field["unit_en"] = column.unit.zh, column.unit.en
        if column.type == "division":
            field["pattern"] = "[0-9]{12}"
        field["measure"] = column.measure is not None
        fields.append(field)
    if dataset.disclosure is not None:
        words = Text("数目太小，不公开", "Too small to be shown")
        fields.append({"name": SUPPRESSED, "type": "boolean", "title": words.zh,
                       "title_en": words.en, "measure": False})  # fmt: skip
    return {
        "fields": fields,
        "missingValues": [""],
        "licence": {"name": dataset.licence, "path": LICENCES[dataset.licence]},
        "version": version,
    }


def notes_of(dataset: DataSet, schema: Mapping[str, Any], number: int) -> dict[str, str]:
    """What stands in the metadata of its files: schema and licence travel with the rows."""
    publisher = name_of(dataset.department)
    return {
        "title": dataset.name.zh,
        "title_en": dataset.name.en,
        "dataset": dataset.code,
        "release": str(number),
        "licence": dataset.licence,
        "publisher": publisher.zh if publisher else dataset.department,
        "schema": json.dumps(schema, ensure_ascii=False, sort_keys=True),
    }


def build(
    declaration: Declaration, version: int, number: int, on: date, folder: Path, given: Path | None
) -> Built:
    """Make the table of a data set as of a day, in a folder. Raises Refused with what is wrong.

    `given`: the file of a data set that is one, where its pack does not bring it.
    """
    dataset: DataSet = declaration.value
    schema = schema_of(dataset, version)
    notes = notes_of(dataset, schema, number)
    period = period_due(dataset, on)
    out = folder / f"{dataset.code}.parquet"
    columns = [TableColumn(column.name, column.type) for column in dataset.columns]
    csv = folder / f"{dataset.code}.csv"
    if dataset.over.kind == "file":
        csv = given or _file_of(declaration, csv)
    else:
        columns += _extract(dataset, period, on, csv)
    content = _digest(csv)
    rows = workshop().made(csv, columns, notes, out)
    if len(columns) == len(dataset.columns):
        return Built(out, None, rows, content, period, schema)
    whole = folder / f"{dataset.code}.whole.parquet"
    out.rename(whole)
    if dataset.disclosure is not None:
        hidden = hide(dataset, whole, notes, folder, out)
        return Built(out, whole, rows, content, period, schema, hidden)
    shown = ", ".join(_name(column.name) for column in dataset.columns)
    workshop().rewritten(f"SELECT {shown} FROM whole", {"whole": whole}, notes, out)
    return Built(out, whole, rows, content, period, schema)


def _file_of(declaration: Declaration, csv: Path) -> Path:
    """The file that the pack brings along."""
    dataset: DataSet = declaration.value
    text = declaration.files.get(dataset.over.code)
    if text is None:
        raise Conflict([_no_file(dataset.over.code)])
    csv.write_text(text, "utf-8")
    return csv


def _extract(dataset: DataSet, period: Period | None, on: date, csv: Path) -> list[TableColumn]:
    """The rows as CSV; the columns beside the declared ones, which are not shown."""
    with acting_as(SYSTEM):
        rows, values = _rows(dataset, period, on)
        sql = compiled(lambda rows: table_sql(dataset, rows, "postgres"), rows)
        hidden = []
        if dataset.measured:
            hidden = [TableColumn(name, type_) for name, type_, _ in guarded_columns(dataset)]
        copy = f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *)"
        with (
            connection.cursor() as cursor,
            csv.open("wb") as file,
            cursor.copy(copy, values) as blocks,
        ):
            for block in blocks:
                file.write(block)
    return hidden


def _rows(dataset: DataSet, period: Period | None, on: date) -> tuple[Rows, dict[str, Any]]:
    if dataset.over.kind == "indicators":
        return _figures(dataset, period or period_of(on, dataset.period))
    if period is not None and not dataset.forgets:
        first = period.later(1 - PERIODS_BACK) if dataset.over.at else period
        asked = rows_of(dataset.over, list(between(first, period)))
    else:
        day = Period(on, "day")
        asked = rows_of(dataset.over, [day])
    return asked.rows, dict(asked.values)


def _figures(dataset: DataSet, last: Period) -> tuple[Rows, dict[str, Any]]:
    """Figures side by side, a row for each period, division and part."""
    levels = " ".join(f"WHEN {LEVELS[level]} THEN '{level}'" for level in dataset.levels)
    columns, values = [], dict[str, Any]()
    for number, id_ in enumerate(dataset.indicators):
        values[f"id{number}"] = id_
        columns.append(f'max(f.value) FILTER (WHERE f.indicator = %(id{number})s) AS "{id_}"')
    values |= {
        "ids": list(dataset.indicators),
        "levels": [LEVELS[level] for level in dataset.levels],
        "last": last.first,
    }
    parts = "" if any(_names_part(c) for c in dataset.columns) else "AND f.part = ''"
    table = Figure._meta.db_table
    sql = f"""
SELECT f.period AS _period, f.place AS _division, %(last)s::date AS "_on",
    CASE f.level {levels} END AS level, nullif(f.part, '') AS part, {", ".join(columns)}
FROM {table} f
WHERE f.indicator = ANY(%(ids)s) AND f.level = ANY(%(levels)s) AND f.period <= %(last)s {parts}
GROUP BY f.period, f.place, f.level, f.part"""
    types = {**FIGURE_FIELDS, **dict.fromkeys(dataset.indicators, "number")}
    return Rows(sql, types), values


def _names_part(column: Any) -> bool:
    return column.of is not None and "part" in column.of.expression.source.split()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unknown(code: str, known: list[str]) -> Finding:
    return Finding(
        "dataset.E001",
        "error",
        Text("没有数据集“{code}”。", "There is no data set “{code}”.", code=code),
        None,
        did_you_mean(code, known),
    )


def _no_file(name: str) -> Finding:
    return Finding(
        "dataset.E002",
        "error",
        Text("没有给出文件 {name}。", "The file {name} is not there.", name=name),
        None,
        Text("编制时用 --file 给出。", "Give it with --file when you build."),
    )
