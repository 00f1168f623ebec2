"""What the interface refuses, and how it says so."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseServerError
from django.test import Client, RequestFactory

from xiangyun.domain.cases import drafts
from xiangyun.faces.api import middleware, strictjson
from xiangyun.faces.api.tests.test_interface import Program
from xiangyun.faces.cli.story import SERVICE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def sent(body: bytes, **headers: str) -> Any:
    program = Program("wang")
    return program.client.put(
        f"/api/applications/{uuid.uuid4()}",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.token}", **headers},
    )


def is_problem(answer: Any, status: int, id_: str) -> bool:
    said = answer.json()
    return bool(
        answer.status_code == said["status"] == status
        and answer.headers["Content-Type"] == "application/problem+json"
        and said["findings"][0]["id"] == id_
        and said["detail"]
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe{}",
        b'{"service": NaN}',
        b'{"service": "\\u0000"}',
        b'{"service": "\\ud800"}',
        b'{"answers": ' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"answers": {"n": ' + b"9" * 5000 + b"}}",
    ],
)
def test_what_is_no_json_is_a_problem_of_its_own(body: bytes) -> None:
    assert is_problem(sent(body), 400, "api.E400")


def test_brackets_within_a_string_are_no_depth() -> None:
    assert strictjson.read(json.dumps("[" * 500).encode()) == "[" * 500


def test_a_value_of_another_shape_is_named() -> None:
    answer = sent(b'{"service": 7, "answers": []}')
    assert is_problem(answer, 422, "api.E422")
    assert {found["field"] for found in answer.json()["findings"]} == {"service", "answers"}


def test_without_a_token_the_problem_says_how_to_send_one() -> None:
    answer = Client().get("/api/cases")
    assert is_problem(answer, 401, "api.E401")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_fault_of_ours_is_not_told_as_one_of_whoever_asked() -> None:
    respond = middleware.speak_problems(lambda request: HttpResponseServerError("<html>"))
    assert callable(respond)
    answer = respond(RequestFactory().get("/api/services"))
    said = json.loads(answer.content)
    assert (answer.status_code, said["findings"][0]["id"]) == (500, "api.E500")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_address_that_is_none_and_a_method_that_is_none_answer_as_the_interface_does() -> None:
    assert is_problem(Client().get("/api/nothing"), 404, "api.E404")
    wrong = Client().delete("/api/services")
    assert is_problem(wrong, 405, "api.E405")
    assert "GET" in wrong.headers["Allow"]


@pytest.mark.parametrize("path", ["/queue?after=x", "/queue?after=%00", "/overdue?after=1~2~3"])
def test_a_position_that_no_list_gave_out_is_refused(path: str) -> None:
    answer = Program("shencha").ask("GET", path)
    assert answer.status_code in (400, 422), answer.content.decode()


@pytest.mark.parametrize("question", ["no_such_question", "brand"])
def test_a_question_that_the_form_does_not_ask_takes_no_file(question: str) -> None:
    program, key = Program("wang"), uuid.uuid4()
    program.ask("PUT", f"/applications/{key}", {"service": SERVICE, "answers": {}})

    answer = program.client.post(
        f"/api/applications/{key}/files/{question}",
        {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4", "application/pdf")},
        headers={"Authorization": f"Bearer {program.token}"},
    )
    assert is_problem(answer, 404, "api.E404")


def test_an_application_of_somebody_else_is_not_found_under_its_key() -> None:
    key = uuid.uuid4()
    Program("wang").ask("PUT", f"/applications/{key}", {"service": SERVICE, "answers": {}})
    answer = Program("li").ask("PUT", f"/applications/{key}", {"service": SERVICE, "answers": {}})
    assert is_problem(answer, 404, "api.E404")


@pytest.mark.parametrize("code", ["x" * 4000, "%00", "..%2F..", "market/company-registration%00"])
def test_a_code_that_is_none_is_not_found(code: str) -> None:
    assert Client().get(f"/api/services/{code}").status_code in (400, 404)


def test_every_operation_says_in_the_description_how_it_refuses() -> None:
    paths = Client().get("/api/openapi.json").json()["paths"]
    for operations in paths.values():
        for operation in operations.values():
            refused = operation["responses"]["422"]["content"]
            assert list(refused) == ["application/problem+json"]


def test_a_list_goes_on_where_the_page_before_ended() -> None:
    program = Program("wang")
    numbers = [program.apply(str(uuid.uuid4()), brand=f"样{n}").json()["number"] for n in "一二三"]
    seen, after = [], ""
    for _ in numbers:
        page = program.ask("GET", f"/cases?limit=1&after={quote(after)}")
        seen += [line["number"] for line in page.json()]
        after = page.headers.get("Next", "")
    assert sorted(seen) == sorted(numbers)
    assert after == ""
    assert is_problem(program.ask("GET", "/cases?after=yesterday"), 422, "api.E422")


def test_services_are_paged_by_their_codes() -> None:
    client = Client()
    first = client.get("/api/services?limit=1")
    second = client.get(f"/api/services?limit=200&after={first.headers['Next']}")
    codes = [line["code"] for line in [*first.json(), *second.json()]]
    assert codes == sorted(codes)
    assert len(codes) == len(set(codes)) > 2
    assert "Next" not in second.headers


def test_services_that_answer_words_are_paged_best_first() -> None:
    client = Client()
    whole = [line["code"] for line in client.get("/api/services?words=孩子").json()]
    assert len(whole) > 2
    paged, after = [], ""
    while len(paged) < len(whole):
        page = client.get("/api/services", {"words": "孩子", "limit": 2, "after": after})
        paged += [line["code"] for line in page.json()]
        after = page.headers.get("Next", "")
        if not after:
            break
    assert paged == whole
    assert client.get("/api/services", {"words": "孩子", "after": "nothing"}).json() == []
    first = client.get("/api/services", {"words": "kaigongsi"}).json()[0]
    assert first["code"] == "market/company-registration"


def test_nobody_hoards_applications_or_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    monkeypatch.setattr(drafts, "MOST_BYTES", 12)
    program = Program("wang")
    keys = [str(uuid.uuid4()) for _ in range(3)]
    begun = [
        program.ask("PUT", f"/applications/{key}", {"service": SERVICE, "answers": {}})
        for key in keys
    ]
    assert [answer.status_code for answer in begun] == [200, 200, 409]
    assert is_problem(begun[2], 409, "case.E026")
    again = program.ask("PUT", f"/applications/{keys[0]}", {"service": SERVICE, "answers": {}})
    assert again.status_code == 200
    sent = [
        program.client.post(
            f"/api/applications/{keys[0]}/files/premises_proof",
            {"file": SimpleUploadedFile("a.pdf", content, "application/pdf")},
            headers={"Authorization": f"Bearer {program.token}"},
        )
        for content in (b"%PDF-1.4", b"%PDF-1.4 and more")
    ]
    assert sent[0].status_code == 200
    assert is_problem(sent[1], 409, "case.E027")


def test_every_operation_takes_the_name_of_a_party_and_says_that_it_may_refuse_it() -> None:
    described = Client().get("/api/openapi.json").json()["paths"]
    for operation in (each for path in described.values() for each in path.values()):
        assert "403" in operation["responses"]
        assert "Xiangyun-Subject" in {each["name"] for each in operation["parameters"]}
