"""Own records from a table: right rows are taken, wrong lines are named with all that is wrong."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.findings import Finding, Forbidden, Place, Refused, Text
from xiangyun.kernel.record.model import Register

from . import actions, checks, own

MOST_ROWS = 300
"""Rows of one table; more come in several."""
LARGEST = 1_000_000
"""Bytes of one table."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The keys of the rows that were taken, and what was wrong: with its line, from 1."""

    keys: tuple[str, ...]
    wrong: tuple[Finding, ...]


def load(actor: Actor, register: str, content: bytes, *, at: datetime) -> Loaded:
    """Enter every right row of a CSV for the party acted for.

    The first line names fields, by name or in words of either language. Raises Forbidden
    `offer.E001`, Refused `offer.E010` for what is no such table.
    """
    used = registers.used(register)
    found = own.entered_in(used)
    if found is None or not by_table(found[0]) or not own.kept_for(actor, used):
        raise Forbidden([checks.not_entered(used)])
    rows = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    names = _names(next(rows, []), found[0])
    keys: list[str] = []
    wrong: list[Finding] = []
    try:
        for count, row in enumerate(rows, 1):
            line = rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            if count > MOST_ROWS:
                wrong.append(_at(line, checks.table(_TOO_LONG)))
                break
            if len(row) != len(names):
                wrong.append(_at(line, checks.table(_width(len(row), len(names)))))
                continue
            try:
                with transaction.atomic():  # a row that is refused leaves the others
                    cells = dict(zip(names, row, strict=True))
                    keys.append(actions.enter(actor, register, cells, at=at))
            except Refused as refused:
                wrong += [_at(line, each) for each in refused.findings]
    except csv.Error as error:
        said = Text("读不了：{error}。", "Cannot be read: {error}.", error=str(error))
        wrong.append(_at(rows.line_num, checks.table(said)))
    return Loaded(tuple(keys), tuple(wrong))


def by_table(declared: Register) -> bool:
    """Whether records may come as a table: a file that is required cannot stand in one."""
    files = declared.entered.files if declared.entered else ()
    return not any(declared.by_name[name].required for name in files)


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise Refused([checks.table(_TOO_LONG)])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused([checks.table(Text("这个文件不是文本。", "This file is no text."))])


def _names(head: list[str], declared: Register) -> list[str]:
    known = {
        name.strip(): field.name
        for field in declared.fields
        for name in (field.name, field.words.zh, field.words.en)
    }
    unknown = [name for name in head if name.strip() not in known]
    names = [known[name.strip()] for name in head if name.strip() in known]
    if unknown or not names or len(set(names)) != len(names):
        said = Text(
            "第一行应是不重复的字段名；不认识：{unknown}。",
            "The first line names fields, each once; unknown: {unknown}.",
            unknown=unknown or ["—"],
        )
        raise Refused([checks.table(said)])
    return names


def _at(line: int, finding: Finding) -> Finding:
    question = finding.place.question if finding.place else ""
    return replace(finding, place=Place(line=line, question=question))


def _width(found: int, wanted: int) -> Text:
    return Text(
        "有 {found} 栏，应有 {wanted} 栏。",
        "It has {found} columns rather than {wanted}.",
        found=found,
        wanted=wanted,
    )


_TOO_LONG = Text("一次最多 {n} 行、1 MB。", "At most {n} rows and 1 MB at once.", n=MOST_ROWS)
