"""Ratings: once a case, at a counter, once more after rectification; the rated never sees who."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import queries as of_cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.models import Rating as OfACase
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.ratings import actions, queries, rectifying
from xiangyun.domain.ratings.models import Rating
from xiangyun.kernel.findings import Conflict, NotFound

pytestmark = pytest.mark.django_db
SERVICE, HUNCHUN = "market/company-registration", 222404000000


@pytest.fixture(autouse=True)
def _demonstrated(demonstration: None) -> None:
    pass


def ended() -> Case:
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        cases.withdraw_case(case.pk, actor=wang, at=MORNING)
    return case


def rate(case: Case, stars: int, **more: object) -> None:
    wang = actor("wang")
    with acting_as(wang):
        actions.rate_case(case.pk, stars, "慢", actor=wang, at=MORNING, **more)


def opened_by(service: str) -> list[Case]:
    with acting_as(SYSTEM):
        return list(Case.objects.filter(version__code=service).order_by("submitted_at"))


def do(case: Case, login: str, action: str, note: str = "") -> None:
    who = actor(login)
    with acting_as(who):
        task = of_cases.open_tasks(who, Case.objects.get(pk=case.pk))[0]
        cases.complete_task(
            case.pk, task.id, action=action, note=note, actor=who, at=timezone.now()
        )


def follow() -> None:
    with acting_as(SYSTEM):
        rectifying.take(list(Entry.objects.all()))


def test_a_good_rating_sets_nothing_going() -> None:
    rate(ended(), 5, chosen=["quick", "bogus"])
    with acting_as(SYSTEM):
        assert Rating.objects.get().tags == ["quick"]
    assert opened_by("government/rating-rectification") == []


@pytest.mark.parametrize("stars", [1, 2])
def test_a_bad_rating_goes_to_the_rated_department_without_saying_who(stars: int) -> None:
    case = ended()
    rate(case, stars, chosen=["slow"], contact="13900000001")
    [opened] = opened_by("government/rating-rectification")
    with acting_as(SYSTEM):
        entries = list(Entry.objects.filter(subject=opened.number))
        told = repr((opened.variables, [(e.data, e.private) for e in entries]))
    assert "慢" in told
    assert "市场监督" in told or "market_supervision" in told
    for secret in ("13900000001", "王样云", case.number, str(case.pk), "222404199203150027"):
        assert secret not in told
    with acting_as(actor("jueding")) as who:
        assert of_cases.open_tasks(who, opened)
    with acting_as(actor("minzheng")):
        assert not Case.objects.filter(pk=opened.pk).exists()


def test_the_id_of_a_rectification_does_not_follow_from_the_rated_case() -> None:
    case, ids = ended(), set()
    for _ in range(2):
        with transaction.atomic():  # whoever handles both sees both ids, and could try every case
            rate(case, 1)
            [opened] = opened_by("government/rating-rectification")
            ids.add(opened.pk)
            transaction.set_rollback(True)
    assert len(ids) == 2


def test_whoever_handled_the_case_reads_no_rating_of_it() -> None:
    case = ended()
    rate(case, 1)
    for login in ("shouli", "shencha", "jueding"):
        with acting_as(actor(login)):
            assert Case.objects.filter(pk=case.pk).exists()
            assert not OfACase.objects.filter(case=case).exists()
            assert not Rating.objects.exists()
            entries = Entry.objects.filter(subject=case.number)
            assert not [entry for entry in entries if "rat" in entry.verb]
    with acting_as(actor("wang")):
        assert OfACase.objects.filter(case=case).exists()


def test_it_is_rectified_called_back_and_rated_again() -> None:
    case, wang = ended(), actor("wang")
    rate(case, 2, contact="13900000001")
    [opened] = opened_by("government/rating-rectification")
    with acting_as(wang), pytest.raises(Conflict):
        actions.rate_again(case.pk, 4, "", actor=wang, at=MORNING)
    do(opened, "jueding", "report_rectified", "已改用一次性告知单")
    assert opened_by("government/rating-callback") == []
    do(opened, "duban", "confirm_rectification")
    follow()
    follow()  # what is read twice is called once
    [call] = opened_by("government/rating-callback")
    with acting_as(SYSTEM):
        assert Rating.objects.get().contact == ""
    with acting_as(actor("jueding")):
        assert not Case.objects.filter(pk=call.pk).exists()
    assert queries.standing(case.pk).may_again
    with acting_as(wang):
        actions.rate_again(case.pk, 4, "好了", actor=wang, at=MORNING)
    with acting_as(wang), pytest.raises(Conflict):
        actions.rate_again(case.pk, 1, "", actor=wang, at=MORNING)
    assert queries.standing(case.pk).again == 4


def test_a_stranger_rates_no_case_again() -> None:
    case, stranger = ended(), actor("li")
    rate(case, 1)
    with acting_as(stranger), pytest.raises(ObjectDoesNotExist):
        actions.rate_again(case.pk, 5, "", actor=stranger, at=MORNING)


def test_a_counter_is_rated_and_only_one_that_is_there() -> None:
    actions.rate_counter(SERVICE, HUNCHUN, 1, "推来推去", at=MORNING, chosen=["passed_around"])
    assert len(opened_by("government/rating-rectification")) == 1
    for service, division in (("no/such", HUNCHUN), (SERVICE, 999999000000)):
        with pytest.raises(NotFound):
            actions.rate_counter(service, division, 5, "", at=MORNING)


def test_a_rating_counts_where_nobody_takes_bad_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rectifying, "LOW", "nobody.takes")
    actions.rate_counter(SERVICE, HUNCHUN, 1, "", at=MORNING)
    with acting_as(SYSTEM):
        assert Rating.objects.get().rectification is None


def test_figures_are_public_where_there_are_enough_ratings() -> None:
    for stars in (5, 5, 4, 2):
        actions.rate_counter(SERVICE, HUNCHUN, stars, "", at=MORNING)
    assert queries.by_service() == []
    actions.rate_counter(SERVICE, HUNCHUN, 4, "", at=MORNING)
    [found] = queries.by_service()
    assert (found.service, found.count, str(found.average)) == (SERVICE, 5, "4.00")
    assert (str(found.content), str(found.rectified)) == ("0.800", "0.000")
    [office] = queries.by_office()
    assert (office.division, office.count) == (HUNCHUN, 5)


def test_ids_of_ratings_lead_from_a_case_and_not_back() -> None:
    case = UUID(int=1)
    assert queries.of_case(case) == queries.of_case(case) != case
