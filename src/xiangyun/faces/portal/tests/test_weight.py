"""What a page weighs on its way, with all that it loads."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client
from django.utils.module_loading import import_string

from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Text

from .conftest import LogIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def collected(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the static files, collected as `xiangyun serve` does."""
    settings.STATIC_ROOT = tmp_path
    storage = import_string(settings.STORAGES["staticfiles"]["BACKEND"])()
    monkeypatch.setattr(staticfiles_storage, "_wrapped", storage)
    ignored = settings.STATIC_IGNORED
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=ignored)
    return tmp_path


def weight(client: Client, address: str, collected: Path) -> int:
    """Bytes of a page and of every file it names, as they are transferred."""
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip", "the page is not compressed"
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', gzip.decompress(answer.content).decode())
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", name) for name in files), "no hash in a name"
    return len(answer.content) + sum((collected / f"{f}.gz").stat().st_size for f in files)


def test_no_page_carries_the_indentation_of_its_source(demonstration: None) -> None:
    lines = Client().get("/search").content.decode().splitlines()
    assert "<html" in lines[1]
    assert not [line for line in lines if line.startswith((" ", "\t"))]


def test_every_guide_weighs_less_than_15_kB(demonstration: None, collected: Path) -> None:
    client = Client()
    guides = re.findall(r'href="(/services/[^"]+)"', client.get("/search").content.decode())
    assert guides
    weights = {guide: weight(client, guide, collected) for guide in guides}
    assert not {guide: found for guide, found in weights.items() if found >= 15_000}


def test_a_full_queue_weighs_less_than_35_kB(
    log_in: LogIn, collected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tuple(
        cases.QueueRow(
            case_id=uuid4(),
            item_id=number,
            light="amber",
            days_left=number,
            due_on=date(2027, 4, 9),
            applicant=f"申请人{number}（虚构）",
            subject=f"第{number}号{'样' * (number % 7)}冷链物流有限公司设立",
            number=f"2224042027{number:06}",
            service=Text("企业设立登记", "Company registration"),
            step=Text("审查", "Review"),
        )
        for number in range(50)
    )
    full = cases.Queue(
        rows,
        {"red": cases.Count(3, False)}
        | dict.fromkeys(("amber", "green", "paused"), cases.Count(999, True)),
        "next",
    )
    monkeypatch.setattr("xiangyun.faces.workbench.views.queue.cases.queue", lambda *_, **__: full)
    assert weight(log_in("shencha"), "/office/", collected) < 35_000
