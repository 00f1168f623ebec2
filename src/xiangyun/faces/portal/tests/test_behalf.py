"""A director acts for companies and a child for a parent; what ended gives nothing any more."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases.models import Case, Draft
from xiangyun.domain.cases.tests.situations import act, actor, submitted
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.parties import actions as parties
from xiangyun.kernel.findings import Forbidden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

WANG, LI = "222404199203150027", "222404198807210014"


def client_of(login: str) -> Client:
    client = Client()
    client.post("/login", {"as": login})
    return client


def company(name: str = "珲春市样代贸易有限公司（虚构）") -> UUID:
    with acting_as(SYSTEM):
        return parties.ensure(
            "organisation", f"91222404MA0XY{abs(hash(name)) % 9999:04}X", name,
            division=222404000000,
        ).pk  # fmt: skip


def lets(party: UUID, login: str, *departments: str) -> int:
    who = actor(login).account
    assert who
    return representing.represent(
        SYSTEM, party=party, representative=who, proof="register", reference="企业登记库",
        departments=departments, at=timezone.now(),
    ).pk  # fmt: skip


def filed(who: Actor, **changed: object) -> Case:
    """An application for a party of which no register of persons knows: its answers are typed."""
    typed = {"applicant_name": "李样山", "applicant_id": LI, "contact_phone": "13804330002"}
    return submitted(who, **typed, **changed)


def test_log_in_offers_for_whom_and_the_page_says_for_whom_one_acts() -> None:
    client = Client()
    assert client.post("/login", {"as": "li"})["Location"] == "/"
    firm = company()
    lets(firm, "li")
    client = Client()
    assert client.post("/login", {"as": "li"})["Location"].startswith("/account/behalf")
    page = client.get("/account/behalf").content.decode()
    assert "珲春市样代贸易有限公司（虚构）" in page
    assert client.post("/account/behalf/act", {"party": str(firm)}).status_code == 302
    assert "代 珲春市样代贸易有限公司（虚构）" in client.get("/cases").content.decode()
    client.post("/account/behalf/act", {"party": ""})
    assert "代 珲春市" not in client.get("/cases").content.decode()


def test_what_a_director_files_is_the_companys_and_follows_who_acts_for_it() -> None:
    firm = company()
    ends, li = lets(firm, "li"), actor("li")
    lets(firm, "wang")
    for_firm = representing.for_party(li, firm)
    assert for_firm is not None
    case = filed(for_firm)
    assert (case.owner, case.filed_by) == (firm, None)
    one, other = client_of("li"), client_of("wang")
    address = f"/cases/{case.pk}"
    assert one.get(address).status_code == 404  # as oneself, it is none of his
    for client in (one, other):
        client.post("/account/behalf/act", {"party": str(firm)})
        assert client.get(address).status_code == 200
    one.post(f"/account/behalf/{ends}/end")
    assert one.get(address).status_code == 404
    assert case.number not in one.get("/cases").content.decode()
    assert other.get(address).status_code == 200
    with acting_as(SYSTEM):
        sent = Entry.objects.get(subject=case.number, verb="case.submitted")
        assert (sent.actor, sent.owner) == (li.account, firm)


def test_a_child_applies_for_a_parent_whose_consent_is_given_on_the_page() -> None:
    parent, child = client_of("wang"), client_of("li")
    wrong = parent.post("/account/behalf/consent", {"name": "别人", "id_number": LI})
    assert wrong.status_code == 422
    assert "party.E005" not in wrong.content.decode()
    assert (
        parent.post("/account/behalf/consent", {"name": "李样山", "id_number": LI}).status_code
        == 302
    )
    wang = actor("wang").account
    child.post("/account/behalf/act", {"party": str(wang)})
    child.post("/services/market/company-registration/apply")
    with acting_as(SYSTEM):
        draft = Draft.objects.get(sent=False)
        assert (draft.owner, draft.filed_by) == (wang, None)
    assert parent.get(f"/apply/{draft.pk}").status_code in (200, 302)


def test_nobody_acts_for_whom_he_does_not_represent() -> None:
    firm = company()
    client = client_of("li")
    assert client.post("/account/behalf/act", {"party": str(firm)}).status_code == 403
    assert client.post("/account/behalf/act", {"party": "x"}).status_code == 404
    assert "代 珲春市" not in client.get("/cases").content.decode()
    given = lets(firm, "wang")
    assert client.post(f"/account/behalf/{given}/end").status_code == 404


def test_who_acts_in_some_matters_neither_sees_nor_applies_for_others() -> None:
    firm = company()
    lets(firm, "wang")
    lets(firm, "li", "housing")
    in_all = representing.for_party(actor("wang"), firm)
    in_one = representing.for_party(actor("li"), firm)
    assert in_all is not None
    assert in_one is not None
    case = filed(in_all)
    with acting_as(in_one):
        assert not Case.objects.filter(pk=case.pk).exists()
    with pytest.raises(Forbidden, match=r"party\.E011"):
        filed(in_one, brand="样二")


def test_an_official_does_no_task_for_a_party_that_he_represents() -> None:
    firm = company()
    lets(firm, "shencha")
    lets(firm, "wang")
    for_firm = representing.for_party(actor("wang"), firm)
    assert for_firm is not None
    case = filed(for_firm)
    with pytest.raises(Forbidden, match=r"case\.E023"):
        act("shencha", case, "agree")


def test_a_token_names_the_party_and_a_strangers_is_refused() -> None:
    firm = company()
    ends = lets(firm, "li")
    li = actor("li")
    with acting_as(li):
        token = accounts.issue_token(li, label="测试", at=timezone.now())
    for_firm = representing.for_party(li, firm)
    assert for_firm is not None
    case = filed(for_firm)
    asking = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    program = Client()
    assert program.get(f"/api/cases/{case.pk}", **asking).status_code == 404
    named = {**asking, "HTTP_XIANGYUN_SUBJECT": str(firm)}
    assert program.get(f"/api/cases/{case.pk}", **named).status_code == 200
    (listed,) = program.get("/api/subjects", **asking).json()
    assert listed["party"] == str(firm)
    representing.end(li, ends, reason="", at=timezone.now())
    for given in (str(firm), "x"):
        refused = program.get("/api/cases", **{**asking, "HTTP_XIANGYUN_SUBJECT": given})
        assert refused.status_code == 403
        assert refused.json()["findings"][0]["id"] == "party.E010"
