"""Sentences with values, plural forms, and languages that fall back."""

from datetime import date, datetime

import pytest

from xiangyun.kernel.language import (
    CHINESE,
    ENGLISH,
    BrokenTemplate,
    Language,
    Text,
    accepted,
    choose,
    of_locale,
    read_rule,
)

LEFT = Text("还剩 {n} 天", "{n} {n|day|days} left", n=1)


def korean(**sentences: str) -> Language:
    return Language("ko", "한국어", CHINESE, sentences=sentences, day="{year}년 {month}월 {day}일")


def test_a_sentence_is_put_together_in_the_readers_language():
    text = Text("第 {row} 行", "row {row}", row=3)
    assert (text.zh, text.en) == ("第 3 行", "row 3")
    assert text == Text("第 3 行", "row 3")
    assert str(text) == "第 3 行"


def test_plural_forms_follow_the_number_and_the_language():
    assert LEFT.en == "1 day left"
    assert Text("{n}", "{n} {n|day|days}", n=0).en == "0 days"
    one, few, many = (
        read_rule(rule)
        for rule in (
            "v = 0 and i % 10 = 1 and i % 100 != 11",
            "v = 0 and i % 10 = 2..4 and i % 100 != 12..14",
            "v = 0 and i % 10 = 0 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 11..14",
        )
    )
    days = Text("{n}", "{n} {n|day|days}")
    words = {days.id: "{n} {n|день|дня|дней|дня}", LEFT.id: "осталось {n} {n|день|дня|дней|дня}"}
    russian = Language(
        "ru",
        "русский",
        ENGLISH,
        sentences=words,
        plurals=(("one", one), ("few", few), ("many", many)),
    )
    for number, said in {
        1: "день",
        3: "дня",
        5: "дней",
        11: "дней",
        12: "дней",
        21: "день",
        22: "дня",
    }.items():
        assert Text("{n}", "{n} {n|day|days}", n=number).pick(russian) == f"{number} {said}"


def test_a_missing_translation_falls_back_and_so_does_a_changed_sentence():
    language = korean(**{LEFT.id: "{n}일 남음"})
    assert LEFT.pick(language) == "1일 남음"
    assert Text("还剩 {n} 天整", "{n} {n|day|days} left", n=1).pick(language) == "还剩 1 天整"
    assert Text("旧", "old").pick(Language("ru", "русский", ENGLISH)) == "old"


@pytest.mark.parametrize(
    "wrong", ["{m}일", "{n|a|b}", "{n", "}", "{n:weekday}", "{n.__class__}", "{0}"]
)
def test_a_translation_that_does_not_fit_is_passed_over(wrong: str):
    assert LEFT.pick(korean(**{LEFT.id: wrong})) == "还剩 1 天"


def test_a_sentence_of_the_house_that_does_not_fit_is_a_fault_of_the_house():
    with pytest.raises(BrokenTemplate):
        _ = Text("第 {row} 行", "row {line}", row=3).en


def test_values_are_shown_in_the_language_of_the_sentence():
    friday = date(2026, 9, 18)
    text = Text(
        "{who}：{day}、{day:weekday}、{day:iso}、{all}",
        "{who}: {day}, {day:weekday}, {day:iso}, {all}",
        who=Text("办理人", "the handler"),
        day=friday,
        all=[Text("一", "one"), Text("二", "two")],
    )
    assert text.zh == "办理人：2026年9月18日、2026年9月18日（星期五）、2026-09-18、一、二"
    assert text.en == (
        "the handler: 18 September 2026, Friday, 18 September 2026, 2026-09-18, one, two"
    )
    at = datetime(2026, 9, 18, 14, 5)
    assert Text("{at}", "{at}", at=at) == Text("2026年9月18日 14:05", "18 September 2026, 14:05")
    short = Text("到{day}", "by {day}", day=friday)
    assert short.pick(korean(**{short.id: "{day}까지"})) == "2026년 9월 18일까지"
    assert short.pick(korean()) == "到2026年9月18日"


def test_numbers_take_a_format():
    assert (
        Text("{n:,} 人，{share:.1%}", "{n:,}, {share:.1%}", n=1234, share=0.5).en == "1,234, 50.0%"
    )


def test_braces_are_braces_without_values_and_doubled_with_them():
    assert Text("写成 {en: …}", "Write {en: …}").en == "Write {en: …}"
    assert Text("{{{n}}}", "{{{n}}}", n=1).en == "{1}"
    assert Text.given("{x", "{x}").zh == "{x"


def test_words_from_outside_bring_their_own_translations():
    words = Text.given("营业执照", "", {"ko": "사업자등록증"})
    assert words.pick(korean()) == "사업자등록증"
    assert words.en == "营业执照"
    assert Text.from_json(Text("一", "one").to_json()) == Text("一", "one")


def test_what_is_put_into_a_page_is_escaped_once():
    def escape(value: object) -> str:
        return str(value).replace("<", "&lt;")

    text = Text("<{who}>", "<{who}>", who=Text("<甲>", "<a>"))
    assert text.pick(ENGLISH, escape) == "&lt;&lt;a>>"


def test_the_id_tells_sentences_apart_and_is_the_same_on_every_machine():
    assert Text("还剩 {n} 天", "{n} {n|day|days} left").id == LEFT.id == "left-a3b26d50"
    assert len({Text(zh, en).id for zh in "甲乙" for en in ("a", "b")}) == 4
    assert Text("甲b", "c").id != Text("甲", "bc").id


@pytest.mark.parametrize(
    "rule", ["", "n", "n = ", "x = 1", "n = 1 and", "n % = 1", "n = 1..", "1 = n"]
)
def test_what_is_no_plural_rule_is_refused(rule: str):
    with pytest.raises(ValueError, match="no plural rule"):
        read_rule(rule)


def test_a_rule_of_fractions_sees_the_digits_that_are_shown():
    one = read_rule("i = 1 and v = 0 @integer 1")
    assert one.of(1)
    assert not one.of(1.5)
    assert read_rule("n = 0..1 or f = 5").of(2.5)


@pytest.mark.parametrize(
    ("ranges", "tag"),
    [
        (["ko-KR"], "ko"),
        (["zh-CN"], "zh-Hans"),
        (["zh_TW"], "zh-Hans"),
        (["de", "en-GB"], "en"),
        (["EN"], "en"),
        (["de"], None),
        ([""], None),
        ([], None),
    ],
)
def test_a_reader_gets_the_first_language_that_there_is(ranges: list[str], tag: str | None):
    found = choose(ranges, [CHINESE, ENGLISH, korean()])
    assert (found and found.tag) == tag


def test_the_browsers_languages_come_in_the_order_of_their_weights():
    assert accepted("de;q=0.5, ko-KR, en;q=0.9, fr;q=0, *;q=0.1, x;q=9..9") == ["ko-KR", "en", "de"]
    assert accepted("") == []
    assert accepted("en;" * 10_000) == []


def test_a_posix_locale_names_a_range_unless_it_names_nothing():
    assert [of_locale(each) for each in ("ko_KR.UTF-8", "en", "C.UTF-8", "POSIX", "")] == [
        "ko-KR",
        "en",
        None,
        None,
        None,
    ]
