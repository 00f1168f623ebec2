"""Marks that change with what they stand for: whoever has read it knows whether it still stands.

An app whose tables are read on every page and hardly ever written has an `Edition`, one row whose
mark a trigger changes with every statement that writes them. What was made of those tables is kept
by its mark (`remembered`): another mark, made anew. A mark is drawn by chance, so one that was
rolled back, or that stands in a copy of the database, never names anything else.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Sequence
from functools import cache, lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from .planned import planned
from .privileges import ALL, Privileges
from .reading import is_known, is_reading, once

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


class Marked(models.Model):
    """The one row of an app's edition. The migration that makes it makes its triggers."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mark = models.UUIDField(default=uuid.uuid4)

    privileges = Privileges(select=ALL)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.mark)


_KEY = "editions"


@cache
def _tables() -> tuple[tuple[str, ...], str]:
    """The apps that have an edition, and what reads their marks, as columns of one statement."""
    marked = [model for model in apps.get_models() if issubclass(model, Marked)]
    tables = ", ".join(f"(SELECT mark FROM {model._meta.db_table})" for model in marked)
    return tuple(model._meta.app_label for model in marked), tables


def _marks(before: str = "", values: Sequence[Any] = ()) -> dict[str, UUID | None]:
    names, tables = _tables()
    with planned(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {before}{tables}", values)
        row = cursor.fetchone()
    assert row is not None
    return dict(zip(names, row[-len(names) :], strict=True))


def told(call: str, values: Sequence[Any]) -> None:
    """Call a function of the database that gives nothing.

    A page that is only read takes the marks by the same statement, the first time.
    """
    if is_reading() and not is_known(_KEY):
        once(_KEY, lambda: _marks(f"{call}, ", values))
        return
    with planned(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}", values)


def now(app: str) -> UUID | None:
    """The mark of an app's edition as it stands; None where somebody emptied its table.

    While a page is only read, one statement asks for those of all apps.
    """
    return once(_KEY, _marks)[app]


def remembered(
    app: str, size: int = 256
) -> Callable[[Callable[Asked, Found]], Callable[Asked, Found]]:
    """Keep what a function makes of an app's tables until its edition changes.

    Its arguments are hashable and given in order; nobody changes what it gives: tuples, no lists.
    """

    def decorate(make: Callable[Asked, Found]) -> Callable[Asked, Found]:
        @lru_cache(maxsize=size)
        def kept(mark: UUID, *args: Hashable) -> Found:
            return make(*args)  # type: ignore[arg-type, call-arg]

        @wraps(make)
        def asked(*args: Hashable) -> Found:
            mark = now(app)
            return make(*args) if mark is None else kept(mark, *args)  # type: ignore[arg-type, call-arg]

        return cast(Callable[Asked, Found], asked)

    return decorate
