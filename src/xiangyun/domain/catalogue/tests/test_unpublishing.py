"""A service is taken off the catalogue: nobody applies, what runs goes on, and it can come back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.tests.situations import act, actor, submitted
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.cli.story import SERVICE
from xiangyun.kernel.findings import Forbidden, NotFound, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
NOW = datetime(2026, 4, 9, 1, 0, tzinfo=UTC)


def test_nobody_applies_for_a_service_that_is_offered_no_more() -> None:
    wang, publisher = actor("wang"), actor("fabu")
    with acting_as(wang):
        draft = drafts.start_draft(SERVICE, actor=wang, at=NOW)
    catalogue.unpublish(SERVICE, actor=publisher, at=NOW)
    with acting_as(wang):
        with pytest.raises(ServiceVersion.DoesNotExist):
            drafts.start_draft(SERVICE, actor=wang, at=NOW)
        with pytest.raises(Refused) as refused:
            actions.submit_case(draft.id, actor=wang, at=NOW)
    assert [finding.id for finding in refused.value.findings] == ["service.E001"]


def test_a_case_under_way_goes_on_and_the_service_can_come_back() -> None:
    case = submitted(actor("wang"))
    gone = catalogue.unpublish(SERVICE, actor=actor("fabu"), at=NOW).service
    act("shencha", case, "agree")
    back = catalogue.publish(SERVICE, gone.files, actor=actor("fabu"), at=NOW).service
    assert (back.pk, back.number, back.current) == (gone.pk, gone.number, True)
    with acting_as(actor("wang")):
        assert cases.my_cases(actor("wang"))[0].ended_at is None
        drafts.start_draft(SERVICE, actor=actor("wang"), at=NOW)


def test_it_stands_in_the_journal_who_took_a_service_off_and_brought_it_back() -> None:
    publisher = actor("fabu")
    gone = catalogue.unpublish(SERVICE, actor=publisher, at=NOW).service
    catalogue.publish(SERVICE, gone.files, actor=publisher, at=NOW)
    with acting_as(publisher):
        entries = journal.history(SERVICE)[-2:]
    assert [each.verb for each in entries] == ["service.unpublished", "service.published"]
    assert {each.actor_name for each in entries} == {publisher.name}
    assert {each.data["version"] for each in entries} == {gone.number}


def test_only_a_publisher_takes_a_service_off() -> None:
    with pytest.raises(Forbidden):
        catalogue.unpublish(SERVICE, actor=actor("jueding"), at=NOW)


def test_what_is_not_offered_cannot_be_taken_off() -> None:
    publisher = actor("fabu")
    with pytest.raises(NotFound) as refused:
        catalogue.unpublish(SERVICE + "s", actor=publisher, at=NOW)
    [finding] = refused.value.findings
    assert finding.hint is not None
    assert SERVICE in finding.hint.en
