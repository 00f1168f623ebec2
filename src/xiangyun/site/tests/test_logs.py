"""What a log keeps, and how an answer is found in it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from xiangyun.site.logs import Plain, Structured, name_requests, without_personal_data


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("no account 22240419900307285X here", "no account <identity number> here"),
        ("call 13944000000 back", "call <mobile> back"),
        ("mail to li.na+x@example.org.cn", "mail to <e-mail>"),
        ("Key (id_number)=(张三) already exists", "Key (id_number)=(<value>) already exists"),
        ("Not Found: /search?q=%E5%BC%A0", "Not Found: /search?<query>"),
        ("case 吉2224-2026-000017 took 1200 ms", "case 吉2224-2026-000017 took 1200 ms"),
        ("division 222404000000 is known", "division 222404000000 is known"),
    ],
)
def test_a_log_line_keeps_no_personal_data(line: str, kept: str) -> None:
    assert without_personal_data(line) == kept


def test_a_traceback_keeps_no_personal_data_either() -> None:
    try:
        raise ValueError("13944000000 is taken")
    except ValueError:
        found = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", None, found)
    assert "13944000000" not in Plain().format(record)
    assert "ValueError: <mobile> is taken" in Plain().format(record)


@pytest.mark.parametrize("line", ["no account 22240419900307285X", "mail li.na@example.org.cn"])
def test_a_structured_line_keeps_no_personal_data_in_any_of_its_parts(line: str) -> None:
    try:
        raise ValueError(f"{line} in a traceback")
    except ValueError:
        found = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "", 0, "%s as an argument", (line,), found)
    told = Structured().format(record)
    assert line.split()[-1] not in told
    assert {"time", "level", "request", "logger", "message", "traceback"} == set(json.loads(told))


def test_who_reports_an_error_can_name_the_request() -> None:
    client = Client()
    first, second = (client.get("/alive").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    given = client.get("/alive", HTTP_X_REQUEST_ID="proxy-0123456789")
    assert given.headers["X-Request-ID"] == "proxy-0123456789"
    forged = client.get("/alive", HTTP_X_REQUEST_ID="a b; forged line")
    assert forged.headers["X-Request-ID"] != "a b; forged line"


def test_a_line_about_an_answer_names_its_request(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory().get("/nothing")
    respond = name_requests(lambda request: HttpResponse(status=404))
    answer = respond(request)  # type: ignore[operator]
    with caplog.at_level("WARNING"):  # as Django does, when all middleware is done
        log_response("Not Found: %s", request.path, response=answer, request=request)
    ident = answer.headers["X-Request-ID"]
    assert json.loads(Structured().format(caplog.records[-1]))["request"] == ident
    assert f" {ident} " in Plain().format(caplog.records[-1])


def test_under_https_the_deployment_check_has_nothing_to_say(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "XIANGYUN_HOME": str(tmp_path),
        "XIANGYUN_PUBLIC_URL": "https://services.example.org",
        "DJANGO_SETTINGS_MODULE": "xiangyun.site.settings",
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
