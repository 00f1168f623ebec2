"""The parts of a draft: table, outline, form, rehearsal, difference; written back to the files."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from xiangyun.faces.studio.tests.test_pages import begun, entered
from xiangyun.kernel.dmn.grid import grids
from xiangyun.kernel.pack.tests.shipped import SHIPPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def file(client: Client, draft: str, path: str) -> str:
    return client.get(f"{draft}file/{path}/download/").content.decode()


def typed(page: str) -> dict[str, list[str]]:
    """What a form of the grid would send as it stands."""
    rows = re.findall(r'<input name="row" value="([^"]*)"', page)
    cells = re.findall(r'<textarea name="(c\d+)"[^>]*>([^<]*)</textarea>', page)
    sent: dict[str, list[str]] = {"row": rows}
    for name, text in cells:
        sent.setdefault(name, []).append(
            text.replace("&gt;", ">").replace("&lt;", "<").replace("&quot;", '"')
            .replace("&#x27;", "'").replace("&amp;", "&")
        )  # fmt: skip
    return sent


def test_a_table_is_edited_as_a_grid_that_shows_what_is_wrong() -> None:
    author = entered("bianxie")
    draft = begun(author, "service")
    before = file(author, draft, "rules.dmn")
    listed = author.get(draft + "tables/").content.decode()
    assert f"{draft}tables/requirements/" in listed
    table = draft + "tables/requirements/"
    sent = typed(author.get(table).content.decode())
    assert len(sent["row"]) == 2
    same = author.post(table + "save/", {**sent, "seen": "1"})
    assert same.status_code == 302
    assert file(author, draft, "rules.dmn") == before
    grown = author.post(table + "save/", {**sent, "seen": "1", "do": "add"})
    more = typed(grown.content.decode())
    assert more["row"][-1] == "requirements.row3"
    assert file(author, draft, "rules.dmn") == before  # saved by its own button alone
    more["c0"][0] = "nonsense ((("
    said = author.post(table + "check/", more, headers={"hx-request": "true"}).content.decode()
    assert "requirements.too_young" in said
    assert "Error" in said
    sent["c0"][0] = "true"
    assert author.post(table + "save/", {**sent, "seen": "1"}).status_code == 302
    first = next(g for g in grids(file(author, draft, "rules.dmn")) if g.decision == "requirements")
    assert first.rows[0].cells[0] == "true"
    late = author.post(table + "save/", {**sent, "c0": ["false", "-"], "seen": "1"})
    assert late.status_code == 409
    assert author.get(draft + "tables/nowhere/").status_code == 404


def test_a_gap_between_rows_stands_under_the_table_while_it_is_typed() -> None:
    author = entered("bianxie")
    draft = begun(author, "service")
    text = file(author, draft, "rules.dmn").replace('hitPolicy="COLLECT"', 'hitPolicy="UNIQUE"')
    author.post(draft + "file/rules.dmn/save/", {"text": text, "seen": "1"})
    page = author.get(draft + "tables/requirements/").content.decode()
    assert "dmn.E02" in page


def test_the_outline_is_edited_beside_its_drawing_and_goes_into_the_file() -> None:
    author = entered("bianxie")
    draft = begun(author, "service")
    page = author.get(draft + "process/").content.decode()
    assert 'name="who:decide"' in page
    assert "<svg" in page
    change = {"name:decide": "批准或不批准", "seen": "1"}
    shown = author.post(draft + "process/check/", change, headers={"hx-request": "true"})
    assert "批准或不批准" in shown.content.decode()
    assert "批准或不批准" not in file(author, draft, "process.bpmn")
    assert author.post(draft + "process/save/", change).status_code == 302
    before = file(author, draft, "process.bpmn")
    assert 'name="批准或不批准"' in before
    late = {"name:decide": "再定", "seen": "1"}  # it is 2 by now
    assert author.post(draft + "process/save/", late).status_code == 409
    new = {"kind": "user", "flow": "letter_accepted_to_decide", "step": "look",
           "called": "现场看看", "detail": "reviewer", "seen": "2"}  # fmt: skip
    assert author.post(draft + "process/add/", new).status_code == 302
    assert "现场看看" in author.get(draft + "process/").content.decode()
    wrong = author.post(draft + "process/remove/", {"step": "gate_acceptance", "seen": "3"})
    assert wrong.status_code == 422
    assert b"cannot be taken out" in wrong.content
    assert author.post(draft + "process/remove/", {"step": "look", "seen": "3"}).status_code == 302
    assert "现场看看" not in file(author, draft, "process.bpmn")


def test_the_form_is_seen_as_it_is_asked_and_examples_are_walked_step_by_step() -> None:
    author = entered("bianxie")
    draft = begun(author, "service")
    form = author.get(draft + "form/").content.decode()
    assert 'name="applicant_id"' in form
    listed = author.get(draft + "rehearse/").content.decode()
    assert f"{draft}rehearse/0/0/" in listed
    first = author.get(draft + "rehearse/0/0/").content.decode()
    assert "The application is sent" in first
    assert 'id="now"' in first
    last = first
    for step in range(1, 20):
        if f"{draft}rehearse/0/{step}/" not in last:
            break
        last = author.get(f"{draft}rehearse/0/{step}/").content.decode()
    assert "It came to its end as expected" in last
    assert author.get(draft + "rehearse/0/99/").status_code == 404
    assert author.get(draft + "rehearse/99/0/").status_code == 404


def test_the_difference_to_the_published_version_is_told_in_office_words() -> None:
    author = entered("bianxie")
    made = author.post("/studio/from/", {"published": SHIPPED})
    draft = made["Location"]
    assert b"Nothing differs" in author.get(draft + "difference/").content
    text = file(author, draft, "service.yaml")
    author.post(draft + "file/service.yaml/save/",
                {"text": text.replace("visits: 0 ", "visits: 1 ", 1), "seen": "1"})  # fmt: skip
    told = author.get(draft + "difference/").content.decode()
    assert "visits" in told
    assert '<td data-label="Now">1</td>' in told


def test_broken_files_leave_every_part_readable() -> None:
    author = entered("bianxie")
    draft = begun(author, "service")
    for path in ("rules.dmn", "process.bpmn", "form.json"):
        author.post(f"{draft}file/{path}/save/", {"text": "<", "seen": "1"})
    for part in ("", "tables/", "process/", "form/", "rehearse/", "difference/"):
        assert author.get(draft + part).status_code in (200, 422), part
