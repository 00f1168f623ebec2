"""A case has parties in roles, and letters go to roles."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.adapters.packs import packs
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, CaseParty, Letter
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import check_pack

from .situations import act, actor, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

MARKET = "market/company-registration"
ROLE = """parties:
  - role: manager
    kind: person
    name: {{zh-Hans: 法定代表人, en: legal representative}}
    code: legal_representative_id
    party_name: legal_representative
    sees: {sees}
department:"""
HEADER = '<zeebe:header key="letter" value="{letter}" />'


def declared(sees: str, letter: str = "", to: str = "manager") -> dict[str, str | bytes]:
    """The service with a role for the legal representative, and a letter that goes to it."""
    files = dict(read_folder(packs()[MARKET]))
    service = files["service.yaml"].replace("\nversion: 1", "\nversion: 2")
    files["service.yaml"] = service.replace("\ndepartment:", "\n" + ROLE.format(sees=sees), 1)
    if letter:
        drawn = HEADER.format(letter=letter)
        assert drawn in files["process.bpmn"]
        addressed = f'{drawn}<zeebe:header key="to" value="{to}" />'
        files["process.bpmn"] = files["process.bpmn"].replace(drawn, addressed)
    return files


def publish(files: dict[str, str | bytes]) -> None:
    with acting_as(SYSTEM) as platform:
        catalogue.publish(MARKET, files, actor=platform, at=timezone.now())


def with_manager(brand: str = "样甲") -> Case:
    """An application of Wang's that names Li as its legal representative."""
    return submitted(
        actor("wang"),
        brand=brand,
        legal_representative="李样山",
        legal_representative_id="222404198807210014",
    )


def test_a_party_that_sees_the_case_is_shown_it() -> None:
    publish(declared("case"))
    case, li = with_manager(), actor("li")
    with acting_as(li):
        assert Case.objects.filter(pk=case.pk).exists()
        (party,) = CaseParty.objects.all()
        assert (party.role, party.party, party.name) == ("manager", li.account, "李样山")


def test_a_party_of_letters_alone_is_shown_its_letters_and_nothing_else() -> None:
    publish(declared("letters", letter="correction"))
    case, li = with_manager("样祥"), actor("li")  # a name that clashes: the desk decides
    act("shouli", case, "correct", note="请换一个字号")
    with acting_as(li):
        assert not Case.objects.filter(pk=case.pk).exists()
        (letter,) = cases.letters_to(li)
        assert letter.to == "manager"
        assert Letter.objects.count() == 1
    wang = actor("wang")
    with acting_as(wang):
        assert letter.pk not in {each.pk for each in cases.own_letters(wang, case)}


def test_a_letter_to_a_role_that_the_service_does_not_name_is_refused() -> None:
    files = declared("letters", letter="correction", to="nobody")
    assert "pack.E028" in {each.id for each in check_pack(files)}
    with pytest.raises(Refused):
        publish(files)


@pytest.mark.parametrize("key", ["code", "party_name"])
def test_a_party_is_named_by_questions_of_the_form(key: str) -> None:
    files = declared("case")
    service = str(files["service.yaml"])
    asked = {"code": "legal_representative_id", "party_name": "legal_representative"}[key]
    files["service.yaml"] = service.replace(f"{key}: {asked}\n", f"{key}: nobody_asked\n", 1)
    assert files["service.yaml"] != service
    [found] = [each for each in check_pack(files) if each.id == "pack.E025"]
    assert "nobody_asked" in found.message.zh


def test_the_page_of_the_case_shows_who_stands_in_it_and_as_what() -> None:
    publish(declared("case"))
    case = with_manager()
    client = Client()
    client.post("/login", {"as": "shencha"})
    page = client.get(f"/office/cases/{case.pk}").content.decode()
    parties = page[page.index('id="parties"') :].partition("</dl>")[0]
    assert "<dt>申请人</dt><dd>王样云</dd>" in parties
    assert "<dt>法定代表人</dt><dd>李样山</dd>" in parties
