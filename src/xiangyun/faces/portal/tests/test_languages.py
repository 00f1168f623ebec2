"""Pages in a language that comes from files alone, and the way to choose one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from xiangyun.adapters.languages import languages

GUIDE = "/services/construction/road-digging"
ANSWERED = "/which?surface=asphalt&area=10&emergency=no"
HAN = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff（）、]*")
# Places keep their names, and the law is cited as it is in force; languages call themselves.
_CITED = re.compile(r'<(\w+)[^>]* class="[^"]*\blaw\b[^"]*"[^>]*>.*?</\1>', re.DOTALL)
_ARTICLES = re.compile(r"第[一二三四五六七八九十百]+条")
KEPT = {"吉林省", "延边朝鲜族自治州", "珲春市", "中文"}
HEADER = {"headers": {"accept-language": "ko-KR,ko;q=0.9"}}


@pytest.fixture
def own_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language that neither this platform nor Django has ever heard of."""
    folder = tmp_path / "qaa"
    folder.mkdir()
    (folder / "language.yaml").write_text("name: Naa\nfalls_back: en\ndirection: rtl\n", "utf-8")
    login = next(id for id in languages()["ko"].sentences if id.startswith("log-in-"))
    (folder / "words.yaml").write_text(f"{login}: <b>Naalogin</b>\n", "utf-8")
    monkeypatch.setenv("XIANGYUN_LANGUAGES", str(tmp_path))
    languages.cache_clear()
    yield
    languages.cache_clear()


def page(client: Client, address: str = "/login", **more: object) -> str:
    return client.get(address, **more).content.decode()  # type: ignore[arg-type]


def test_a_page_is_read_in_korean_and_falls_back_to_chinese(demonstration: None) -> None:
    client = Client()
    answer = client.get("/login", **HEADER)
    html = answer.content.decode()
    assert '<html lang="ko">' in html
    assert answer.headers["Content-Language"] == "ko"
    assert "Accept-Language" in answer.headers["Vary"]
    assert re.search(r"<h1>\s*로그인", html)
    assert "账户均为虚构" in html, "what is not translated is read in Chinese"
    assert "All accounts are fictitious" not in html


@pytest.mark.parametrize("part", ["", "/which", ANSWERED, "/process", "/form"])
def test_one_guide_is_whole_in_korean(demonstration: None, part: str) -> None:
    shown = _ARTICLES.sub("", _CITED.sub("", page(Client(), GUIDE + part, **HEADER)))
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", "\n", shown, flags=re.DOTALL)
    labels = " ".join(re.findall(r'(?:aria-label|data-label|title|placeholder)="([^"]*)"', shown))
    assert re.search("[가-힣]", text)
    assert not set(HAN.findall(f"{text}\n{labels}")) - KEPT


def test_every_language_is_offered_under_its_own_name_and_kept(demonstration: None) -> None:
    client = Client()
    html = page(client)
    assert '<html lang="zh-Hans">' in html
    assert re.findall(r'name="language" value="([\w-]+)" lang="\1">([^<]+)<', html) == [
        ("en", "English"),
        ("ko", "한국어"),
    ]
    answer = client.post("/language", {"language": "ko", "next": "/login"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login")
    html = page(client, headers={"accept-language": "en"})
    assert '<html lang="ko">' in html
    assert 'value="zh-Hans" lang="zh-Hans">中文<' in html


def test_a_language_that_is_not_there_changes_nothing(demonstration: None) -> None:
    client = Client()
    assert (
        client.post("/language", {"language": "tlh", "next": "//evil.example"}).headers["Location"]
        == "/"
    )
    assert not client.cookies.get("django_language")
    assert '<html lang="zh-Hans">' in page(client, headers={"accept-language": "tlh, *"})
    assert '<html lang="en">' in page(client, headers={"accept-language": "tlh, en-GB;q=0.5"})


def test_a_further_language_is_files_only(demonstration: None, own_language: None) -> None:
    html = page(Client(), headers={"accept-language": "qaa"})
    assert '<html lang="qaa" dir="rtl">' in html
    assert "&lt;b&gt;Naalogin" in html, "a translation brings words, no markup"
    assert "All accounts are fictitious" in html, "this one falls back to English"
    assert 'value="qaa" lang="qaa">Naa<' in page(Client())
