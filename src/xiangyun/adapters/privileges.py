"""Grants of the role `xiangyun_runtime`, generated from what the models declare.

What PostgreSQL has and what is declared are compared, and only the difference is granted or
revoked: a second start changes nothing, and what somebody granted by hand is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

import django.apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from xiangyun.domain.privileges import ALL, READ, Privileges

from .embedded import RUNTIME

_EVERYTHING = Privileges(select=ALL, insert=ALL, update=ALL, delete=True)
# Tables of others: sessions of the browser, the queue of jobs, what Django keeps for itself.
OTHERS: Mapping[str, Privileges] = {
    "django_session": _EVERYTHING,
    "procrastinate_*": _EVERYTHING,
    "django_content_type": READ,
    "django_migrations": READ,
    "auth_*": Privileges(),
    "journal_waiting": Privileges(),  # kept by triggers alone
}
Granted = set[tuple[str, str, str]]
"""(table, verb, column); the column is empty for a right to the whole row, as DELETE is."""

_LOCK = 0x7869616E68  # any number that no other advisory lock uses
_TABLES = """
SELECT c.relname, array_agg(a.attname::text) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
GROUP BY c.relname
"""
_GRANTED = """
SELECT c.relname, g.privilege_type, a.attname::text FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL aclexplode(a.attacl) AS g
WHERE c.relnamespace = 'public'::regnamespace AND g.grantee = %(role)s::regrole
UNION
SELECT c.relname, g.privilege_type, '' FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) AS g
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind <> 'S'
  AND g.grantee = %(role)s::regrole
"""
_SEQUENCES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
  AND (c.relname = ANY(%(wanted)s) OR c.relname LIKE 'procrastinate%%')
  AND NOT EXISTS (SELECT FROM aclexplode(c.relacl) AS g
                  WHERE g.grantee = %(role)s::regrole AND g.privilege_type = 'USAGE')
"""


def declared() -> dict[str, Privileges]:
    """What each model of ours says about its table; a model that says nothing gets nothing."""
    return {
        model._meta.db_table: getattr(model, "privileges", Privileges())
        for model in django.apps.apps.get_models()
        if model.__module__.startswith("xiangyun.")
    }


def of_table(name: str) -> Privileges:
    """What is declared for a table, whoever it belongs to; nothing where nobody did."""
    if (own := declared().get(name)) is not None:
        return own
    return next((p for pattern, p in OTHERS.items() if fnmatchcase(name, pattern)), Privileges())


def wanted(tables: Mapping[str, Iterable[str]]) -> Granted:
    """The declarations spelled out over tables with their columns."""
    granted: Granted = set()
    for table, columns in tables.items():
        say = of_table(table)
        for verb, given in (("SELECT", say.select), ("INSERT", say.insert), ("UPDATE", say.update)):
            # A right to all columns is one to the table: it counts for columns to come, too.
            chosen = ("",) if given == ALL else given
            granted |= {(table, verb, column) for column in chosen}
        if say.delete:
            granted.add((table, "DELETE", ""))
        if unknown := {column for t, _, column in granted if t == table and column} - {*columns}:
            raise LookupError(f"{table} declares privileges on columns it has not: {unknown}")
    return granted


def grant(connection: BaseDatabaseWrapper) -> int:
    """Bring the role's grants to what is declared, as the owner; how many were changed."""
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_TABLES)
        tables: dict[str, list[str]] = dict(cursor.fetchall())
        cursor.execute(_GRANTED, {"role": RUNTIME})
        found: Granted = set(cursor.fetchall())
        asked = wanted(tables)
        quoted = connection.ops.quote_name
        for surplus, statement in ((found - asked, "REVOKE {} FROM {}"), (asked - found, _GRANT)):
            for table, verb, column in sorted(surplus):
                what = f"{verb} ({quoted(column)})" if column else verb
                right = f"{what} ON {quoted(table)}"
                cursor.execute(statement.format(right, RUNTIME))
        named = [sequence for each in declared().values() for sequence in each.sequences]
        cursor.execute(_SEQUENCES, {"role": RUNTIME, "wanted": named})
        lacking = [name for (name,) in cursor.fetchall()]
        for name in lacking:
            cursor.execute(f"GRANT USAGE ON SEQUENCE {quoted(name)} TO {RUNTIME}")
        return len(found ^ asked) + len(lacking)


_GRANT = "GRANT {} TO {}"
