"""What is out beneath the site is told by its name: a full disk, a slow or absent database."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory

from xiangyun.adapters import outages
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.site import main, middleware

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def _raises(sqlstate: str) -> Callable[..., None]:
    """What lets PostgreSQL itself raise the error of this state."""

    def fails(*_: object, **__: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DO $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '{sqlstate}'; END $$"
            )

    return fails


def _no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "upload")


@pytest.mark.parametrize("fails", [_raises("53100"), _no_room], ids=["database", "folder"])
def test_a_page_names_the_full_disk_and_says_what_to_do(
    fails: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiangyun.faces.portal.views.home.public_page", fails)
    answer = Client(headers={"accept-language": "en"}).get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    page = answer.content.decode()
    assert "The disk of the server is full" in page
    assert "make room" in page


@pytest.mark.parametrize("fails", [_raises("53100"), _no_room], ids=["database", "folder"])
def test_the_interface_names_the_full_disk(
    fails: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiangyun.faces.api.services.catalogue.current_services", fails)
    answer = Client().get("/api/services")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert [each["id"] for each in json.loads(answer.content)["findings"]] == ["api.E507"]


def test_a_full_disk_is_named_where_the_session_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Around the views, where no exception reaches the middleware of the actor."""
    monkeypatch.setattr("xiangyun.domain.accounts.sessions.SessionStore.save", _raises("53100"))
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    answer = client.post("/login", {"login": "wang", "password": PASSWORD})
    assert answer.status_code == 503
    assert "The disk of the server is full" in answer.content.decode()


@pytest.mark.parametrize("sqlstate", ["57014", "55P03"])
def test_a_database_that_answers_too_late_is_told_apart_from_one_that_is_away(
    sqlstate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiangyun.faces.api.services.catalogue.current_services", _raises(sqlstate))
    answer = Client().get("/api/services")
    assert [each["id"] for each in json.loads(answer.content)["findings"]] == ["api.E504"]


def test_a_database_that_stopped_on_a_full_disk_is_told_as_the_full_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = OperationalError("server closed the connection unexpectedly")
    assert outages.outage_of(gone) == outages.AWAY
    monkeypatch.setattr(outages, "free_bytes", lambda: 0)
    assert outages.outage_of(gone) == outages.STOPPED


def test_a_fault_of_ours_stays_one_around_the_views() -> None:
    request: HttpRequest = RequestFactory().get("/")
    try:
        raise KeyError("x")
    except KeyError:
        assert middleware.failed(request).status_code == 500


def test_a_command_names_the_full_disk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "cli", _no_room)
    with pytest.raises(SystemExit):
        main.main()
    assert "df -h" in capsys.readouterr().err
