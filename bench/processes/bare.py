"""The ceiling: the same rows in the same tables, written by bare psycopg without any engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
from load import TASKS, WAITING, measured, options

AT = datetime(2026, 4, 9, tzinfo=UTC)
STATE = '{"n":3,"l":{"plan~2":[],"fire~3":[]}}'
ANSWER = '{"action": "agree", "note": null, "by": "x", "at": "2026-04-09T09:00:00+08:00"}'
CASE = (
    "UPDATE cases_case SET state = %s, variables = variables || %s::jsonb, revision = revision + 1"
    " WHERE id = %s"
)
END = CASE.replace(" WHERE", ", ended_at = '2026-04-09', outcome = 'approved' WHERE")
CLOSE = (
    "UPDATE cases_workitem SET closed_at = %s, action = 'agree', by = %s, by_name = 'x',"
    " by_desk = 'y' WHERE case_id = %s AND token = %s"
)
OPEN = (
    "INSERT INTO cases_workitem (case_id, token, element, name, groups, headers, inputs, division,"
    " service, role, county, place, opened_at, due_on, amber_on, own_due, action, note, by_name,"
    " by_desk) SELECT %s, %s, 'plan', 'plan', '{reviewer}',"
    """ '{"actions": "agree"}', '{}', 222404000000,"""
    " 'market/company-registration', 'reviewer', 222404, 0, %s, '2026-04-10', '2026-04-10', false,"
    " '', '', '', ''"
)
# What ends a case is an entry of its own besides the task that was done.
ENTRIES = (
    "INSERT INTO journal_entry (at, verb, subject, division, owner, actor, actor_name, desk, salt,"
    " data, private, leaf) SELECT %s, verb, '220104202604090001', 222404000000, %s, %s,"
    ' \'x\', \'y\', %s, \'{"task": "accept", "action": "agree"}\','
    ' \'{"note": ""}\', %s FROM unnest(%s::text[]) AS verb'
)
DONE, DONE_AND_ENDED = ["task.done"], ["task.done", "case.ended"]
# Four completions of a case open three tasks, one of them two at once: as many rows in the end.
TOKENS = [f"{task}~{number}" for number, task in enumerate(TASKS, 1)]


def three(connection: psycopg.Connection, case: object, token: str, then: str | None) -> None:
    """A transaction of three statements: the case, its work items, the journal."""
    item = (AT, case, case, token)
    with connection.transaction():
        connection.execute(CASE if then else END, (STATE, ANSWER, case))
        if then:
            connection.execute(f"WITH c AS ({CLOSE}) {OPEN}", (*item, case, then, AT))
        else:
            connection.execute(CLOSE, item)
        connection.execute(ENTRIES, entries(case, then))


def one(connection: psycopg.Connection, case: object, token: str, then: str | None) -> None:
    """The same in one statement."""
    parts = [f"a AS ({CASE if then else END})", f"b AS ({CLOSE})"]
    given = [STATE, ANSWER, case, AT, case, case, token]
    if then:
        parts.append(f"c AS ({OPEN})")
        given += [case, then, AT]
    connection.execute(f"WITH {', '.join(parts)} {ENTRIES}", (*given, *entries(case, then)))


def entries(case: object, then: str | None) -> tuple[object, ...]:
    """The values of the journal's rows."""
    return AT, case, case, b"s" * 16, b"l" * 32, DONE if then else DONE_AND_ENDED


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
