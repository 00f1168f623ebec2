"""The interface as a program sees it: one application from key to licence, and what is refused."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import escalation
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.test_admission import SUSPENDED, published
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.faces.cli.story import SERVICE, example_answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
APPLICANT = {"name": "王样云", "id_number": "222404199203150027"}


class Program:
    """A program that holds the token of one account."""

    def __init__(self, login: str) -> None:
        actor = queries.actor_by_password(login, PASSWORD)
        assert actor is not None
        with acting_as(actor):
            self.token = accounts.issue_token(actor, label="test", at=timezone.now())
        self.client = Client()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.client.generic(
            method,
            f"/api{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def apply(self, key: str, **changed: object) -> Any:
        answers = {**example_answers(APPLICANT), "brand": "样接", **changed}
        kept = self.ask("PUT", f"/applications/{key}", {"service": SERVICE, "answers": answers})
        assert kept.status_code == 200, kept.content.decode()
        file = SimpleUploadedFile("lease.pdf", b"%PDF-1.4", "application/pdf")
        sent = self.client.post(
            f"/api/applications/{key}/files/premises_proof",
            {"file": file},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert sent.status_code == 200, sent.content.decode()
        return self.ask("POST", f"/applications/{key}/submit")


def test_a_program_applies_and_officials_decide_through_the_same_verbs() -> None:
    key = str(uuid.uuid4())
    case = Program("wang").apply(key).json()
    assert case["id"] == key
    assert case["subject"].startswith("珲春市样接")
    for login, action in [("shencha", "agree"), ("jueding", "approve")]:
        official = Program(login)
        [row] = official.ask("GET", "/queue").json()["rows"]
        assert row["number"] == case["number"]
        task = official.ask("GET", f"/cases/{key}").json()["tasks"][0]
        assert action in [offered["action"] for offered in task["actions"]]
        done = official.ask("POST", f"/cases/{key}/tasks/{task['id']}", {"action": action})
        assert done.status_code == 200, done.content.decode()
    receipt = Program("wang").ask("GET", f"/cases/{key}/receipt").json()
    verdict = Client().post(
        "/api/verify",
        {"document": json.dumps(receipt)},
        content_type="application/json",
    )
    assert verdict.json()["answer"] == "valid"


def test_a_program_asks_for_an_extension_and_another_grants_it() -> None:
    key = str(uuid.uuid4())
    before = Program("wang").apply(key).json()["clocks"][0]
    official = Program("shencha")
    [task] = official.ask("GET", f"/cases/{key}").json()["tasks"]
    assert "3 working days" in task["extension"]["en"]
    where = f"/cases/{key}/tasks/{task['id']}/extension"
    assert official.ask("POST", where, {"note": ""}).json()["findings"][0]["id"] == "case.E003"
    asked = official.ask("POST", where, {"note": "须征求意见"})
    assert asked.status_code == 200, asked.content.decode()
    assert official.ask("POST", where, {"note": "再问"}).json()["findings"][0]["id"] == "case.E014"
    approver = Program("jueding")
    [request] = approver.ask("GET", f"/cases/{key}").json()["tasks"]
    case = approver.ask("POST", f"/cases/{key}/tasks/{request['id']}", {"action": "grant"}).json()
    after = case["clocks"][0]
    assert (before["limit_days"], after["limit_days"]) == (1, 4)
    assert case["due_on"] == after["due_on"] > before["due_on"]
    assert any("须征求意见" in line["zh"] for line in after["explained"])


def test_a_program_reads_overdue_work_only_where_it_oversees() -> None:
    key = str(uuid.uuid4())
    Program("wang").apply(key)
    escalation.escalate(at=timezone.now() + timedelta(days=30))
    [row] = Program("duban").ask("GET", "/overdue").json()["rows"]
    assert (row["case"], row["role"]["en"]) == (key, "reviewer")
    assert Program("shencha").ask("GET", "/overdue").json()["rows"] == []


def test_the_same_key_sent_again_makes_one_case() -> None:
    wang, key = Program("wang"), str(uuid.uuid4())
    first = wang.apply(key).json()
    again = wang.ask("POST", f"/applications/{key}/submit").json()
    assert first["number"] == again["number"]
    assert len(wang.ask("GET", "/cases").json()) == 1


def test_without_a_token_only_what_is_public_answers() -> None:
    client = Client()
    assert client.get("/api/services").status_code == 200
    assert client.get("/api/cases").status_code == 401
    assert client.get("/api/queue").status_code == 401


def test_the_session_of_a_browser_does_not_open_the_interface() -> None:
    client = Client()
    assert client.post("/login", {"login": "wang", "password": PASSWORD}).status_code == 302
    assert client.get("/api/cases").status_code == 401


def test_someone_elses_case_and_no_case_answer_the_same() -> None:
    key = str(uuid.uuid4())
    Program("wang").apply(key)
    stranger = Program("li")
    forbidden = stranger.ask("GET", f"/cases/{key}")
    absent = stranger.ask("GET", f"/cases/{uuid.uuid4()}")
    assert forbidden.status_code == absent.status_code == 404
    assert forbidden.content == absent.content


def test_what_is_wrong_comes_with_the_question_and_in_both_languages() -> None:
    wang, key = Program("wang"), str(uuid.uuid4())
    answers = {"legal_representative_id": "222404199203150020"}
    refused = wang.ask("PUT", f"/applications/{key}", {"service": SERVICE, "answers": answers})
    assert refused.status_code == 422
    [finding] = refused.json()["findings"]
    assert finding["field"] == "legal_representative_id"
    assert finding["message"]["zh"]
    assert finding["message"]["en"]


def test_the_description_is_openapi_3_1_and_names_every_verb() -> None:
    described = Client().get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/cases/{case_id}/tasks/{task}" in described["paths"]


def test_what_a_register_knows_is_filled_in_and_cannot_be_typed_over() -> None:
    key = str(uuid.uuid4())
    sent = Program("wang").apply(key, applicant_name="李样山", contact_phone="13900000001")
    assert sent.status_code == 200, sent.content.decode()
    with acting_as(SYSTEM):
        application = Case.objects.get(pk=key).variables["application"]
    assert application["applicant_name"] == APPLICANT["name"]
    assert application["contact_phone"] != "13900000001"


def test_a_service_that_is_suspended_answers_a_program_with_a_conflict() -> None:
    wang, key = Program("wang"), str(uuid.uuid4())
    kept = {"service": SERVICE, "answers": {"brand": "样停"}}
    assert wang.ask("PUT", f"/applications/{key}", kept).status_code == 200
    assert wang.ask("GET", f"/services/{SERVICE}").json()["open"] is True
    published(*SUSPENDED)
    assert wang.ask("GET", f"/services/{SERVICE}").json()["open"] is False
    for method, path, body in (
        ("PUT", f"/applications/{uuid.uuid4()}", kept),
        ("POST", f"/applications/{key}/submit", None),
    ):
        answer = wang.ask(method, path, body)
        assert answer.status_code == 409
        assert "service.E002" in answer.content.decode()
