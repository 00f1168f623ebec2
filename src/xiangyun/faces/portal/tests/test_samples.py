"""Before one begins: blank forms, samples of materials and of the result."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from xiangyun.domain import editions
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue import samples
from xiangyun.kernel.pack import Declaration

from .conftest import SERVICE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def read(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_guide_leads_to_the_blank_form_and_the_sample_of_a_material() -> None:
    guide = read(f"/services/{SERVICE}")
    papers = f"/services/{SERVICE}/papers/neighbours-consent"
    assert f'href="{papers}/blank"' in guide
    assert f'href="{papers}/sample"' in guide
    blank, sample = read(f"{papers}/blank"), read(f"{papers}/sample")
    for label in ("房屋坐落", "业主签名和日期"):
        assert label in blank
        assert label in sample
    assert "李样邻（虚构）" not in blank
    assert "李样邻（虚构）" in sample
    assert "样本" in sample


def test_an_english_reader_gets_both_in_english() -> None:
    client = Client()
    client.post("/language", {"language": "en", "next": "/"})
    sample = read(f"/services/{SERVICE}/papers/lease/sample", client)
    assert "SAMPLE" in sample
    assert "Office of a company" in sample
    assert "公司办公" not in sample


def test_a_paper_is_shown_only_as_what_a_material_names_it_for() -> None:
    for address in ("papers/lease/blank", "papers/x/sample", "papers/service/blank"):
        assert Client().get(f"/services/{SERVICE}/{address}").status_code == 404, address


def test_the_application_itself_is_a_blank_form_with_every_question() -> None:
    form = catalogue.pack(catalogue.current_version(SERVICE).pk).form
    blank = read(f"/services/{SERVICE}/form")
    for page in form.pages:
        assert page.title.zh in blank
    asked = [q for q in form.questions if q.kind not in ("file", "filepicker") and not q.computed]
    assert len(asked) > 10
    for question in asked:
        assert question.label.zh in blank
    assert "□ 是" in blank  # to be ticked: there is no choice to name
    assert "□ 批发业" in blank


def test_the_sample_of_a_licence_is_marked_made_up_and_verifies_as_nothing() -> None:
    assert f'href="/services/{SERVICE}/sample"' in read(f"/services/{SERVICE}")
    page = read(f"/services/{SERVICE}/sample")
    assert f'src="/services/{SERVICE}/sample/paper"' in page
    paper = Client().get(f"/services/{SERVICE}/sample/paper")
    assert "sandbox" in paper["Content-Security-Policy"]
    text = paper.content.decode()
    assert 'class="specimen">样本<br><span lang="en">SAMPLE</span>' in text
    assert "营业执照" in text
    assert "虚构" in text
    assert 'type="application/json"' not in text
    identifier = re.search(r"<code>([^<]+)</code>", text)
    assert identifier is not None
    assert "查不到" in read(f"/verify?id={identifier[1]}")


def test_a_service_without_a_certificate_shows_its_last_letter() -> None:
    page = read("/services/credit/repair/sample")
    assert "样本" in page
    assert "<iframe" not in page
    assert Client().get("/services/credit/repair/sample/paper").status_code == 404


def test_every_sample_that_a_pack_names_is_there() -> None:
    shown = 0
    for version in catalogue.current_services():
        pack = catalogue.pack(version.pk)
        if pack.service.result.sample:
            read(f"/services/{version.code}/sample")
            shown += 1
        for material in pack.service.materials:
            for kind, name in (("sample", material.sample), ("blank", material.blank)):
                if name:
                    read(f"/services/{version.code}/papers/{name}/{kind}")
                    shown += 1
    assert shown >= 10


def test_a_sample_reads_no_more_of_the_catalogue_than_its_example_may_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = set[str]()

    def noted(kind: str) -> list[Declaration]:
        asked.add(kind)
        return catalogue.declared(kind)

    monkeypatch.setattr(samples, "declared", noted)
    with monkeypatch.context() as patched:
        patched.setattr(editions, "now", lambda app: None)  # nothing is remembered
        assert samples.sample_of(catalogue.current_version(SERVICE).pk) is not None
    assert asked == {"connector", "register", "resource"}


def test_a_service_without_a_sample_offers_none() -> None:
    guide = read("/services/market/stall-report")
    assert "/services/market/stall-report/sample" not in guide
    assert Client().get("/services/market/stall-report/sample").status_code == 404


def test_a_program_reads_where_samples_and_blank_forms_are() -> None:
    guide = Client().get(f"/api/services/{SERVICE}").json()
    by_key = {each["key"]: each for each in guide["materials"]}
    assert by_key["neighbours_consent"]["blank"].endswith("/papers/neighbours-consent/blank")
    assert by_key["premises_proof"]["blank"] is None
    assert by_key["premises_proof"]["sample"].endswith("/papers/lease/sample")
    assert guide["result_sample"].endswith(f"/services/{SERVICE}/sample")
