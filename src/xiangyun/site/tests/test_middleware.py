"""What stands around every request."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.cases.models import Draft
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.faces.cli.story import SERVICE
from xiangyun.faces.portal.views import errors
from xiangyun.site import middleware


def test_a_flood_is_refused_before_any_of_it_is_read() -> None:
    request = RequestFactory().post("/verify", CONTENT_LENGTH=settings.LARGEST_BODY + 1)

    def never(_: object) -> None:
        raise AssertionError("the body was let through")

    answer = middleware.refuse_floods(never)(request)  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert "没有丢失" in answer.content.decode()
    assert "没有丢失" in answer.content.decode()


def test_a_page_of_an_error_asks_no_database_also_not_for_who_is_known() -> None:
    request = RequestFactory().delete("/cases")
    request.actor = Actor(account=uuid4(), name="王样云", kind="person")  # type: ignore[attr-defined]
    assert errors.not_so(request).status_code == 405


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_a_page_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    wang = queries.actor_by_login("wang")
    assert wang is not None
    client = Client(raise_request_exception=False)
    client.post("/login", {"login": "wang", "password": PASSWORD})

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("after the draft was written")

    monkeypatch.setattr("xiangyun.faces.portal.views.apply.HttpResponseRedirect", fails)
    answer = client.post(f"/services/{SERVICE}/apply")
    assert answer.status_code == 500
    with acting_as(wang):
        assert not Draft.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("server closed the connection unexpectedly"),
        InterfaceError("connection already closed"),
    ],
)
def test_a_database_that_went_away_is_told_as_such_however_it_was_noticed(fault: Error) -> None:
    request = RequestFactory().post("/api/applications/1/submit")
    answer = middleware.acting(lambda _: HttpResponse()).process_exception(request, fault)
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")


@pytest.mark.django_db
def test_a_fault_of_ours_is_not_put_down_to_the_database() -> None:
    request = RequestFactory().post("/api/applications/1/submit")
    found = middleware.acting(lambda _: HttpResponse()).process_exception(request, KeyError("x"))
    assert found is None


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_every_page_says_what_may_run_in_it() -> None:
    answer = Client().get("/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"


def test_head_is_answered_like_get_without_its_body() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"a page" if request.method == "GET" else b"", status=201)

    answer = middleware.head_as_get(page)(RequestFactory().head("/"))
    assert (answer.status_code, answer.content, answer["Content-Length"]) == (201, b"", "6")
    whole = middleware.head_as_get(page)(RequestFactory().get("/"))
    assert whole.content == b"a page"


def test_head_of_a_stream_reads_none_of_it() -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    stream = middleware.head_as_get(lambda _: StreamingHttpResponse(never()))  # type: ignore[arg-type, return-value]
    assert b"".join(stream(RequestFactory().head("/"))) == b""  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_whatever_answers_get_answers_head_too() -> None:
    for address in ("/", "/login", "/verify", "/api/services"):
        answer = Client().head(address)
        assert (answer.status_code, answer.content) == (200, b""), address
