"""Statements that PostgreSQL plans once a connection, not once a page.

Where a table has policies, planning a statement takes longer than answering it: of a page of a
case nine tenths. While `planned` lasts, values go to the server beside the statement, and what is
asked a second time by a connection is prepared; the planner itself sees whether a plan for all
values is as good as one for these. Policies ask who acts when a plan is run, not when it is made.

For statements whose plan does not hang on their values, such as those by a key. The lanes of a
queue are no such: what is a good plan for a village is none for a province.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


@contextmanager
def planned() -> Iterator[None]:
    """While this lasts, statements are prepared, those of the object mapper too.

    Where somebody reads along, they are put together as always: what is prepared cannot be told.
    """
    if connection.queries_logged:
        yield
        return
    connection.ensure_connection()
    bare = connection.connection
    usual, bare.cursor_factory = bare.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        bare.cursor_factory = usual
