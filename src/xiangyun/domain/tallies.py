"""Numbers that several apps are asked for at once, such as those of a menu, by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from .planned import planned


@dataclass(frozen=True, slots=True)
class Tally:
    """A question with one number as its answer, put so that it may be one column among others.

    `text` is a SELECT of one row and one column. It asks as whoever acts: row-level security
    decides what counts.
    """

    text: str
    values: tuple[Any, ...] = ()

    @classmethod
    def of(cls, rows: QuerySet[Any], most: int | None = None) -> Tally | int:
        """How many of `rows` there are, counted to `most`; 0 where none can be."""
        counted = rows.order_by().select_related(None).values("pk")[:most]
        try:
            text, values = counted.query.sql_with_params()
        except EmptyResultSet:
            return 0
        return cls(f"SELECT count(*) FROM ({text}) AS counted", values)


def tallied(asked: Sequence[Tally | int]) -> list[int]:
    """The answers in the order of the questions; an answer that is known stands for itself."""
    questions = [each for each in asked if isinstance(each, Tally)]
    if not questions:
        return [each for each in asked if isinstance(each, int)]
    columns = ", ".join(f"({each.text})" for each in questions)
    with planned(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [v for each in questions for v in each.values])
        row = cursor.fetchone()
    assert row is not None
    found = iter(row)
    return [each if isinstance(each, int) else int(next(found)) for each in asked]
