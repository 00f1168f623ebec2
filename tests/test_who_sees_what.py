"""Every role against every kind of record, with the guards left out: bare SQL under the policies.

What a role may see is worked out here a second time, in Python, from mandates and declarations;
the rows are read as the owner of the tables. What is shown beyond that, or hidden, is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from xiangyun.adapters.packs import packs
from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, MandateHeld, acting_as
from xiangyun.domain.accounts.roles import sees_records, spelled
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases import secrecy
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import act, actor, as_owner, project, submitted
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue import queries as published
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.codes.department import number_of
from xiangyun.kernel.codes.division import subtree

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demonstration"),
    pytest.mark.slow(minutes=1),
]

PLACES = (222404000000, 222400000000, 220184000000, 220000000000)  # there, above, beside, over all
MARKET = "market/company-registration"
OPEN_TO_ALL = {"cases_roleset"}
Row = dict[str, Any]


@pytest.fixture
def records() -> None:
    """Cases of several departments and of two classes, with all that hangs on them."""
    wang, li = actor("wang"), actor("li")
    ended = submitted(wang, brand="样甲")
    act("shencha", ended, "agree")
    act("jueding", ended, "approve")
    submitted(li, brand="样乙")
    project(wang)
    files = read_folder(packs()[MARKET])
    secret = files["service.yaml"].replace("\ndepartment:", "\nclass: handlers\ndepartment:", 1)
    assert secret != files["service.yaml"]
    with acting_as(SYSTEM) as platform:
        catalogue.publish(
            MARKET,
            {**files, "service.yaml": secret.replace("\nversion: 1", "\nversion: 2")},
            actor=platform,
            at=timezone.now(),
        )
    hidden = submitted(wang, brand="样丙")
    with acting_as(SYSTEM):
        assert Case.objects.get(pk=hidden.pk).need == 1
    known = submitted(wang, brand="样丁")
    with acting_as(actor("shencha")) as reviewer:
        for line in cases.untaken():
            item = line.item
        assert secrecy.take_over(item, actor=reviewer, at=timezone.now()).pk == known.pk
    with acting_as(actor("duban")) as overseer:
        secrecy.look(known.pk, why="抽查", actor=overseer, at=timezone.now())
    assert wang.account
    assert li.account
    representing.represent(
        SYSTEM, party=wang.account, representative=li.account, proof="kinship",
        reference="户口簿", departments=["housing"], at=timezone.now(),
    )  # fmt: skip


def every_role() -> Iterator[Actor]:
    """Nobody, the platform, the party, a stranger, who acts for the party, and each role there is:
    of each department that a service has, in each of the places."""
    wang, li = actor("wang"), actor("li")
    yield from (ANONYMOUS, SYSTEM, wang, li, actor("shencha"), actor("duban"), actor("jueding"))
    assert wang.account
    acting = representing.for_party(li, wang.account)
    assert acting is not None
    yield acting
    services = [published.pack(v.pk).service for v in published.current_services()]
    departments = {"", "fire", *(service.department for service in services)}
    for role, declared in published.roles().items():
        for department in departments if not declared.across else ("", "fire"):
            for place in PLACES:
                held = MandateHeld(
                    spelled(role, department),
                    place,
                    *subtree(place),
                    "（虚构）",
                    across=declared.across and not department,
                )
                yield Actor(f"{held.role}@{place}", "official", uuid4(), (held,))


class World:
    """All rows as their owner reads them, and what the declarations say of each."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        with as_owner(), connection.cursor() as cursor:
            for model in apps.get_models():
                if model.__module__.startswith("xiangyun.domain.") and not model._meta.proxy:
                    cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                    names = [column.name for column in cursor.description]
                    self.rows[model._meta.db_table] = [
                        dict(zip(names, row, strict=True)) for row in cursor.fetchall()
                    ]
        self.cases = {row["id"]: row for row in self.rows["cases_case"]}
        self.numbers = {row["number"]: row["id"] for row in self.rows["cases_case"]}
        self.drafts = {row["id"]: row for row in self.rows["cases_draft"]}

    def in_matter(self, who: Actor, row: Row, need: int | None = None) -> bool:
        if who.kind == "system":
            return True
        if (row["need"] if need is None else need) > 0:
            return False
        return any(
            sees_records(held.role)
            and held.low <= row["division"] <= held.high
            and (held.is_across or row["matter"] in (0, number_of(held.role.partition(":")[2])))
            for held in who.mandates
        )

    def own(self, who: Actor, party: UUID | None, matter: int) -> bool:
        return party is not None and who.speaks_for(party, matter)

    def case(self, who: Actor, ident: UUID) -> bool:
        row = self.cases[ident]
        filed_in = row["filed_in"] is not None and row["need"] == 0 and any(
            held.is_across and held.low <= row["filed_in"] <= held.high
            for held in who.mandates
        )  # fmt: skip
        handles = any(
            h["case_id"] == ident
            and h["account"] == who.account
            and (h["ended_at"] is None or h["ended_at"] > timezone.now())
            for h in self.rows["cases_handler"]
        )
        worked = row["need"] == 0 and any(
            self.in_matter(who, item, need=0)
            for item in self.rows["cases_workitem"]
            if item["case_id"] == ident
        )
        return (
            self.in_matter(who, row)
            or self.own(who, row["owner"], row["matter"])
            or (who.account is not None and row["filed_by"] == who.account)
            or filed_in
            or handles
            or worked
        )

    def draft(self, who: Actor, ident: UUID) -> bool:
        row = self.drafts[ident]
        own = self.own(who, row["owner"], row["matter"])
        filed = who.account is not None and row["filed_by"] == who.account
        return who.kind == "system" or own or filed

    def sees(self, who: Actor, table: str, row: Row) -> bool:
        """Whether this row is for these eyes."""
        match table:
            case "cases_case":
                return self.case(who, row["id"])
            case "cases_draft":
                return self.draft(who, row["id"])
            case "cases_material":
                ident = row["draft_id"]
                return self.draft(who, ident) or (ident in self.cases and self.case(who, ident))
            case "journal_entry":
                about = self.numbers.get(row["subject"])
                seen = self.in_matter(who, row) or self.own(who, row["owner"], row["matter"])
                return seen or (about is not None and self.case(who, about))
            case "certificates_certificate":
                of = self.numbers.get(row["case_number"])
                seen = self.in_matter(who, row) or self.own(who, row["owner"], row["matter"])
                return seen or (of is not None and self.case(who, of))
            case "exchange_outgoing":  # read by the platform, shown to operators by its pages
                return who.kind == "system"
            case "cases_workitem":
                return self.in_matter(who, row) or self.case(who, row["case_id"])
            case _:
                return self.case(who, row["case_id"])


def judged(world: World) -> list[str]:
    """The tables whose rows are somebody's: with place, matter and need, or hanging on a case."""
    return sorted(
        table
        for table, rows in world.rows.items()
        if table not in OPEN_TO_ALL
        and rows
        and (
            (
                {"division", "matter", "need"} <= rows[0].keys()
                and table.split("_")[0] != "registers"
            )
            or "case_id" in rows[0]
            or table in ("cases_draft", "cases_material")
        )
    )


def key(table: str) -> str:
    """The name of a table's key."""
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    return str(model._meta.pk.column)


def test_every_role_sees_of_every_kind_of_record_what_the_declarations_say(records: None) -> None:
    world = World()
    tables = judged(world)
    assert {"cases_case", "cases_workitem", "journal_entry", "certificates_certificate"} <= {
        *tables
    }
    wrong, seen = [], set()
    actors = list(every_role())
    assert len(actors) > 100
    for who in actors:
        with acting_as(who), connection.cursor() as cursor:
            for table in tables:
                name = key(table)
                cursor.execute(f'SELECT "{name}" FROM "{table}"')
                shown = {each for (each,) in cursor.fetchall()}
                due = {row[name] for row in world.rows[table] if world.sees(who, table, row)}
                if due:
                    seen.add((table, who.kind))
                if shown != due:
                    wrong.append(
                        f"{who.name or 'nobody'}: {table}: {len(shown - due)} too many,"
                        f" {len(due - shown)} too few"
                    )
    assert not wrong, "\n".join(wrong)
    # The test would find nothing if nobody saw anything.
    assert {("cases_case", "official"), ("cases_case", "person")} <= seen


def test_what_may_be_taken_over_is_told_to_whom_the_role_and_the_place_fit(records: None) -> None:
    world = World()
    waiting = [
        row
        for row in world.rows["cases_workitem"]
        if row["need"] and row["closed_at"] is None and row["assigned"] is None
    ]
    assert waiting
    told = 0
    for who in every_role():
        with acting_as(who), connection.cursor() as cursor:
            cursor.execute("SELECT item FROM xiangyun_untaken(100)")
            shown = {item for (item,) in cursor.fetchall()}
        due = {
            row["id"]
            for row in waiting
            if any(who.holds(role, row["division"]) for role in row["groups"])
            and not world.case(who, row["case_id"])
        }
        assert shown == due, who.name
        told += len(due)
    assert told


def test_without_any_setting_nothing_is_shown(records: None) -> None:
    world = World()
    with connection.cursor() as cursor:
        for table in judged(world):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            assert cursor.fetchone() == (0,), table
