"""A list of vehicles as a CSV file, as somebody without JavaScript hands it in."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xiangyun.kernel.codes import vin

from .conftest import LogIn

pytestmark = pytest.mark.django_db
HEAD = "plate,vin,declaration,driver,driver_licence,passport,passport_until"


def table(count: int, **wrong: str) -> bytes:
    lines = [HEAD]
    for n in range(count):
        number = vin.make("LXY", "0000A", f"T{n:07}")
        lines.append(f"吉A{n:05},{number},2222202600,样司机,2224,EX1,2030-01-01")
    for place, text in wrong.items():
        lines[int(place.removeprefix("line")) - 1] = text
    return "\n".join(lines).encode()


def hand_in(client: Client, draft: str, content: bytes) -> str:
    file = SimpleUploadedFile("vehicles.csv", content, "text/csv")
    answer = client.post(f"{draft}/pages/list", {"vehicles.csv": file}, follow=True)
    assert answer.status_code in (200, 422)
    return str(answer.content.decode())


def test_a_file_with_wrong_lines_is_refused_by_line_and_a_right_one_is_kept(log_in: LogIn) -> None:
    client = log_in("cangchu")
    draft = str(client.post("/services/port/vehicle-list/apply")["Location"])
    fresh = client.get(f"{draft}/pages/list").content.decode()
    assert 'name="vehicles.csv"' in fresh
    html = hand_in(client, draft, table(400, line3="x,LXY,1,样司机,1,1,2030-01-01", line9="x"))
    assert "2 行不对：第 3 行、第 9 行" in html
    hand_in(client, draft, table(400))
    kept = client.get(f"{draft}/pages/list").content.decode()
    assert "已有 400 行" in kept
    assert kept.count("<tr>") == 6  # the head and the first five
