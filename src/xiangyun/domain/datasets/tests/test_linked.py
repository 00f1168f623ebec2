"""Tables of one group are one table to an attacker, and averages tell sums."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.datasets import actions
from xiangyun.domain.datasets.models import Release
from xiangyun.domain.datasets.ports import workshop
from xiangyun.domain.registers import actions as registers
from xiangyun.kernel.findings import Refused

from .test_releases import AT, CHANGES, ON, SHOPS, STALLS, steward

pytestmark = pytest.mark.django_db
LINKED = SHOPS.replace("protect: 20}", "protect: 20, group: shops}").replace(", total: true", "")
BY_PLACE = "\n".join(
    line for line in LINKED.splitlines() if "name: kind" not in line
).replace("shops-by-kind", "shops-by-place") + "\n"  # fmt: skip
BY_OWNER = LINKED.replace("kind", "owner")
REGISTER = STALLS.replace(
    "readers:",
    "  - {name: owner, type: text, words: {zh-Hans: 业主, en: Owner}}\n"
    "  - {name: area, type: integer, words: {zh-Hans: 面积, en: Area}}\nreaders:",
)
HUNCHUN, YANJI = 222404000000, 222401000000


@pytest.fixture
def two(demonstration: None) -> tuple[Actor, Actor]:
    return steward("yi"), steward("er")


def put(**datasets: str) -> None:
    files = {f"datasets/{name.replace('_', '-')}.yaml": text for name, text in datasets.items()}
    files |= {"registers/stall.yaml": REGISTER, "CHANGES.md": CHANGES}
    with acting_as(SYSTEM) as actor:
        catalogue.publish("stalls/open", files, actor=actor, at=AT)


def stalls(*counts: tuple[int, str, str, int | None, int]) -> None:
    number = 0
    for place, kind, owner, area, count in counts:
        for _ in range(count):
            number += 1
            data = {"code": f"S{number}", "division": f"{place:012}", "kind": kind, "owner": owner}
            with acting_as(SYSTEM):
                registers.enter_record(
                    register="stall",
                    key=f"S{number}",
                    division=place,
                    data=data | ({"area": area} if area is not None else {}),
                    source="试验",
                    on=date(2026, 1, 1),
                )


def rows(release: Release | None, sql: str) -> set[tuple[object, ...]]:
    assert release is not None
    return set(workshop().rows(workshop().local(release.digest), sql))


FOUR = (
    (HUNCHUN, "food", "state", None, 1),
    (HUNCHUN, "cloth", "state", None, 6),
    (YANJI, "food", "own", None, 7),
    (YANJI, "cloth", "own", None, 8),
)


def test_a_total_in_another_table_of_the_group_is_hidden_where_it_would_tell(
    two: tuple[Actor, Actor],
) -> None:
    put(shops_by_kind=LINKED, shops_by_place=BY_PLACE)
    stalls(*FOUR)
    first = actions.build_release("shops-by-kind", actor=two[0], at=AT, on=ON)
    county = f"place = '{HUNCHUN}'"
    assert rows(first, f"SELECT kind, shops FROM t WHERE {county}") == {
        ("food", None),
        ("cloth", 6),
    }
    actions.publish("shops-by-kind", actor=two[1], at=AT)
    second = actions.build_release("shops-by-place", actor=two[0], at=AT, on=ON)
    # With the total of the county, 7, the one shop were 7 - 6.
    assert rows(second, f"SELECT shops, suppressed FROM t WHERE {county}") == {(None, True)}
    assert second is not None
    assert second.hidden is not None
    assert second.hidden["beside"] == ["shops-by-kind v1"]


def test_tables_built_at_the_same_time_are_attacked_again_before_the_second_is_published(
    two: tuple[Actor, Actor],
) -> None:
    put(shops_by_kind=LINKED, shops_by_place=BY_PLACE)
    stalls(*FOUR)
    for code in ("shops-by-kind", "shops-by-place"):
        actions.build_release(code, actor=two[0], at=AT, on=ON)
    assert not one_at_a_time()
    actions.publish("shops-by-place", actor=two[1], at=AT)
    assert one_at_a_time()  # until the transaction ends, which here is the test's
    with pytest.raises(Refused, match="kind=food") as refused:
        actions.publish("shops-by-kind", actor=two[1], at=AT)
    assert refused.value.findings[0].id == "dataset.E008"
    again = actions.build_release("shops-by-kind", actor=two[0], at=AT, on=ON)
    assert rows(again, f"SELECT shops FROM t WHERE place = '{HUNCHUN}'") == {(None,)}
    assert actions.publish("shops-by-kind", actor=two[1], at=AT).state == "published"


def one_at_a_time() -> bool:
    """Whether this transaction keeps others from publishing in a group."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND pid = pg_backend_pid()"
            " AND classid::int8 = hashtext('disclosure')::int8 & 4294967295)"
        )
        return bool(cursor.fetchone()[0])


def test_a_margin_that_neither_table_shows_is_worked_with(two: tuple[Actor, Actor]) -> None:
    put(shops_by_kind=LINKED, shops_by_owner=BY_OWNER)
    stalls(*FOUR)
    actions.build_release("shops-by-owner", actor=two[0], at=AT, on=ON)
    actions.publish("shops-by-owner", actor=two[1], at=AT)
    # The one owner of the other table is the margin of the county: 7 - 6 again.
    made = actions.build_release("shops-by-kind", actor=two[0], at=AT, on=ON)
    assert rows(made, f"SELECT shops FROM t WHERE place = '{HUNCHUN}'") == {(None,)}


def test_a_release_with_other_columns_is_no_other_table_to_an_attacker(
    two: tuple[Actor, Actor],
) -> None:
    alone = LINKED.replace(", group: shops", "")
    put(shops_by_kind=alone)
    stalls(*FOUR)
    actions.build_release("shops-by-kind", actor=two[0], at=AT, on=ON)
    actions.publish("shops-by-kind", actor=two[1], at=AT)
    fewer = "\n".join(line for line in alone.splitlines() if "name: kind" not in line) + "\n"
    put(shops_by_kind=fewer)
    made = actions.build_release("shops-by-kind", actor=two[0], at=AT, on=ON)
    assert rows(made, f"SELECT shops FROM t WHERE place = '{HUNCHUN}'") == {(None,)}


def test_an_average_of_too_few_values_is_hidden_beside_a_count_that_is_shown(
    two: tuple[Actor, Actor],
) -> None:
    words = "words: {zh-Hans: 面积, en: Area}"
    area = "  - {name: area, type: number, measure: {average: =area}, " + words + "}\n"
    put(shops_by_kind=SHOPS + area)
    stalls(
        (HUNCHUN, "food", "own", 30, 1),
        (HUNCHUN, "food", "own", None, 6),
        (HUNCHUN, "cloth", "own", 10, 5),
        (YANJI, "food", "own", 20, 6),
        (YANJI, "cloth", "own", 40, 8),
    )
    made = actions.build_release("shops-by-kind", actor=two[0], at=AT, on=ON)
    found = rows(made, f"SELECT kind, shops, area FROM t WHERE place = '{HUNCHUN}'")
    assert ("food", 7, None) in found
    # What would tell it by subtraction goes with it: the sum of the county, or of the other kind.
    assert sum(row[2] is None for row in found) > 1


def test_tables_of_one_group_are_of_the_same_rows(two: tuple[Actor, Actor]) -> None:
    with pytest.raises(Refused) as refused:
        put(shops_by_kind=LINKED, shops_by_place=BY_PLACE + 'when: =kind = "food"\n')
    assert {each.id for each in refused.value.findings} == {"projection.E017"}
