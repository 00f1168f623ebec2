"""What the health port says of an instance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from xiangyun.adapters import health, outages
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal.models import Audit

FOUND = {"id": "audit.E006", "zh": "办件 1 不见了。", "en": "The case 1 is gone."}


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inside_the_test(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The health port connects by itself; here it is to see what the test has not committed."""

    @contextmanager
    def within() -> Iterator[Any]:
        connection.ensure_connection()
        yield connection.connection

    monkeypatch.setattr(health, "connect", within)


def asked() -> tuple[str, dict[str, Any]]:
    said: list[str] = []
    body = health.application({"PATH_INFO": "/ready"}, lambda status, headers: said.append(status))
    return said[0], json.loads(b"".join(body))


def audited(ago: timedelta, *findings: dict[str, str]) -> None:
    at = datetime.now(UTC) - ago
    with acting_as(SYSTEM):
        Audit.objects.create(begun_at=at, ended_at=at, leaves=1, cases=1, findings=list(findings))


def test_ready_tells_what_the_last_audit_found_and_goes_on_serving() -> None:
    assert asked()[1]["notices"] == {}
    audited(timedelta(hours=1), FOUND)
    status, said = asked()
    assert (status, said["ready"]) == ("200 OK", True)
    assert "xiangyun audit --last" in said["notices"]["audit"]["en"]
    audited(timedelta(0))
    assert asked()[1]["notices"] == {}


def test_ready_tells_that_the_nightly_audit_did_not_come() -> None:
    audited(timedelta(days=3, hours=1))
    assert "3 days" in asked()[1]["notices"]["audit"]["en"]


def test_ready_is_not_given_while_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "free_bytes", lambda: 1 << 20)
    status, said = asked()
    assert status.startswith("503")
    assert set(said["missing"]) == {"disk"}


def test_ready_tells_that_what_changes_cannot_be_archived(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "archive" not in asked()[1]["notices"]
    monkeypatch.setattr(health, "archiving", lambda connection: (True, "00000001000000000000002A"))
    assert "00000001000000000000002A" in asked()[1]["notices"]["archive"]["en"]
