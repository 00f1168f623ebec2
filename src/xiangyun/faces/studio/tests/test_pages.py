"""An author writes on the pages, sees what is wrong beside the line, and another publishes."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
NEW = {"code": "own/reading-room", "zh": "阅览证", "en": "Reading card"}


def entered(login: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/login", {"login": login, "password": PASSWORD})
    return client


def begun(client: Client, kind: str = "item") -> str:
    """The address of a new draft."""
    answer = client.post("/studio/new/", {**NEW, "kind": kind})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_draft_goes_over_its_pages_to_the_catalogue() -> None:
    author, publisher = entered("bianxie"), entered("fabu")
    draft = begun(author)
    assert draft in author.get("/studio/").content.decode()
    page = author.get(draft).content.decode()
    assert "service.yaml" in page
    assert author.post(draft + "hand-in/").status_code == 302
    assert b"A publisher who wrote none of it agrees" in author.get(draft).content
    assert author.post(draft + "agree/").status_code == 409
    assert b"Agree and publish" in publisher.get(draft).content
    assert publisher.post(draft + "agree/", {"from_on": "nonsense"}).status_code == 302
    assert catalogue.current_version(NEW["code"]).number == 1
    assert b"Published as version 1" in author.get(draft).content


def test_what_is_wrong_stands_beside_its_line_while_it_is_typed_and_after_saving() -> None:
    author = entered("bianxie")
    draft = begun(author, "service")
    file = draft + "file/service.yaml/"
    text = author.get(file).context["text"]
    wrong = text.replace("name:", "nmae:", 1)
    line = wrong[: wrong.index("nmae:")].count("\n") + 1
    typed = author.post(file + "check/", {"text": wrong}, headers={"hx-request": "true"})
    assert typed.status_code == 200
    assert f'<li id="L{line}" class="late">' in typed.content.decode()
    assert "nmae" in typed.content.decode()
    assert "nmae" not in author.get(file).content.decode()  # nothing was saved
    saved = author.post(file + "save/", {"text": wrong, "seen": "1"}, follow=True)
    assert f'<li id="L{line}" class="late">' in saved.content.decode()
    assert b"service.yaml" in author.post(draft + "hand-in/").content


def test_two_authors_see_both_texts_where_they_meet() -> None:
    ann, bob = entered("bianxie"), entered("gaixie")
    draft = begun(ann)
    file = draft + "file/CHANGES.md/"
    ann.post(file + "save/", {"text": "ann wrote\n", "seen": "0"})
    met = bob.post(file + "save/", {"text": "bob wrote\n", "seen": "0"})
    assert met.status_code == 409
    assert "ann wrote" in met.content.decode()
    assert "bob wrote" in met.content.decode()
    assert 'name="seen" value="1"' in met.content.decode()
    assert bob.post(file + "save/", {"text": "both\n", "seen": "1"}).status_code == 302
    assert "ann wrote" in ann.get(file + "1/").content.decode()


def test_files_come_and_go_as_they_are() -> None:
    author = entered("bianxie")
    draft = begun(author, "service")
    drawing = author.get(draft + "file/process.bpmn/download/").content
    changed = drawing.replace("受理".encode(), "收件".encode())
    sent = SimpleUploadedFile("process.bpmn", changed)
    assert author.post(draft + "upload/", {"file": sent}).status_code == 302
    assert author.get(draft + "file/process.bpmn/download/").content == changed
    packed = author.get(draft + "pack.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.read("process.bpmn") == changed
    again = SimpleUploadedFile("pack.zip", packed.content)
    assert author.post(draft + "upload/", {"file": again}).status_code == 302
    nothing = author.post(draft + "upload/")
    assert nothing.status_code == 422
    assert b"nothing to import" in nothing.content
    assert author.post(draft + "add/", {"path": "../x"}).status_code == 422
    assert author.post(draft + "add/", {"path": "examples/late.yaml"}).status_code == 302
    gone = author.post(draft + "file/CHANGES.md/remove/", {"seen": "1"})
    assert gone.status_code == 302
    assert "CHANGES.md" not in {row.path for row, _, _ in author.get(draft).context["files"]}


def test_who_is_no_author_finds_no_studio() -> None:
    draft = begun(entered("bianxie"))
    for login in ("shencha", "wang"):
        other = entered(login)
        for address in ("/studio/", draft, draft + "file/service.yaml/", draft + "pack.zip"):
            assert other.get(address).status_code == 404
        assert other.post("/studio/new/", NEW).status_code == 404
    assert Client().get(draft).status_code == 302
