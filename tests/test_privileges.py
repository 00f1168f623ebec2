"""Every table, verb and column, tried by every kind of actor: only what is declared works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

from xiangyun.adapters import privileges
from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions
from xiangyun.domain.cases.tests.situations import (
    MORNING,
    act,
    actor,
    as_owner,
    submitted,
    written_draft,
)
from xiangyun.domain.privileges import ALL, Privileges

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demonstration"),
    pytest.mark.slow(minutes=0.5),
]

LOGINS = ("wang", "li", "shencha", "jueding", "gongzhuling", "bangban", "duban", "fabu")
# Which rows somebody may change, where the declaration lets anybody: said once more, as SQL over
# {who} and {scope}. The platform may change them all; for what is not here, only the platform may.
_OWN_DRAFT = "NOT sent AND {who} IN (owner, filed_by)"
_PUBLISHER = "EXISTS (SELECT FROM accounts_mandate WHERE account_id = {who} AND role = 'publisher')"
CHANGES = {
    "accounts_account": "id = {who}",
    "accounts_token": "account_id = {who}",
    "cases_draft": _OWN_DRAFT,
    "cases_material": f"draft_id IN (SELECT id FROM cases_draft WHERE {_OWN_DRAFT})",
    "certificates_certificate": "division <@ {scope}",
    "certificates_statusentry": "kind <> 'certificate' AND certificate_id IN"
    " (SELECT identifier FROM certificates_certificate WHERE owner = {who})",
    "catalogue_serviceversion": _PUBLISHER,
    "catalogue_declarationversion": _PUBLISHER,
    "catalogue_packrest": _PUBLISHER,
    "calendar_day": _PUBLISHER,
    "calendar_year": _PUBLISHER,
    "calendar_edition": _PUBLISHER,
}
NEVER = {"cases_draft": "NOT sent", "cases_material": "draft_id IN (SELECT id FROM cases_draft"
         " WHERE NOT sent)"}  # what even the platform does not change  # fmt: skip


def tables() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(privileges._TABLES)
        return dict(cursor.fetchall())


def actors() -> Iterator[Actor]:
    yield from (ANONYMOUS, SYSTEM)
    yield from map(actor, LOGINS)


@pytest.fixture
def everything_is_there() -> None:
    """Rows of all kinds: an ended case with a licence, one on its way, one that waits, a draft."""
    for brand in ("样甲", "样乙"):
        case = submitted(actor("wang"), brand=brand)
        act("shencha", case, "agree")
        if brand == "样甲":
            act("jueding", case, "approve")
    wang = actor("wang")
    with acting_as(wang):
        withdrawn = submitted(wang, brand="样丙").pk
        actions.withdraw_case(withdrawn, actor=wang, at=MORNING)
        actions.rate_case(withdrawn, 5, "", actor=wang, at=MORNING)
    act("shouli", submitted(actor("li"), brand="样祥"), "correct")
    written_draft(wang)
    with acting_as(wang):
        accounts.issue_token(wang, label="", at=MORNING)


@contextmanager
def attempt() -> Iterator[None]:
    """Nothing of it stays."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT attempt")
        yield
        cursor.execute("ROLLBACK TO attempt")


def tried(statement: str) -> int | str:
    """How many rows it touched, or why it was refused."""
    with attempt(), connection.cursor() as cursor:
        try:
            cursor.execute(statement)
        except DatabaseError as problem:
            return str(problem)
        return int(cursor.rowcount)


def test_every_table_is_declared() -> None:
    ours = privileges.declared()
    silent = [
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("xiangyun.")
        and not isinstance(getattr(model, "privileges", None), Privileges)
    ]
    assert not silent, f"say beside the model what the program may do with {silent}"
    unknown = [
        table
        for table in tables()
        if table not in ours and not any(table.startswith(p.rstrip("*")) for p in privileges.OTHERS)
    ]
    assert not unknown


def test_nobody_does_what_is_not_declared(everything_is_there: None) -> None:
    wrong: list[str] = []
    for who in actors():
        with acting_as(who):
            for table, columns in tables().items():
                say = privileges.of_table(table)
                statements = {f'DELETE FROM "{table}"': say.delete}
                for column in columns:
                    for verb, given in (
                        (f'SELECT "{column}" FROM "{table}" LIMIT 1', say.select),
                        (f'INSERT INTO "{table}" ("{column}") VALUES (NULL)', say.insert),
                        (f'UPDATE "{table}" SET "{column}" = "{column}"', say.update),
                    ):
                        statements[verb] = given == ALL or column in given
                for statement, declared in statements.items():
                    found = tried(statement)
                    denied = isinstance(found, str) and "permission denied for table" in found
                    if denied is declared:
                        wrong.append(f"{who.name or 'nobody'}: {statement}: {found}")
    assert not wrong, "\n".join(wrong)


def test_what_is_declared_is_done_only_with_the_rows_one_may_change(
    everything_is_there: None,
) -> None:
    wrong: list[str] = []
    for who in actors():
        for model in apps.get_models():
            table = model._meta.db_table
            say = privileges.declared().get(table)
            if say is None:
                continue
            condition = CHANGES.get(table, "false")
            if who is SYSTEM:
                condition = NEVER.get(table, "true")
            scope = who.settings[0]
            account = f"'{who.account}'::uuid" if who.account else "NULL::uuid"
            condition = condition.format(who=account, scope=f"'{scope}'::int8multirange")
            with acting_as(who):
                with as_owner(), connection.cursor() as cursor:
                    cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {condition}')
                    (mine,) = cursor.fetchone()
                for statement in (
                    *([f'DELETE FROM "{table}"'] if say.delete else []),
                    *(
                        f'UPDATE "{table}" SET "{column}" = "{column}"'
                        for column in (() if say.update == ALL else say.update)
                    ),
                ):
                    found = tried(statement)
                    if isinstance(found, int) and found > mine:
                        wrong.append(f"{who.name or 'nobody'}: {statement}: {found} of {mine}")
                    if isinstance(found, str) and "violates foreign key" not in found:
                        wrong.append(f"{who.name or 'nobody'}: {statement}: {found}")
    assert not wrong, "\n".join(wrong)


ATTACKS = {
    "an outcome": "UPDATE cases_case SET outcome = 'issued'",
    "a decision deleted": "DELETE FROM cases_decision",
    "a letter deleted": "DELETE FROM cases_letter",
    "a kind of account": "UPDATE accounts_account SET kind = 'official'",
    "a mandate": "INSERT INTO accounts_mandate (account_id, role, division_id, low, high, desk)"
    " SELECT id, 'approver', 222404000000, 222404000000, 222404999999, '' FROM accounts_account",
    "a head": "INSERT INTO journal_head VALUES (9, '\\x', now(), '', '', '')",
    "a register": "UPDATE registers_record SET data = '{}'",
    "an entry of another": "INSERT INTO journal_entry (id, at, verb, subject, division, actor,"
    " actor_name, desk, salt, data, private, leaf) VALUES (1, now(), '', '', 0,"
    " gen_random_uuid(), '', '', decode(repeat('00', 16), 'hex'), '{}', '{}',"
    " decode(repeat('00', 32), 'hex'))",
    "a role": "CREATE ROLE intruder",
    "a function": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a program": "COPY (SELECT 1) TO PROGRAM 'true'",
}


def test_an_intruder_in_the_place_of_the_program_gets_nowhere(everything_is_there: None) -> None:
    for login in ("wang", "shencha", "fabu"):
        with acting_as(actor(login)):
            done = {what: tried(statement) for what, statement in ATTACKS.items()}
        got = {what for what, found in done.items() if isinstance(found, int) and found}
        assert not got, login


def test_grants_are_brought_to_what_is_declared_and_then_left_alone() -> None:
    with connection.cursor() as cursor, as_owner():
        assert privileges.grant(connection) == 0
        cursor.execute("GRANT UPDATE (outcome), DELETE ON cases_case TO xiangyun_runtime")
        cursor.execute("REVOKE SELECT ON cases_letter FROM xiangyun_runtime")
        assert privileges.grant(connection) == 3
        assert privileges.grant(connection) == 0


def test_a_new_table_is_closed_until_somebody_says_what_may_be_done() -> None:
    with connection.cursor() as cursor, as_owner():
        cursor.execute("CREATE TABLE cases_unheard (id integer)")
        privileges.grant(connection)
    with acting_as(SYSTEM):
        assert "permission denied" in str(tried("SELECT * FROM cases_unheard"))
