"""What a service says of whom, when and where is obeyed: at the start, at the end, at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as known
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.cases.models import Case, Draft
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.faces.cli.demonstration import HUNCHUN, PASSWORD
from xiangyun.faces.cli.story import SERVICE
from xiangyun.kernel.findings import Conflict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
NOW = datetime(2026, 4, 9, 1, 0, tzinfo=UTC)
ONLINE = "filing_desks: [online, window, village_desk]"


def published(old: str, new: str) -> None:
    """The service of the story in a new version that says something else."""
    with acting_as(SYSTEM) as system:
        files = dict(ServiceVersion.objects.get(code=SERVICE, current=True).files)
        assert old in files["service.yaml"]
        files["service.yaml"] = files["service.yaml"].replace(old, new, 1)
        catalogue.publish(SERVICE, files, actor=system, at=NOW)


SUSPENDED = ("state: in_force", "state: suspended")
OVER = ("planned_until: null", "planned_until: 2026-04-08")
LATER = ("planned_from: 2024-07-01", "planned_from: 2026-04-10")
COMPANIES = ("applicants: [person, company]", "applicants: [company]")
PERSONS = ("applicants: [person, company]", "applicants: [person]")
AT_WINDOWS = (ONLINE, "filing_desks: [window]")
CHANGES = {
    "service.E002": SUSPENDED,
    "service.E004": LATER,
    "service.E005": OVER,
    "service.E006": COMPANIES,
    "service.E007": AT_WINDOWS,
}


def begun(who: Actor) -> Draft:
    with acting_as(who):
        return drafts.start_draft(SERVICE, actor=who, at=NOW)


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Conflict) as refusal:
        act()
    return [finding.id for finding in refusal.value.findings]


@pytest.mark.parametrize("id", CHANGES)
def test_an_application_that_the_service_does_not_take_is_not_begun(id: str) -> None:
    published(*CHANGES[id])
    assert refused(lambda: begun(actor("wang"))) == [id]
    assert not Draft.objects.filter(version__code=SERVICE).exists()


@pytest.mark.parametrize("id", CHANGES)
def test_one_that_was_begun_before_is_not_sent_either(id: str) -> None:
    wang = actor("wang")
    draft = begun(wang)
    published(*CHANGES[id])
    with acting_as(wang):
        assert refused(lambda: actions.submit_case(draft.id, actor=wang, at=NOW)) == [id]
        assert not Case.objects.filter(pk=draft.pk).exists()


def company() -> Actor:
    login = "yangfirm"
    accounts.open_account(
        login=login,
        password=PASSWORD,
        name="珲春市样例贸易有限公司",
        kind="company",
        id_number="91110000600037341L",
        division=HUNCHUN,
    )
    found = known.actor_by_password(login, PASSWORD)
    assert found is not None
    return found


def test_a_company_applies_where_companies_may_and_nowhere_else() -> None:
    firm = company()
    assert begun(firm).owner == firm.account
    published(*PERSONS)
    assert refused(lambda: begun(firm)) == ["service.E006"]


def test_a_village_desk_files_only_what_is_filed_there() -> None:
    desk, li = actor("bangban"), actor("li")

    def file() -> Draft:
        with acting_as(desk):
            return drafts.start_draft(SERVICE, actor=desk, at=NOW, owner=li.account)

    assert file().filed_by == desk.account
    published(ONLINE, "filing_desks: [online, window]")
    assert refused(file) == ["service.E007"]


def test_of_several_desks_the_one_is_taken_at_which_the_service_is_filed() -> None:
    published(ONLINE, "filing_desks: [post]")
    login, li = "liangchuang", actor("li")
    account = accounts.open_account(
        login=login, password=PASSWORD, name="双样窗", kind="official", division=HUNCHUN
    )
    for division, name in ((222404001001, "代办点（演示）"), (HUNCHUN, "县窗口（演示）")):
        accounts.give_mandate(account, role="desk", division=division, desk=name)
    found = known.actor_by_password(login, PASSWORD)
    assert found is not None
    with acting_as(found):
        draft = drafts.start_draft(SERVICE, actor=found, at=NOW, owner=li.account)
    assert draft.filed_desk == "县窗口（演示）"
