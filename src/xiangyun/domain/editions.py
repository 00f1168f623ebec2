"""Marks that change with what they stand for: whoever has read it knows whether it still stands.

An app whose tables are read on every page and hardly ever written has an `Edition`, one row whose
mark a trigger changes with every statement that writes them. What was made of those tables is kept
by its mark (`remembered`): another mark, made anew. A mark is drawn by chance, so one that was
rolled back, or that stands in a copy of the database, never names anything else.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable
from functools import cache, lru_cache, wraps
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from .privileges import ALL, Privileges
from .reading import once

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


@cache
def _statement() -> tuple[tuple[str, ...], str]:
    """The apps that have an edition, and the one statement that reads their marks."""
    marked = [model for model in apps.get_models() if issubclass(model, Marked)]
    tables = ", ".join(f"(SELECT mark FROM {model._meta.db_table})" for model in marked)
    return tuple(model._meta.app_label for model in marked), f"SELECT {tables}"


def _marks() -> dict[str, UUID | None]:
    names, statement = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return dict(zip(names, row or (), strict=True))


def now(app: str) -> UUID | None:
    """The mark of an app's edition as it stands; None where somebody emptied its table.

    While a page is only read, one statement asks for those of all apps.
    """
    return once("editions", _marks)[app]


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
