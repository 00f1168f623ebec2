"""A pack in a further language: files beside the two it must have, read key by key."""

from __future__ import annotations

from xiangyun.kernel.language import CHINESE, ENGLISH, Language
from xiangyun.kernel.pack import check_pack, letter, read_pack

from .shipped import files

KOREAN = Language("ko", "한국어", CHINESE)
WORDS = """
element.issue_licence: 영업허가증 발급
form.brand.label: 상호
letter.refused.title: 등록 불허 통지서
"""


def test_a_further_language_of_a_pack_is_a_file_and_falls_back_key_by_key() -> None:
    changed = {**files(), "texts/ko.yaml": WORDS}
    assert [found for found in check_pack(changed) if found.severity != "note"] == []
    pack = read_pack(changed)
    assert pack.words("task.issue_licence").pick(KOREAN) == "영업허가증 발급"
    assert pack.labels(KOREAN)["issue_licence"] == "영업허가증 발급"
    question = pack.form.question("brand")
    assert question.label.pick(KOREAN) == "상호"
    untouched = pack.words("task.decide")
    assert untouched.pick(KOREAN) == untouched.pick(CHINESE) != untouched.pick(ENGLISH)


def test_a_letter_that_is_not_translated_whole_is_written_in_the_language_it_falls_back_to() -> (
    None
):
    pack = read_pack({**files(), "texts/ko.yaml": WORDS})
    variables = dict.fromkeys(("application", "service")) | {"today": None}
    texts = pack.texts
    assert "letter.refused.title" in texts["ko"]
    assert "letter.refused.body" not in texts["ko"]
    made = letter(pack, "refused", variables, KOREAN)
    assert made.title == letter(pack, "refused", variables, CHINESE).title


def test_words_inline_may_have_a_further_language_too_and_nothing_else() -> None:
    at = next(line for line in files()["service.yaml"].splitlines() if "zh-Hans:" in line)
    assert "{" in at or at.strip().startswith("zh-Hans")
    if "{" in at:
        good = at.replace("{zh-Hans:", "{ko: 회사, zh-Hans:")
        bad = at.replace("{zh-Hans:", "{Korean!: 회사, zh-Hans:")
    else:
        indent = at[: len(at) - len(at.lstrip())]
        good, bad = f"{indent}ko: 회사\n{at}", f"{indent}Korean!: 회사\n{at}"
    service = files()["service.yaml"]
    fine = check_pack({**files(), "service.yaml": service.replace(at, good, 1)})
    assert "pack.E004" not in {found.id for found in fine}
    faulty = check_pack({**files(), "service.yaml": service.replace(at, bad, 1)})
    assert "pack.E004" in {found.id for found in faulty}


def test_words_that_nothing_uses_are_told_in_a_further_language_as_well() -> None:
    changed = {**files(), "texts/ko.yaml": "task.nothing: 없음\n"}
    [found] = [each for each in check_pack(changed) if each.id == "pack.W004"]
    assert found.place
    assert found.place.file == "texts/ko.yaml"
