"""The ceiling: the same rows in the same tables, written by bare psycopg without any engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
from load import TASKS, WAITING, measured, options

AT = datetime(2026, 4, 9, tzinfo=UTC)
STATE = '{"n":3,"l":{"plan~2":[],"fire~3":[]}}'
CASE = "UPDATE cases_case SET state = %s, awaiting = '{}', revision = revision + 1 WHERE id = %s"
CLOSE = (
    "UPDATE cases_workitem SET closed_at = %s, action = 'agree', by = %s, by_name = 'x',"
    " by_desk = 'y' WHERE case_id = %s AND token = %s"
)
OPEN = (
    "INSERT INTO cases_workitem (case_id, token, element, name, groups, headers, inputs, division,"
    " opened_at, due_on, amber_on, own_due, action, note, by_name, by_desk) SELECT %s, %s, 'plan',"
    """ 'plan', '{reviewer}', '{"actions": "agree"}', '{}', 222404000000, %s, '2026-04-10',"""
    " '2026-04-10', false, '', '', '', ''"
)
ENTRY = (
    "INSERT INTO journal_entry (at, verb, subject, division, owner, actor, actor_name, desk, salt,"
    " data, private, leaf) SELECT %s, 'task.done', '220104202604090001', 222404000000, %s, %s,"
    ' \'x\', \'y\', %s, \'{"task": "accept", "action": "agree"}\','
    ' \'{"note": "", "fields": {}}\', %s'
)
# Four completions of a case open three tasks, one of them two at once: as many rows in the end.
TOKENS = [f"{task}~{number}" for number, task in enumerate(TASKS, 1)]


def three(connection: psycopg.Connection, case: object, token: str, then: str | None) -> None:
    """A transaction of three statements: the case, its work items, the journal."""
    item = (AT, case, case, token)
    with connection.transaction():
        connection.execute(CASE, (STATE, case))
        if then:
            connection.execute(f"WITH c AS ({CLOSE}) {OPEN}", (*item, case, then, AT))
        else:
            connection.execute(CLOSE, item)
        connection.execute(ENTRY, (AT, case, case, b"s" * 16, b"l" * 32))


def one(connection: psycopg.Connection, case: object, token: str, then: str | None) -> None:
    """The same in one statement."""
    parts, given = [f"a AS ({CASE})", f"b AS ({CLOSE})"], [STATE, case, AT, case, case, token]
    if then:
        parts.append(f"c AS ({OPEN})")
        given += [case, then, AT]
    text = f"WITH {', '.join(parts)} {ENTRY}"
    connection.execute(text, (*given, AT, case, case, b"s" * 16, b"l" * 32))


def main() -> None:
    """Measure one of the two ways."""
    chosen = options()
    way = {"three": three, "one": one}[chosen.way]
    with psycopg.connect(chosen.address) as connection:
        found = connection.execute(
            "SELECT id FROM cases_case WHERE state LIKE %s ORDER BY id", (WAITING,)
        ).fetchall()
    cases = [case for (case,) in found][chosen.part :: chosen.parts]

    def worker():  # type: ignore[no-untyped-def]
        connection = psycopg.connect(chosen.address, autocommit=True)

        def complete(case: object) -> Iterator[None]:
            for token, then in zip(TOKENS, [*TOKENS[1:], None], strict=True):
                way(connection, case, token, then)
                yield

        return complete

    measured(chosen, cases, worker)


if __name__ == "__main__":
    main()
