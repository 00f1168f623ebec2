"""From the guide to a case, as somebody without JavaScript does it."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xiangyun.kernel.bpmn.drawing.style import STYLE

from .conftest import SERVICE, LogIn, begin, fill_in, lease, send, typed_pages

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def message_beside(html: str, key: str) -> str:
    """The message of the field, as it stands right above its control."""
    found = re.search(rf'id="f-{re.escape(key)}-error">(.*?)</p>', html, re.S)
    assert found, f"no message beside {key}"
    return found[1]


def cases_in(html: str) -> set[str]:
    return set(re.findall(r'href="/cases/([0-9a-f-]{36})"', html))


def test_the_guide_shows_three_figures_and_one_button(demonstration: None) -> None:
    html = page(Client(), f"/services/{SERVICE}")
    assert html.count("<dt>", html.index('class="figures"'), html.index("</dl>")) == 3
    assert html.count('<button class="button">') == 1
    assert "《市场主体登记管理条例》" in html


def test_starting_without_login_leads_to_the_login_and_back(demonstration: None) -> None:
    answer = Client().post(f"/services/{SERVICE}/apply")
    assert unquote(answer["Location"]) == f"/login?next=/services/{SERVICE}/apply"


def test_what_the_register_knows_is_shown_not_asked(log_in: LogIn) -> None:
    client = log_in("wang")
    html = page(client, begin(client) + "/pages/who")
    assert "王样云" in html
    assert "人口库" in html
    assert 'name="applicant_id"' not in html


def test_a_full_application_becomes_a_case(log_in: LogIn) -> None:
    client = log_in("wang")
    case = send(client, fill_in(client))
    html = page(client, case)
    assert "珲春市样祥云页冷链物流有限公司" in html
    assert html.index("现在") < html.index("接下来") < html.index("最迟") < html.index("您要做的")


def test_a_double_click_makes_one_case(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    assert send(client, draft) == send(client, draft)
    assert len(cases_in(page(client, "/cases"))) == 1


def test_a_page_resent_after_sending_changes_nothing(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    case = send(client, draft)
    late = client.post(f"{draft}/pages/name", {**typed_pages()["name"], "brand": "别的"})
    assert late["Location"] == case
    assert "样祥云页" in page(client, case)


@pytest.mark.parametrize(
    ("key", "field", "wrong"),
    [
        ("officers", "legal_representative_id", "222404199203150028"),
        ("officers", "legal_representative_id", "1234"),
        ("capital", "shareholders.0.id_number", "222404199203150028"),
        ("capital", "shareholders.0.paid_in_by", "2029-02-30"),
        ("capital", "capital", "一百"),
        ("capital", "capital", "-5"),
        ("premises", "premises_division", "不存在的地方"),
        ("name", "industry", "Z99"),
        ("name", "brand", ""),
    ],
)
def test_a_wrong_value_gets_a_message_beside_it_and_keeps_what_was_typed(
    log_in: LogIn, key: str, field: str, wrong: str
) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = {**typed_pages()[key], field: wrong}
    answer = client.post(f"{draft}/pages/{key}", typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert len(message_beside(html, field)) > 5
    assert f'href="#f-{field}"' in html  # the summary on top leads to the field
    for name, value in typed.items():
        if isinstance(value, str) and value and name not in ("industry", "name_form"):
            assert value in html, f"{name} was forgotten"


def test_an_oversized_file_gets_a_message_beside_it_and_the_rest_is_kept(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    large = SimpleUploadedFile("large.pdf", b"0" * 10_500_000, "application/pdf")
    typed = {**typed_pages()["premises"], "premises_proof": large}
    answer = client.post(f"{draft}/pages/premises", typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "10 MB" in message_beside(html, "premises_proof")
    assert "靖和街道（虚构）口岸大路12号" in html


def test_a_file_of_another_kind_is_refused(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    program = SimpleUploadedFile("lease.exe", b"MZ", "application/pdf")
    typed = {**typed_pages()["premises"], "premises_proof": program}
    answer = client.post(f"{draft}/pages/premises", typed)
    assert "lease.exe" in message_beside(answer.content.decode(), "premises_proof")


def test_a_file_once_received_is_not_asked_again(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    client.post(f"{draft}/pages/premises", typed_pages()["premises"])
    again = {k: v for k, v in typed_pages()["premises"].items() if k != "premises_proof"}
    assert client.post(f"{draft}/pages/premises", again).status_code == 302
    assert "lease.pdf" in page(client, f"{draft}/pages/premises")


def test_a_place_is_found_by_its_name(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = {**typed_pages()["premises"], "premises_division": "珲春市 英安镇"}
    assert client.post(f"{draft}/pages/premises", typed).status_code == 302
    assert "英安镇" in page(client, f"{draft}/check")


def test_a_name_that_several_places_have_is_offered_for_choice(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = {**typed_pages()["premises"], "premises_division": "新兴"}
    html = client.post(f"{draft}/pages/premises", typed).content.decode()
    choices = re.findall(r'name="premises_division\.pick" value="(\d{12})"', html)
    assert len(choices) > 1
    typed = {**typed, "premises_division.pick": choices[0], "premises_proof": lease()}
    assert client.post(f"{draft}/pages/premises", typed).status_code == 302


def test_a_place_is_looked_up_by_a_button_before_its_page_is_sent(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = {
        "premises_division": "新兴",
        "premises_detail": "口岸大路",
        "find": "premises_division",
    }
    answer = client.post(f"{draft}/pages/premises", typed)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count('name="premises_division.pick"') > 1
    assert 'class="error"' not in html
    assert 'value="口岸大路"' in html
    typed["premises_division"] = "没有这个地方"
    html = client.post(f"{draft}/pages/premises", typed).content.decode()
    assert html.count('class="error"') == 1


def test_a_code_becomes_the_name_of_its_place_and_one_that_is_none_is_not_found(
    log_in: LogIn,
) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = {**typed_pages()["premises"], "premises_division": "222404100000"}
    assert client.post(f"{draft}/pages/premises", typed).status_code == 302
    assert re.search(r'value="[^"]*珲春市 \w+"', page(client, f"{draft}/pages/premises"))
    typed["premises_division"] = "222404999999"
    answer = client.post(f"{draft}/pages/premises", typed)
    assert answer.status_code == 422
    assert "没有找到“222404999999”" in answer.content.decode()


def test_places_are_suggested_with_their_path_those_of_the_region_first(log_in: LogIn) -> None:
    client = log_in("wang")
    found = client.get("/places", {"q": "英安"}).json()["places"]
    assert any(name.endswith("珲春市 英安镇") for name in found)
    assert len(client.get("/places", {"q": "新"}).json()["places"]) == 12
    assert client.get("/places", {"q": "222404100000"}).json()["places"] == []


def test_a_row_with_a_wrong_cell_keeps_its_other_cells_when_one_comes_back(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = {**typed_pages()["capital"], "shareholders.0.amount": "很多"}
    assert client.post(f"{draft}/pages/capital", typed).status_code == 422
    html = page(client, f"{draft}/pages/capital")
    name = typed_pages()["capital"]["shareholders.0.name"]
    assert f'value="{name}"' in html
    assert "很多" not in html


def test_an_answer_that_brings_up_a_question_shows_it_before_going_on(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = {**typed_pages()["premises"], "premises_kind": "residential"}
    answer = client.post(f"{draft}/pages/premises", typed)
    assert answer["Location"].endswith("#f-neighbours_consent")
    assert 'name="neighbours_consent"' in page(client, f"{draft}/pages/premises?more=1")
    again = {k: v for k, v in typed.items() if k != "premises_proof"}
    answer = client.post(f"{draft}/pages/premises", again)
    assert answer["Location"].endswith("/pages/capital")


def test_a_row_is_added_and_removed_without_losing_what_was_typed(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = typed_pages()["capital"]
    html = client.post(f"{draft}/pages/capital", {**typed, "add": "shareholders"}).content.decode()
    assert 'name="shareholders.1.name"' in html
    assert "王样云" in html
    typed = {**typed, "shareholders.1.name": "李样山", "drop": "shareholders.0"}
    html = client.post(f"{draft}/pages/capital", typed).content.decode()
    assert "李样山" in html
    assert "shareholders.0.name" not in html


def test_sending_an_unfinished_application_says_what_is_missing(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    answer = client.post(f"{draft}/check")
    assert answer.status_code == 422
    assert "字号" in answer.content.decode()
    assert not cases_in(page(client, "/cases"))


def test_a_draft_of_somebody_else_is_not_there(log_in: LogIn) -> None:
    draft = begin(log_in("wang"))
    assert log_in("li").get(f"{draft}/pages/name").status_code == 404


def test_the_application_reads_in_english_too(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    client.post("/language", {"language": "en", "next": "/"})
    html = page(client, f"{draft}/check")
    assert "Check before you send" in html
    assert "Registered capital" in html


def test_pages_carry_no_inline_script_or_style(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    case = send(client, draft)
    for address in ("/", f"/services/{SERVICE}", "/cases", case, "/verify", "/login", "/region"):
        html = page(client, address).replace(f"<style>{STYLE}</style>", "")
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html), address
        assert "虚构" in html, "the page must say that its people are fictitious"


def test_the_one_style_that_drawings_carry_is_let_through_by_its_hash(
    demonstration: None,
) -> None:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = Client().get("/")["Content-Security-Policy"]
    assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_no_template_has_words_in_one_language_only() -> None:
    faces = Path(__file__).resolve().parents[2]
    for file in faces.glob("*/templates/**/*.html"):
        bare = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", file.read_text("utf-8"), flags=re.S)
        found = re.findall(r"[\u4e00-\u9fff]{2,}", bare.replace("中文", ""))
        assert not found, (file.name, found)


def test_a_place_is_named_in_english_and_shown_so_to_who_reads_english(log_in: LogIn) -> None:
    client = log_in("wang")
    client.cookies["django_language"] = "en"
    draft = begin(client)
    typed = {**typed_pages()["premises"], "premises_division": "jingbian village, ying'an town"}
    assert client.post(f"{draft}/pages/premises", typed).status_code == 302
    shown = re.search(r'value="(Jingbian Village, [^"]+)"', page(client, f"{draft}/pages/premises"))
    assert shown
    again = {
        **{key: value for key, value in typed.items() if key != "premises_proof"},
        "premises_division": unescape(shown[1]),
    }
    assert client.post(f"{draft}/pages/premises", again).status_code == 302
