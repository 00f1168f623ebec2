"""Following a case to its end: corrections, the licence, the receipt, withdrawal, rating."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import as_owner

from .conftest import LogIn, fill_in, send

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def press(client: Client, case: str, action: str, note: str = "") -> None:
    """Do the one open task of the case at the workbench."""
    html = page(client, "/office" + case)
    form = re.search(r'action="(/office/cases/[^"]+/tasks/[^"]+)"', html)
    assert form, "no task is open for this official"
    answer = client.post(form[1], {"action": action, "note": note})
    assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def issued(log_in: LogIn) -> tuple[Client, str]:
    """A case whose licence is issued, and its applicant's browser."""
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    press(log_in("shencha"), case, "agree")
    press(log_in("jueding"), case, "approve")
    return wang, case


def licence_of(client: Client, case: str) -> str:
    found = re.search(r'href="(/certificates/[^"]+)"', page(client, case))
    assert found
    return found[1]


def test_the_licence_is_shown_valid_first(issued: tuple[Client, str]) -> None:
    client, case = issued
    html = page(client, licence_of(client, case))
    main = html[html.index("<main") :]
    assert main.index("有效") < main.index("<iframe")


def test_the_paper_is_shut_into_a_sandbox(issued: tuple[Client, str]) -> None:
    client, case = issued
    answer = client.get(licence_of(client, case) + "/paper")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "珲春市样祥云页冷链物流有限公司" in answer.content.decode()


def test_anyone_verifies_the_downloaded_file(issued: tuple[Client, str], tmp_path) -> None:
    client, case = issued
    content = client.get(licence_of(client, case) + "/file").content
    file = tmp_path / "licence.html"
    file.write_bytes(content)
    with file.open("rb") as sent:
        assert 'class="answer good"' in Client().post("/verify", {"file": sent}).content.decode()
    file.write_bytes(content.replace("100万元".encode(), "900万元".encode()))
    with file.open("rb") as sent:
        html = Client().post("/verify", {"file": sent}).content.decode()
    assert 'class="answer late"' in html
    assert "被改动过" in html


def test_anyone_verifies_by_the_identifier(issued: tuple[Client, str]) -> None:
    client, case = issued
    identifier = licence_of(client, case).rsplit("/", 1)[1]
    assert 'class="answer good"' in page(Client(), f"/verify?id={identifier}")


def test_a_licence_is_not_found_by_another_person(
    issued: tuple[Client, str], log_in: LogIn
) -> None:
    client, case = issued
    address = licence_of(client, case)
    for part in ("", "/paper", "/file"):
        assert log_in("li").get(address + part).status_code == 404


def test_an_unknown_identifier_is_unknown(demonstration: None) -> None:
    html = page(Client(), "/verify?id=1.2.156.3005.2.nothing")
    assert "查不到" in html


def test_an_empty_check_asks_for_something(demonstration: None) -> None:
    answer = Client().post("/verify", {})
    assert answer.status_code == 422
    assert 'href="#f-identifier"' in answer.content.decode()


def test_the_receipt_is_a_file_with_proofs(issued: tuple[Client, str]) -> None:
    client, case = issued
    answer = client.get(f"{case}/receipt")
    assert "attachment" in answer["Content-Disposition"]
    assert json.loads(answer.content)["entries"]


def test_a_case_of_somebody_else_is_not_there(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    li = log_in("li")
    for part in ("", "/sent", "/receipt"):
        assert li.get(case + part).status_code == 404
    assert li.post(f"{case}/withdraw").status_code == 404


def test_the_applicant_sees_who_looked(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    page(log_in("shencha"), "/office" + case)
    assert "朴样查" in page(wang, case)


def test_an_official_reads_a_case_at_the_workbench_only(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    assert log_in("shencha").get(case).status_code == 404
    assert log_in("shencha").get("/office" + case).status_code == 200


def test_a_look_at_a_file_is_a_look_at_the_case(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    html = page(log_in("shencha"), "/office" + case)
    file = re.search(rf'href="({case}/files/[^"]+)"', html)
    assert file
    assert "lease.pdf" in log_in("jueding").get(file[1])["Content-Disposition"]
    assert "崔样定" in page(wang, case)


def test_withdrawing_twice_withdraws_once(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    for _ in range(2):
        assert wang.post(f"{case}/withdraw").status_code == 302
    html = page(wang, case)
    assert "已撤回" in html
    assert html.count("<h2>撤回") == 0


def test_a_case_that_runs_cannot_be_rated(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    assert wang.post(f"{case}/rate", {"stars": "5"}).status_code == 409


def test_a_withdrawn_case_is_rated_once(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    wang.post(f"{case}/withdraw")
    missing = wang.post(f"{case}/rate", {"words": "想好了再来"})
    assert missing.status_code == 422
    assert "想好了再来" in missing.content.decode()
    for stars in ("4", "1"):
        wang.post(f"{case}/rate", {"stars": stars, "words": "很快"})
    html = page(wang, case)
    assert "满意" in html
    assert "非常不满意" not in html


def test_a_correction_is_asked_for_made_and_sent_once(log_in: LogIn) -> None:
    wang = log_in("wang")
    draft = fill_in(wang)
    wang.post(
        f"{draft}/pages/name",
        {
            "name_prefix": "珲春市",
            "brand": "样",
            "industry": "G59",
            "industry_words": "冷链物流",
            "name_form": "有限公司",
        },
    )
    case = send(wang, draft)
    press(log_in("shouli"), case, "correct", "字号至少两个汉字")
    html = page(wang, case)
    link = re.search(r'href="(/cases/[^"]+/correct/[^"]+)"', html)
    assert link
    html = page(wang, link[1])
    assert 'id="f-brand-error"' in html
    typed = dict(
        re.findall(r'<input id="f-[^"]+" name="([^"]+)" type="text" value="([^"]*)"', html)
    )
    typed |= {
        "brand": "样祥云改",
        "industry": "G59",
        "name_form": "有限公司",
        "premises_kind": "rented",
        "legal_representative_post": "director",
        "scope": ["cold_storage"],
        "articles": "model",
        "bank": "frontier",
        "paper_licence": "none",
        "promise": "true",
    }
    for _ in range(2):
        answer = wang.post(link[1], typed)
        assert answer["Location"] == case, answer.content.decode()
    assert "样祥云改" in page(wang, case)


def test_in_english_the_office_has_its_english_name_in_the_history(
    issued: tuple[Client, str],
) -> None:
    client, case = issued
    html = client.get(case, headers={"accept-language": "en"}).content.decode()
    seen = html[html.index('id="seen"') : html.index("<aside")]
    assert "Hunchun City Market Regulation Bureau (demonstration) · Xiangyun" in seen
    assert "珲春市市场监督管理局（演示）" not in seen


def test_whoever_has_the_result_sent_types_nothing_that_the_case_knows(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    said = {"telephone": "0433-7512345", "email": "", "address": "靖和街道（虚构）1 号"}
    assert wang.post(f"{case.replace('cases', 'contact')}/", said).status_code == 302
    press(log_in("shencha"), case, "agree")
    press(log_in("jueding"), case, "approve")
    with as_owner():  # tax, seal and bank answer later, by the queue
        ended = {"ended_at": timezone.now(), "outcome": "issued"}
        Case.objects.filter(pk=case.rpartition("/")[2]).update(**ended)
    post = f"{case.replace('cases', 'post')}/"
    form = page(wang, post)
    for known in ("王样云", "0433-7512345", "靖和街道（虚构）1 号"):
        assert f'value="{known}"' in form
    typed = {"recipient": "李样山", "phone": "13800000000", "address": "口岸大路（虚构）2 号"}
    assert wang.post(post, typed).status_code == 302
    assert "李样山, 口岸大路（虚构）2 号" in page(wang, post)
