"""Statements that PostgreSQL plans once a connection, not once a call.

A completion spends more time on a statement's way than on its work: Django's cursor writes the
values into the text, and psycopg's own converts each of them and waits in Python. What here is
called outside of a transaction goes straight through libpq (`psycopg.pq`), as text both ways.
Inside a transaction, or where somebody reads along, Django's cursor is asked as always.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors
from psycopg.pq import DiagnosticField, ExecStatus

Row = tuple[str | None, ...]
_UNKNOWN = b"26000"  # invalid_sql_statement_name


class Prepared:
    """A statement with `%s` for its values, whose results are text (`::text`)."""

    def __init__(self, name: str, text: str) -> None:
        parts = text.split("%s")
        numbered = (f"{part}${number}" for number, part in enumerate(parts[:-1], 1))
        self.text = text
        self._name = name.encode()
        self._source = ("".join(numbered) + parts[-1]).replace("%%", "%").encode()
        self._known: WeakSet[Any] = WeakSet()

    def row(self, *values: str | None) -> Row | None:
        """Its first row; None where it has none. Raises what Django raises for a statement."""
        django = connections["default"]
        if django.in_atomic_block or django.queries_logged or django.execute_wrappers:
            with django.cursor() as cursor:
                cursor.execute(self.text, values)
                found: Row | None = cursor.fetchone()
                return found
        django.ensure_connection()
        with django.wrap_database_errors:
            return self._through_libpq(django, values)

    def _through_libpq(
        self, django: BaseDatabaseWrapper, values: tuple[str | None, ...]
    ) -> Row | None:
        bare = django.connection
        libpq = bare.pgconn
        given = [None if value is None else value.encode() for value in values]
        if bare not in self._known:
            self._prepare(libpq)
            self._known.add(bare)
        result = libpq.exec_prepared(self._name, given)
        if result.error_field(DiagnosticField.SQLSTATE) == _UNKNOWN:
            # psycopg has rolled back and, lest one of its own be of a table that is gone, sent
            # DEALLOCATE ALL, which ends these too. Nothing has run yet.
            self._prepare(libpq)
            result = libpq.exec_prepared(self._name, given)
        _refuse(result, ExecStatus.TUPLES_OK)
        if not result.ntuples:
            return None
        columns = (result.get_value(0, column) for column in range(result.nfields))
        return tuple(None if each is None else each.decode() for each in columns)

    def _prepare(self, libpq: Any) -> None:
        _refuse(libpq.prepare(self._name, self._source), ExecStatus.COMMAND_OK)


def _refuse(result: Any, unless: ExecStatus) -> None:
    if result.status != unless:
        raise errors.error_from_result(result)
