"""The queue of an office: in order, complete, nobody else's, and found by an index."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, Actor, MandateHeld, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, RoleSet, WorkItem
from xiangyun.domain.cases.queries import worklist
from xiangyun.domain.cases.queries.lanes import QueueFilter, lanes_of
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions.queries import children
from xiangyun.kernel.codes.division import subtree

from .situations import MORNING, actor, as_owner, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

TODAY = date(2026, 4, 9)
PROVINCE, CITY, COUNTY = 220000000000, 222400000000, 222404000000
SERVICES = ("market/company-registration", "construction/project-approval")
ROLES = (["reviewer"], ["reviewer"], ["acceptor"], ["approver", "reviewer"])


def official(*mandates: tuple[str, int]) -> Actor:
    held = tuple(MandateHeld(r, d, *subtree(d), "测试窗口（虚构）") for r, d in mandates)
    return Actor("测试员（虚构）", "official", uuid4(), held)


@pytest.fixture
def town() -> int:
    return children(COUNTY)[0].code


@pytest.fixture
def village(town: int) -> int:
    return children(town)[0].code


@pytest.fixture
def work(town: int, village: int) -> list[WorkItem]:
    """Made-up work in a city, a county, a town, a village and elsewhere, some of it closed."""
    chance, versions = Random(7), [catalogue.current_version(code) for code in SERVICES]
    places = [CITY, COUNTY, COUNTY, town, village, 222401000000, 220104000000, PROVINCE]
    items = []
    with acting_as(SYSTEM), as_owner():
        for number in range(400):
            version, division = chance.choice(versions), chance.choice(places)
            due = TODAY + timedelta(days=chance.randint(-9, 9))
            case = Case.objects.create(
                **{"id": uuid4(), "number": f"T{number:06}", "version": version, "owner": uuid4()},
                **{
                    "division": division,
                    "applicant_name": f"测试人{number}（虚构）",
                    "variables": {},
                },
                **{"subject": "测试（虚构）", "submitted_at": MORNING, "clock_from": TODAY},
                **{"due_on": due, "statutory_on": due},
            )
            items.append(_item(case, chance, version.code))
    return items


def _item(case: Case, chance: Random, service: str) -> WorkItem:
    groups = chance.choice(ROLES)
    if len(groups) > 1:
        RoleSet.objects.get_or_create(role=",".join(groups), groups=groups)
    return WorkItem.objects.create(
        **{"case": case, "token": "accept~1", "element": "accept", "name": "受理"},
        **{"groups": groups, "role": ",".join(groups), "service": service},
        **{"division": case.division, "county": case.division // 1_000_000},
        place=case.division if case.division % 1_000_000 else 0,
        opened_at=MORNING,
        due_on=case.due_on,
        amber_on=case.due_on - timedelta(days=chance.choice((0, 3, 6))),
        closed_at=MORNING if chance.random() < 0.2 else None,
    )


def expected(who: Actor, work: list[WorkItem], light: str = "", service: str = "") -> list[int]:
    """The same queue, worked out one by one."""
    mine = [
        item
        for item in work
        if item.closed_at is None
        and any(who.holds(role, item.division) for role in item.groups)
        and service in ("", item.service)
        and light in ("", light_of(item))
    ]
    return [item.pk for item in sorted(mine, key=lambda i: (i.due_on, i.amber_on, i.pk))]


def light_of(item: WorkItem) -> str:
    return "red" if item.due_on < TODAY else "amber" if item.amber_on <= TODAY else "green"


def paged(who: Actor, **asked: str) -> list[int]:
    """All pages of a queue, one behind the other."""
    found, after = [], ""
    with acting_as(who):
        while True:
            page = cases.queue(who, today=TODAY, after=after, limit=7, **asked)
            found += [row.item_id for row in page.rows]
            after = page.next
            if not after:
                return found


def officials(town: int, village: int) -> list[Actor]:
    nested = (("reviewer", CITY), ("reviewer", COUNTY), ("approver", town), ("acceptor", village))
    return [
        *(official(("reviewer", place)) for place in (PROVINCE, CITY, COUNTY, town, village)),
        official(*nested),
        official(("approver", COUNTY), ("reviewer", 220104000000)),
        official(("supervisor", PROVINCE)),
        official(),
    ]


def test_pages_are_complete_in_order_and_without_doubles(work, town, village) -> None:
    for who in officials(town, village):
        assert paged(who) == expected(who, work)


@pytest.mark.parametrize("light", ["red", "amber", "green"])
def test_a_light_and_a_service_are_complete_too(work, town, village, light) -> None:
    for who in officials(town, village):
        assert paged(who, light=light) == expected(who, work, light)
        one = {"light": light, "service": SERVICES[1]}
        assert paged(who, **one) == expected(who, work, **one)


def test_lights_are_counted_exactly_up_to_a_bound(work, town, village, monkeypatch) -> None:
    for who in officials(town, village):
        with acting_as(who):
            counts = cases.queue(who, today=TODAY, service=SERVICES[0]).counts
        for light, count in counts.items():
            assert count == (len(expected(who, work, light, SERVICES[0])), False)
    monkeypatch.setattr(worklist, "COUNTED", 5)
    who = official(("reviewer", PROVINCE))
    with acting_as(who):
        assert cases.queue(who, today=TODAY).counts["red"] == (5, True)


def test_over_a_weekend_no_light_turns_red() -> None:
    """A case of Thursday 2026-04-09 is due on Friday; until Monday nobody is late."""
    case, reviewer = submitted(actor("wang")), actor("shencha")
    due = case.due_on
    assert due.isoformat() == "2026-04-10"
    shown = {}
    for later in range(4):
        with acting_as(reviewer):
            found = cases.queue(reviewer, today=due + timedelta(days=later))
        [row] = [row for row in found.rows if row.case_id == case.pk]
        shown[later] = (row.light, row.days_left)
    assert shown == {0: ("amber", 0), 1: ("amber", 0), 2: ("amber", 0), 3: ("red", -1)}


def test_a_search_goes_on_where_it_has_looked_so_far(work, town, monkeypatch) -> None:
    monkeypatch.setattr(worklist, "SEARCHED", 11)
    who = official(("reviewer", CITY))
    mine = expected(who, work)
    with acting_as(SYSTEM):
        rare = Case.objects.get(work_items=mine[-1])
    assert paged(who, words=rare.applicant_name[:-4]) == [mine[-1]]
    assert paged(who, words="测试") == mine


def test_a_number_is_found_at_once_but_only_in_the_own_queue(work) -> None:
    who, other = official(("reviewer", CITY)), official(("reviewer", 220104000000))
    last = expected(who, work)[-1]
    with acting_as(who):
        number = Case.objects.get(work_items=last).number
        found = cases.queue(who, today=TODAY, words=number)
    assert [row.item_id for row in found.rows] == [last]
    assert paged(other, words=number) == []


def test_lanes_of_elsewhere_show_nothing_of_elsewhere(work) -> None:
    far, near = official(("reviewer", 220104000000)), official(("reviewer", COUNTY))
    lanes = lanes_of(far)
    with acting_as(far):
        assert lanes.first(500, QueueFilter(TODAY))
    with acting_as(near):  # as if a filter had been forgotten
        assert lanes.first(500, QueueFilter(TODAY)) == []
        assert set(lanes.counts(500, QueueFilter(TODAY)).values()) == {0}
    with acting_as(Actor("", "anonymous", UUID(int=0))):
        assert lanes.first(500, QueueFilter(TODAY)) == []


def test_what_a_step_opens_lies_in_its_lane() -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=case, closed_at=None)
    assert (item.role, item.county, item.place) == (
        item.groups[0],
        case.division // 1_000_000,
        0 if case.division % 1_000_000 == 0 else case.division,
    )
    assert item.service == case.version.code


@pytest.mark.parametrize("key", ["x", "2026-04-09_1", "2026-04-09_2026-04-09_99999999999999999999"])
def test_a_key_that_no_page_has_given_out_is_refused(key: str) -> None:
    who = official(("reviewer", COUNTY))
    with acting_as(who), pytest.raises(ValueError, match=r".+"):
        cases.queue(who, today=TODAY, after=key)


@pytest.mark.parametrize("light", ["", "red", "amber", "green"])
def test_every_lane_is_a_range_of_an_index_and_nothing_is_sorted_below(work, light, town) -> None:
    who = official(("reviewer", CITY), ("approver", town), ("acceptor", 220104001000))
    for service in ("", SERVICES[0]):
        for plan in plans(who, light=light, service=service):
            assert "Seq Scan on cases_workitem" not in plan, plan
            assert "Index Only Scan using work_of_county" in plan, plan
            assert "Index Only Scan using work_of_place" in plan, plan
            assert plan.count("Sort Key") <= 1, plan
            # Without a service either index serves: which is cheaper on so small a table depends on
            # what other tests have left in it.
            assert not service or "_service" in plan, plan


def plans(who: Actor, **asked: str) -> list[str]:
    """The plans of the statements that look for lines, on a page that is not the first."""
    said: list[tuple[str, object]] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        said.append((sql, params))
        return execute(sql, params, many, context)

    with acting_as(who), connection.cursor() as cursor:
        # Only the owner may look at what the rows are like. The table of a test is small.
        cursor.execute("SET LOCAL ROLE NONE; ANALYZE cases_workitem; ANALYZE cases_case")
        cursor.execute("SET LOCAL ROLE xiangyun_runtime")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        with connection.execute_wrapper(note):
            cases.queue(who, today=TODAY, after=f"{TODAY}_{TODAY}_0", **asked)
        told = []
        for sql, params in said:
            if "unnest" in sql:
                cursor.execute(f"EXPLAIN {sql}", params)
                told.append("\n".join(line for (line,) in cursor.fetchall()))
        cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan")
    assert len(told) == 2
    return told


def across(role: str, *places: int) -> Actor:
    """Who holds a role of a pack for all departments."""
    held = tuple(MandateHeld(r, d, *subtree(d), "督查处（虚构）", across=True) for r, d in
                 ((role, place) for place in places))  # fmt: skip
    return Actor("督查员（虚构）", "official", uuid4(), held)


@pytest.fixture
def overseen(work: list[WorkItem]) -> list[WorkItem]:
    """Some of the work waits for a role in one department or another, or in a set with one."""
    groups = [["overseer:fire"], ["overseer:water"], ["overseer"], ["reviewer", "overseer:ecology"]]
    with acting_as(SYSTEM), as_owner():
        for number, item in enumerate(work):
            item.groups = groups[number % len(groups)]
            item.role = ",".join(item.groups)
            item.matter = 0 if ":" not in item.role else 46
            item.save(update_fields=["groups", "role", "matter"])
        RoleSet.objects.create(role="reviewer,overseer:ecology", groups=groups[3])
    return work


@pytest.mark.parametrize("place", [PROVINCE, CITY, COUNTY])
def test_who_holds_a_role_across_departments_has_the_lanes_of_all_of_them(
    place: int, overseen: list[WorkItem]
) -> None:
    low, high = subtree(place)
    wanted = {
        item.id for item in overseen if item.closed_at is None and low <= item.division <= high
    }
    who = across("overseer", place)
    with acting_as(who):
        keys = lanes_of(who).first(1000, QueueFilter(TODAY))
    assert {key.id for key in keys} == wanted
    assert len(keys) == len(wanted)


def test_who_holds_it_for_one_department_has_the_lanes_of_that_one(
    overseen: list[WorkItem],
) -> None:
    who = official(("overseer:fire", PROVINCE))
    with acting_as(who):
        keys = lanes_of(who).first(1000, QueueFilter(TODAY))
    fire = {i.id for i in overseen if i.closed_at is None and i.role == "overseer:fire"}
    assert {key.id for key in keys} == fire
