"""Names declared by oneself: like names with the reason, reservations, and what they prevent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from xiangyun.domain.accounts.access import ANONYMOUS, Actor, acting_as
from xiangyun.domain.cases.actions import submit_case
from xiangyun.domain.cases.tests.situations import MORNING, actor, written_draft
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.names import actions, queries
from xiangyun.domain.names.models import Reservation
from xiangyun.domain.names.similar import (
    NEARLY,
    SAME,
    SAME_OF_KIND,
    SAME_PART,
    SOUNDS,
    Parts,
    reason,
)
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

SERVICE, HUNCHUN = "market/company-registration", 222404000000


def parts(brand: str, **changed: Value) -> dict[str, Value]:
    made = {
        "name_prefix": "珲春市",
        "brand": brand,
        "industry": "G59",
        "industry_words": "冷链物流",
        "name_form": "有限公司",
    }
    return {**made, **changed}


def check(answers: dict[str, Value], who: Actor = ANONYMOUS) -> queries.Checked:
    pack = catalogue.pack(catalogue.current_version(SERVICE).pk)
    with acting_as(who):
        return queries.check(pack, answers, actor=who, division=HUNCHUN, at=MORNING)


def reserve(who: Actor, brand: str, days: int = 0) -> Reservation:
    at = MORNING + timedelta(days=days)
    with acting_as(who):
        return actions.reserve(SERVICE, parts(brand), actor=who, division=HUNCHUN, at=at)


def refused(found: pytest.ExceptionInfo[Refused]) -> str:
    return found.value.findings[0].id


@pytest.mark.parametrize(
    ("asked", "other", "found"),
    [
        (Parts("珲春市样祥物流有限公司", "样祥"), Parts("珲春市样祥物流有限公司", "样祥"), SAME),
        (Parts("甲", "样祥", "G59"), Parts("乙", "样祥", "G59"), SAME_OF_KIND),
        (Parts("甲", "样祥", "G59"), Parts("乙", "样祥", "H62"), SAME_PART),
        (Parts("甲", "样祥"), Parts("乙", "洋翔"), SOUNDS),
        (Parts("甲", "样祥云"), Parts("乙", "样祥和"), NEARLY),
        (Parts("甲", "样祥云"), Parts("乙", "样祥"), NEARLY),
        (Parts("甲", "样祥"), Parts("乙", "样云"), None),
        (Parts("甲", ""), Parts("乙", ""), None),
    ],
)
def test_a_name_is_near_to_another_for_a_reason(
    asked: Parts, other: Parts, found: int | None
) -> None:
    assert reason(asked, other) == found
    assert reason(other, asked) == found


def test_a_taken_name_is_not_free_and_the_nearest_stands_first() -> None:
    with acting_as(ANONYMOUS):
        known = registers.search("company", "", limit=50).states
    data = next(s.data for s in known if s.data and s.data.get("brand") and s.data.get("industry"))
    taken = check(parts(str(data["brand"]), industry=data["industry"]))
    assert not taken.free
    assert taken.near[0].rules_out
    assert data["name"] in {each.name for each in taken.near}


def test_a_name_that_the_rules_refuse_is_not_free_and_says_which_rule() -> None:
    found = check(parts("样国徽"))
    assert not found.free
    assert any("国徽" in each.text.zh or each.basis for each in found.findings)
    assert check(parts("样净甲")).free


def test_a_reserved_name_is_nobody_elses_for_its_term() -> None:
    wang, li = actor("wang"), actor("li")
    made = reserve(wang, "样留甲")
    assert made.until == MORNING.date() + timedelta(days=60)
    assert reserve(wang, "样留甲").pk == made.pk  # pressed twice, reserved once
    assert check(parts("样留甲"), li).reserved_until == made.until
    assert check(parts("样留甲"), wang).free
    with pytest.raises(Refused) as found:
        reserve(li, "样留甲")
    assert refused(found) == "portal.E015"
    with acting_as(li):
        assert not Reservation.objects.exists()  # whose it is stays unknown
    assert reserve(li, "样留甲", days=61).name == made.name


def test_what_another_has_reserved_counts_among_the_names_near_to_it() -> None:
    wang, li = actor("wang"), actor("li")
    reserve(wang, "洋翔云海")
    found = check(parts("样祥云海"), li)
    assert [(each.name, each.reason.zh, each.rules_out) for each in found.near] == [
        ("珲春市洋翔云海冷链物流有限公司", "已被预留，字号读音相同", False)
    ]
    assert found.free
    again = check(parts("洋翔云海", industry_words="运输"), li)
    assert [(each.reason.zh, each.rules_out) for each in again.near] == [
        ("已被预留，同行业，字号相同", True)
    ]
    assert not again.free
    assert check(parts("洋翔云海"), wang).near == ()  # one's own stands in nobody's way


def test_whoever_has_it_applies_with_it_and_nobody_else() -> None:
    wang, li = actor("wang"), actor("li")
    name = {"name_prefix": "珲春市", "industry": "G59", "industry_words": "冷链物流"}
    reserve(li, "样护甲")
    draft = written_draft(wang, brand="样护甲", name_form="有限公司", **name)
    with pytest.raises(Refused) as found, acting_as(wang):
        submit_case(draft, actor=wang, at=MORNING)
    (fault,) = [each for each in found.value.findings if each.id == "portal.E015"]
    assert fault.place is not None
    assert fault.place.question == "brand"
    with acting_as(li):
        (own,) = queries.of_owner(li, SERVICE, on=MORNING.date())
        actions.release(own.pk, actor=li, division=HUNCHUN, at=MORNING)
        actions.release(own.pk, actor=li, division=HUNCHUN, at=MORNING)  # stays gone
    with acting_as(wang):
        assert submit_case(draft, actor=wang, at=MORNING).number


def test_three_names_at_a_time_and_nobody_unknown() -> None:
    wang = actor("wang")
    for brand in ("样限甲", "样限乙", "样限丙"):
        reserve(wang, brand)
    with pytest.raises(Refused) as found:
        reserve(wang, "样限丁")
    assert refused(found) == "portal.E018"
    with pytest.raises(Refused) as found:
        reserve(ANONYMOUS, "样限戊")
    assert refused(found) == "portal.E016"
    with pytest.raises(Refused) as found:
        reserve(actor("li"), "样国徽")
    assert refused(found) == "portal.E017"


def test_the_database_itself_reserves_nothing_for_another() -> None:
    wang, li = actor("wang"), actor("li")
    with acting_as(wang), pytest.raises(ProgrammingError), transaction.atomic():
        Reservation.objects.create(
            service=SERVICE,
            name="样冒",
            compared="样冒",
            answers={},
            owner=li.account,
            reserved_at=MORNING,
            until=MORNING.date(),
        )
