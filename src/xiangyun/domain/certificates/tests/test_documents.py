"""A certificate file proves itself, offline; every change to it is found."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiangyun.adapters.keys import signing_key
from xiangyun.domain.certificates import document, queries
from xiangyun.domain.certificates.verification import Standing, claimed, verify_document
from xiangyun.kernel.findings import Text

from .conftest import DAY, SCOPE

IN_FORCE = Standing(True, True, Text("有效", "in force"))
REVOKED = Standing(True, False, Text("已撤销", "revoked"))
NEVER = Standing(False, False, Text("无记录", "no record"))


def check(text, signer, looked_up=IN_FORCE, on=DAY):
    return verify_document(text, signer.trusted, looked_up, on)


def test_the_page_alone_proves_itself(issued, signer):
    verdict = check(issued.page, signer)
    assert verdict.answer == "valid"
    assert all(step.passed for step in verdict.steps)
    assert verdict.content["number"] == issued.number


def test_the_data_alone_prove_themselves_too(issued, signer):
    bare = queries.bare_document(issued)
    verdict = check(bare, signer)
    assert verdict.answer == "valid"
    assert [step.passed for step in verdict.steps].count(None) == 1, "there is no page to check"
    respelt = json.dumps(json.loads(bare), ensure_ascii=True, indent=None)
    assert check(respelt, signer).answer == "valid"


def test_without_a_look_into_the_records_it_says_so(issued, signer):
    verdict = check(issued.page, signer, looked_up=None)
    assert verdict.answer == "valid"
    assert "未向签发机关查询" in verdict.headline.zh
    assert verdict.steps[-1].passed is None


@pytest.mark.parametrize(("looked_up", "answer"), [(REVOKED, "revoked"), (NEVER, "unknown")])
def test_the_records_have_the_last_word(issued, signer, looked_up, answer):
    assert check(issued.page, signer, looked_up).answer == answer


def test_an_altered_file_is_altered_whatever_the_records_say(issued, signer):
    page = issued.page.replace("100万元", "900万元", 1)
    for looked_up in (IN_FORCE, REVOKED, NEVER, None):
        assert check(page, signer, looked_up).answer == "altered"


def test_a_day_outside_its_term_is_found_offline(issued, signer):
    assert check(issued.page, signer, None, date(2026, 4, 8)).answer == "revoked"


def _first(old, new):
    return lambda page: page.replace(old, new, 1)


def _last(old, new):
    return lambda page: new.join(page.rsplit(old, 1))


PAGE_CHANGES = {
    "a digit that the eye sees": _first("100万元", "900万元"),
    "a digit in the data": _last("100万元", "900万元"),
    "a digit in both": lambda page: page.replace("100万元", "900万元"),
    "one space": _first("<main", "<main "),
    "hidden by style": _first("</style>", ".demo { display: none }</style>"),
    "a word before it": lambda page: "已年检" + page,
    "a word after it": lambda page: page + "已年检",
    "a space in the data": _first(document.OPENING + "{", document.OPENING + "{ "),
    "another spelling in the data": _last("营", "\\u8425"),
    "the data moved": lambda page: (
        _data(page) and page.replace(_block(page), "").replace("<main", _block(page) + "<main", 1)
    ),
    "the data doubled": lambda page: page.replace("</body>", _block(page) + "</body>"),
    "a key twice": _last('{"content"', '{"page":"","content"'),
    "a key more": _last('{"content"', '{"approved":"yes","content"'),
    "markup in the data": _last("\\u003cb\\u003e", "<b>"),
    "the data cut off": lambda page: page[: page.rindex("</script>") - 9],
    "no data": lambda page: page.replace(_data(page), ""),
    "another version": _last("xiangyun-certificate/1", "xiangyun-certificate/9"),
    "another algorithm": _last("Ed25519", "none"),
}


def _block(page):
    return re.search(re.escape(document.OPENING) + ".*?</script>", page).group()


def _data(page):
    return _block(page).removeprefix(document.OPENING).removesuffix(document.CLOSING)


@pytest.mark.parametrize("name", PAGE_CHANGES)
def test_every_change_of_the_file_is_found(issued, signer, name):
    changed = PAGE_CHANGES[name](issued.page)
    assert changed != issued.page
    assert check(changed, signer).answer == "altered"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_any_other_character_anywhere_is_found(issued, signer, data):
    page = issued.page
    place = data.draw(st.integers(0, len(page) - 1))
    character = data.draw(st.characters(codec="utf-8", exclude_characters="\r\n\ufeff"))
    if page[place] in (character, "\n"):
        return
    changed = page[:place] + character + page[place + 1 :]
    assert check(changed, signer).answer in ("altered", "unknown")


def test_what_mail_does_to_a_file_does_not_matter(issued, signer):
    assert check("\ufeff" + issued.page.replace("\n", "\r\n"), signer).answer == "valid"


def test_a_forger_with_a_key_of_his_own_is_not_believed(issued, signer, tmp_path):
    forger = signing_key(tmp_path)
    blank, _ = document.take_apart(issued.page)
    blank = blank.replace("100万元", "900万元")
    forged = document.with_data(blank, document.signed(issued.content, blank, forger))
    assert check(forged, forger).answer == "valid", "it is well made"
    assert check(forged, signer).answer == "unknown"
    # Under the name of the true key it is just a wrong signature.
    renamed = forged.replace(forger.key_id, signer.key_id)
    assert check(renamed, signer).answer == "altered"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "1",
        "你好",
        "<html></html>",
        '{"a": 1}',
        '{"format": 1}',
        "[" * 50_000,
        "\x00",
    ],
)
def test_somebody_elses_file_is_unknown_and_no_document(text, signer):
    verdict = check(text, signer)
    assert (verdict.answer, verdict.kind) == ("unknown", None)
    assert claimed(text) is None


@given(
    st.dictionaries(st.sampled_from(["content", "page", "signature", "x"]), st.text() | st.none())
)
def test_data_of_the_wrong_shape_are_altered(wrong):
    text = json.dumps({"format": document.FORMAT, **wrong})
    assert verify_document(text, {}, None, None).answer == "altered"


def test_typed_markup_is_text_on_the_page(issued):
    assert "<b>" not in issued.page
    assert html.escape(SCOPE) in issued.page


def test_the_page_is_one_file_that_loads_nothing_and_says_that_it_is_a_demonstration(issued):
    page = issued.page
    assert "演示系统签发 · 虚构" in page
    assert "Issued by a demonstration system · fictitious" in page
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == [issued.content["verify_at"]]
    assert "url(" not in page
    assert "@import" not in page
    assert page.count("<script") == 1
    assert "default-src 'none'" in page


def test_the_check_needs_neither_django_nor_a_database():
    program = (
        "import sys; import xiangyun.domain.certificates.verification;"
        " sys.exit(any(name.split('.')[0] in ('django', 'psycopg') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
