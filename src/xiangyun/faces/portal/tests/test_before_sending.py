"""Before it is sent: files looked at and taken out, what the rules say, what is missing."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xiangyun.faces.look import viewing

from .conftest import LogIn, begin, fill_in, send, typed_pages

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
PAGE = b"<html><script>alert(1)</script></html>"


def handed_in(client: Client, draft: str, name: str, content: bytes) -> str:
    """Hand in a proof of the premises; its page."""
    typed = {**typed_pages()["premises"], "premises_proof": SimpleUploadedFile(name, content)}
    client.post(f"{draft}/pages/premises", typed)
    return page(client, f"{draft}/pages/premises")


def test_a_file_is_looked_at_by_its_content_on_an_answer_that_runs_nothing(log_in: LogIn) -> None:
    client = log_in("wang")
    html = handed_in(client, begin(client), "scan.png", PNG)
    link = re.search(r'href="(/files/[^"]+)"', html)
    assert link
    answer = client.get(link[1])
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.content == PNG
    assert log_in("shencha").get(link[1]).status_code == 404


def test_a_page_that_calls_itself_an_image_is_only_handed_out(log_in: LogIn) -> None:
    assert viewing.shown(PAGE) is None
    assert viewing.shown(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None
    assert viewing.shown(b"%PDF-1.7") == viewing.Shown("application/pdf")
    assert "sandbox" not in viewing.Shown("application/pdf").policy


def test_a_file_can_be_taken_out_again_until_the_application_is_sent(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    html = handed_in(client, draft, "scan.png", PNG)
    button = re.search(r'name="remove" value="([^"]+)"', html)
    assert button
    typed = {**typed_pages()["premises"], "premises_detail": "改了一半", "remove": button[1]}
    typed.pop("premises_proof")
    answer = client.post(f"{draft}/pages/premises", typed)
    assert answer.status_code == 200
    assert 'value="改了一半"' in answer.content.decode()
    assert "scan.png" not in page(client, f"{draft}/pages/premises")
    for gone in (button[1], "nothing", str(uuid4())):
        assert client.post(f"{draft}/pages/premises", {"remove": gone}).status_code == 200


def test_the_rules_speak_on_the_page_that_asks_once_and_then_let_go_on(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    for key in ("name", "premises", "capital"):
        client.post(f"{draft}/pages/{key}", typed_pages()[key])
    typed = {**typed_pages()["officers"], "supervisor": "王样云"}
    answer = client.post(f"{draft}/pages/officers", typed)
    assert answer["Location"].endswith("/pages/officers?heard=1#found")
    html = page(client, f"{draft}/pages/officers")
    assert 'id="found"' in html
    assert "《公司法》" in html
    heard = re.search(r'name="heard" value="([^"]+)"', html)
    assert heard
    answer = client.post(f"{draft}/pages/officers", {**typed, "heard": heard[1]})
    assert answer["Location"].endswith("/pages/scope")


def test_the_rules_do_not_speak_of_what_was_not_asked_yet(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    assert 'id="found"' not in page(client, f"{draft}/pages/capital")
    client.post(f"{draft}/pages/name", typed_pages()["name"])
    html = page(client, f"{draft}/pages/name")  # the place is asked on a later page
    assert 'class="advice' not in html


def test_the_check_page_says_what_the_rules_find_and_what_is_missing(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    html = page(client, f"{draft}/check")
    assert 'id="missing"' not in html
    assert re.search('<button class="button">[^<]*确认无误', html)
    client.post(f"{draft}/pages/capital", {**typed_pages()["capital"], "capital": "999"})
    proof = re.search(r'name="remove" value="([^"]+)"', page(client, f"{draft}/pages/premises"))
    assert proof
    client.post(f"{draft}/pages/premises", {"remove": proof[1]})
    html = page(client, f"{draft}/check")
    missing = html.index('id="missing"')
    assert "住所" in html[missing : missing + 600]
    assert html.index("需要改") < html.index("申请人姓名")
    assert re.search(
        r'<a class="button" href="[^"]+/pages/premises\?check=1#f-premises_proof"', html
    )
    assert re.search('<button class="button plain">[^<]*仍然提交', html)


def test_the_applicant_sees_after_sending_what_the_public_rules_found(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    client.post(f"{draft}/pages/capital", {**typed_pages()["capital"], "capital": "999"})
    case = send(client, draft)
    assert "需要改" in page(client, f"{case}/sent")
    assert 'id="found"' in page(client, case)


def test_whoever_changes_an_answer_from_the_check_page_comes_back_to_it(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    change = f"{draft}/pages/name?check=1"
    assert f'href="{change}#f-brand"' in page(client, f"{draft}/check")
    assert f'href="{draft}/check"' in page(client, change), "and so does the way back"
    answer = client.post(change, typed_pages()["name"])
    assert client.get(answer["Location"])["Location"] == f"{draft}/check"


def test_a_page_that_says_more_on_the_way_from_the_check_page_still_leads_back(
    log_in: LogIn,
) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    typed = {**typed_pages()["premises"], "premises_kind": "residential"}
    answer = client.post(f"{draft}/pages/premises?check=1", typed)
    assert answer["Location"].endswith("/pages/premises?check=1&more=1#f-neighbours_consent")


def test_a_place_that_is_missing_is_asked_for_by_a_name(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = begin(client)
    typed = {**typed_pages()["premises"], "premises_division": ""}
    html = client.post(f"{draft}/pages/premises", typed).content.decode()
    assert "例如：靖边村" in html
    assert "220172001000" not in html


def test_a_row_of_a_list_bears_the_name_of_one(log_in: LogIn) -> None:
    client = log_in("wang")
    draft = fill_in(client)
    client.cookies["django_language"] = "en"
    for address in (f"{draft}/pages/capital", f"{draft}/check"):
        html = page(client, address)
        assert "Shareholder 1" in html
        assert "Shareholders 1" not in html
