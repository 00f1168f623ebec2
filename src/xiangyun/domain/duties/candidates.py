"""The rows with which a duty has something to do on a day: one statement, whatever their number.

Most rows are not even read: only those whose day has come, and those of which something was
recorded since. All are looked at where the duty was published anew, and where its condition may
come true by time alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from xiangyun.domain.registers.declarations import Used, used
from xiangyun.domain.registers.inforce import RECORDS_SINCE, rows_in_force
from xiangyun.kernel.occasion import Duty
from xiangyun.kernel.occasion.condition import asks_the_day, condition_sql
from xiangyun.kernel.pack.kinds.duty import field_types

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that a duty selects, and where the duty stands with it (`since` None: nowhere yet)."""

    record: int
    key: str
    division: int
    holder: UUID | None
    fact: int
    data: Mapping[str, Any]
    since: date | None
    last: date | None
    next_on: date | None
    case: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the duty by its code, the day, and the facts that were looked at before.

    `fact` None: all rows are looked at.
    """

    code: str
    duty: Duty
    register: Used
    on: date
    fact: int | None

    def candidates(self, after: tuple[date, int] | None, most: int = AT_A_TIME) -> list[Candidate]:
        """Some of them, those that are due longest first; `after`: day and record of the last."""
        sql = f"""
        SELECT row.*, s.since, s.last, s.next_on, s."case"
        FROM ({rows_in_force(self._among())}) row
        LEFT JOIN duties_standing s ON s.duty = %(code)s AND s.record = row.id
        WHERE {self._condition()}
            AND (s.id IS NULL OR s.fact <> row.fact OR s.next_on <= %(on)s)
            AND (coalesce(s.next_on, %(on)s), row.id) > (%(day)s, %(record)s)
        ORDER BY coalesce(s.next_on, %(on)s), row.id LIMIT %(most)s"""
        day, record = after or (date.min, 0)
        values: dict[str, Any] = {
            "code": self.code,
            "register": self.register.code,
            "on": self.on,
            "fact": self.fact or 0,
            "day": day,
            "record": record,
            "most": most,
        }
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [_candidate(row) for row in cursor.fetchall()]

    def _among(self) -> str:
        if self.fact is None or asks_the_day(self.duty.when):
            return ""
        due = "SELECT record FROM duties_standing WHERE duty = %(code)s AND next_on <= %(on)s"
        return f"{due} UNION {RECORDS_SINCE}"

    def _condition(self) -> str:
        declared = self.register.declaration
        assert declared is not None
        sql = condition_sql(self.duty.when, field_types(declared), self.on)
        return sql.replace("%", "%%").replace('"data"', 'row."data"')


def asked(code: str, duty: Duty, on: date, fact: int | None) -> Asked:
    """What is asked of the rows of a duty. Raises NotFound where nobody declares its register."""
    return Asked(code, duty, used(duty.register), on, fact)


def _candidate(row: tuple[Any, ...]) -> Candidate:
    data = row[5]
    if isinstance(data, str | bytes):
        data = json.loads(data, parse_float=Decimal)
    record, key, division, holder, fact, _, since, last, next_on, case = row
    return Candidate(record, key, division, holder, fact, data, since, last, next_on, case)
