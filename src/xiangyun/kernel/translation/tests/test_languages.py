"""A further language is files: read, held against the sentences, and its faults told."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import ENGLISH
from xiangyun.kernel.translation import coverage, in_python, in_template, read_language

ABOUT = """
name: русский
falls_back: en
plurals: {one: v = 0 and i % 10 = 1 and i % 100 != 11, few: v = 0 and i % 10 = 2..4}
day: "{day}.{month:02}.{year}"
weekdays: [пн, вт, ср, чт, пт, сб, вс]
"""
CODE = 'Text("还剩 {n} 天", "{n} {n|day|days} left", n=n)\nText.given("甲", "a")\nText(zh, en)\n'
PAGE = """<p>{% say "登录" "Log in" %}</p>\n{% say '{n} 件' '{n} cases' n=3 %}"""


def test_a_language_is_read_from_its_files():
    language, faults = read_language(
        "ru", {"language.yaml": ABOUT, "a.yaml": "log-in-1: Войти\nlater-2:"}
    )
    assert not faults
    assert (language.tag, language.name, language.falls_back) == ("ru", "русский", ENGLISH)
    assert [category for category, _ in language.plurals] == ["one", "few"]
    assert dict(language.sentences) == {"log-in-1": "Войти"}


def test_every_fault_of_the_files_is_found_and_the_rest_is_used():
    about = """
    surprise: 1
    day: "{year}{{hour}}{hour}"
    comma: 3
    months: [one]
    falls_back: tlh
    plurals: {one: nonsense, other: n = 1}
    """
    files = {
        "language.yaml": about,
        "a.yaml": "x: [1]\ny: 1",
        "b.yaml": "ok-1: gut",
        "c.yaml": "ok-1: noch",
        "d.yaml": "a: [",
        "e.yaml": "- 1",
    }
    language, faults = read_language("xx", files)
    assert dict(language.sentences) == {"ok-1": "gut"}
    assert sorted(fault.id[-3:] for fault in faults) == sorted(
        ["002", "002", "002", "006", "003", "003", "005", "005", "003", "003", "004", "001", "001"]
    )
    assert all(fault.message.zh and fault.message.en and fault.place for fault in faults)


def test_the_sentences_of_code_and_templates_are_collected():
    found = [*in_python(CODE, "a.py"), *in_template(PAGE, "a.html")]
    assert [(each.zh, each.en, str(each.place)) for each in found] == [
        ("还剩 {n} 天", "{n} {n|day|days} left", "a.py:1"),
        ("登录", "Log in", "a.html:1"),
        ("{n} 件", "{n} cases", "a.html:2"),
    ]


def test_what_is_missing_left_over_or_wrong_is_told():
    left, log_in, cases = [*in_python(CODE, "a.py"), *in_template(PAGE, "a.html")]
    words = {left.id: "осталось {n} {n|день|дня}", log_in.id: "Войти", "gone-1": "…"}
    language, _ = read_language(
        "ru", {"language.yaml": ABOUT, "a.yaml": "\n".join(f'{k}: "{v}"' for k, v in words.items())}
    )
    found = coverage(language, [left, log_in, cases, cases])
    assert set(found.translated) == {left.id, log_in.id}
    assert set(found.missing) == {cases.id}
    assert found.stale == ("gone-1",)
    [fault] = found.faults
    assert (fault.id, fault.place and fault.place.file) == ("language.E007", left.id)
    assert fault.hint == Text(
        "原句有：n；复数形式应有 3 个。", "The sentence has: n; a plural has 3 forms."
    )
