"""People find a service by their own words, by their sound, and with a slip of the hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from random import Random
from uuid import uuid4

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions, finding
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue.finding import Document, document, published, ranked
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.domain.catalogue.ranking import (
    BEGINS,
    EQUAL,
    HOLDS,
    IS_HELD,
    NEAR,
    NEAR_BEGUN,
    SAYS,
    SOUNDS,
    SOUNDS_BEGUN,
    SOUNDS_WITHIN,
    SPREAD,
    Asked,
    Name,
)
from xiangyun.domain.catalogue.rephrasing import Said, rephrased, words_of

REGISTRATION, BUILDING = "market/company-registration", "construction/project-approval"


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("注册公司", REGISTRATION),
        ("我想注册公司", REGISTRATION),
        ("开店", REGISTRATION),
        ("我要开一家小店", REGISTRATION),
        ("个体户", REGISTRATION),
        ("kaigongsi", REGISTRATION),
        ("kai gong si", REGISTRATION),
        ("zcgs", REGISTRATION),
        ("注册工司", REGISTRATION),  # the wrong character of an input method
        ("kaigongsu", REGISTRATION),  # a slip of the hand
        ("bussiness licence", REGISTRATION),
        ("註冊公司", REGISTRATION),
        ("starting a company", REGISTRATION),
        ("盖房子", BUILDING),
        ("gaifangzi", BUILDING),
        ("施工许可证", BUILDING),
        ("高龄津贴", "eldercare/basic-services"),
        ("有人打孩子", "children/danger-report"),
        ("公司注册", REGISTRATION),  # the parts in another order
        ("gongsi zhuce", REGISTRATION),
        ("gongsizhuce", REGISTRATION),
        ("修复信用", "credit/repair"),
        ("怎么开公司", REGISTRATION),  # a sentence
        ("请问办营业执照需要什么材料？", REGISTRATION),
        ("start a company", REGISTRATION),
        ("How do I start a business?", REGISTRATION),
        ("open a shop", REGISTRATION),
        ("build a house", BUILDING),
        ("宝宝", "themes/birth"),
        ("噪声", "government/complaint"),
    ],
)
def test_everyday_words_find_their_service_first(words: str, first: str) -> None:
    found = catalogue.search(words)
    assert found, words
    assert found[0].code == first, [each.code for each in found]


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_a_word_finds_what_it_names_and_never_the_syntax_of_files() -> None:
    everything = len(catalogue.current_services())
    assert 0 < len(catalogue.search("company")) < everything / 2
    for syntax in ("zh-Hans", "department", "applicants", "yaml", "form.json", "process"):
        for found in catalogue.search(syntax):
            item = catalogue.pack(found.pk).service
            told = (item.name, item.everyday_name, item.summary, item.result.name)
            words = " ".join(each.en for each in (*told, *(m.name for m in item.materials)))
            assert syntax.lower().removesuffix("s") in words.lower(), (syntax, found.code)
    assert catalogue.search("qqqqq") == []
    assert catalogue.search("，。 ") == []


def _named(*names: str, also: tuple[str, ...] = (), body: str = "") -> Document:
    said = {"names": list(names), "also": list(also), "body": body}
    return document(uuid4(), names[0], said)


def test_a_name_comes_before_a_text_and_a_whole_name_before_a_part() -> None:
    text = _named("甲", body="结婚登记之后办理")
    part = _named("补领结婚登记证")
    begins = _named("结婚登记预约")
    whole = _named("婚姻登记", also=("结婚登记",))
    assert ranked([text, part, begins, whole], "结婚登记") == [whole, begins, part, text]


def test_a_name_that_begins_with_a_sound_comes_before_one_that_goes_on_with_it() -> None:
    here, elsewhere = _named("开公司登记和备案"), _named("在外地开公司")
    assert ranked([elsewhere, here], "kaigongsi") == [here, elsewhere]
    assert ranked([elsewhere, here], "kgs") == [here, elsewhere]


def test_what_is_only_guessed_is_left_out_where_something_answers() -> None:
    sure, guessed = _named("开店备案"), _named("开超市门店")
    assert ranked([guessed, sure], "开店") == [sure]


def test_what_a_text_says_comes_before_a_guess_and_hides_none() -> None:
    text, meant = _named("甲", body="办开店登记的朋友都说好"), _named("开店登机")
    assert ranked([meant, text], "开店登记") == [meant, text]  # it sounds so: that is no guess
    text, meant = _named("甲", body="kaidian dengju"), _named("开店登记")
    assert ranked([meant, text], "kaidian dengju") == [text, meant]


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_what_nobody_begins_takes_no_place_from_what_people_look_for() -> None:
    everything = {each.code for each in catalogue.search("孩子", most=None)}
    begun = [each.code for each in catalogue.search("孩子", opened_by=("applicant", "anonymous"))]
    assert "children/child-visit" in everything - {*begun}
    first = catalogue.search("孩子", most=1, opened_by=("applicant", "anonymous"))
    assert [each.code for each in first] == begun[:1]


def test_letters_are_compared_by_whole_words() -> None:
    port, airport = _named("Port", body=""), _named("Airport shuttle", body="transport")
    assert ranked([airport, port], "port") == [port]


SPOKEN = (
    "公司",
    "开",
    "zc",
    "zcgs",
    "kai",
    "yanglao",
    "buzhu",
    "licence",
    "building permit",
    "2026",
)


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_after_a_publication_only_what_is_new_is_read_and_all_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert catalogue.search("注册公司")[0].code == REGISTRATION
    before = ServiceVersion.objects.get(code=REGISTRATION, current=True)
    read: list[str] = []
    monkeypatch.setattr(
        finding, "document", lambda pk, code, *told: read.append(code) or document(pk, code, *told)
    )
    with acting_as(SYSTEM):
        files = dict(before.files)
        said = files["service.yaml"].replace("[注册公司,", "[鲸鱼铺子, 注册公司,")
        files["service.yaml"] = re.sub(r"(?m)^version: \d+", "version: 99", said)
        files["CHANGES.md"] = "## 99 (2026-11-29)\n- x\n" + files["CHANGES.md"]
        actions.publish(REGISTRATION, files, actor=SYSTEM, at=timezone.now())
        new = ServiceVersion.objects.get(code=REGISTRATION, current=True)
    assert new.pk != before.pk
    found = catalogue.search("鲸鱼铺子")
    assert [each.pk for each in found][:1] == [new.pk]
    assert read == [REGISTRATION]
    assert before.pk not in {each.pk for word in SPOKEN for each in catalogue.search(word, None)}
    for question in SPOKEN:
        whole = [each.version for each in ranked(published(), question)]
        assert [each.pk for each in catalogue.search(question, None)] == whole, question


def _rank(name: Name, asked: Asked) -> int:
    """How well one name answers, by its definition and nothing else; guesses by sound left out."""
    said, latin = asked.written, asked.latin
    english = not asked.chinese and asked.words and {*asked.words} == name.words
    if said == name.written or english:
        return EQUAL
    if name.written.startswith(said):
        return BEGINS
    if said in name.written if asked.chinese else asked.words and name.words >= {*asked.words}:
        return HOLDS
    if asked.chinese and len(name.written) > 1 and name.written in said:
        return IS_HELD
    if not name.suffixes:
        return 0
    spelled = [name.suffixes] if asked.chinese else [name.suffixes, name.initials]
    if name.latin == latin or (not asked.chinese and name.initials[0] == latin):
        return SOUNDS
    if len(said) > (1 if asked.chinese else 2):
        if any(each[0].startswith(latin) for each in spelled):
            return SOUNDS_BEGUN
        if any(part.startswith(latin) for each in spelled for part in each):
            return SOUNDS_WITHIN
    signs = iter(said)
    spread = asked.chinese and 1 < len(name.written) < len(said)
    return SPREAD if spread and all(sign in signs for sign in name.written) else 0


def _plainly(documents: Iterable[Document], question: str) -> list[Document]:
    """All that answer, in the first of the ways of asking to which any does."""
    for said in (Said(question), *rephrased(question)):
        if found := _as_put(documents, Asked.of(said.text), whole=said.whole):
            return found
    return []


def _as_put(documents: Iterable[Document], asked: Asked, *, whole: bool) -> list[Document]:
    """All that answer, each compared with the question by itself; not `whole`: by name alone."""

    def alike(spelled: str) -> bool:
        letters, part = re.sub(r"\d", "", asked.latin), re.sub(r"\d", "", spelled)
        part = part[: len(letters) + 1]
        pairs = {letters[at : at + 2] for at in range(len(letters) - 1)}
        enough = sum(pair in part for pair in pairs) * 2 >= len(pairs)
        near = SequenceMatcher(None, letters, part, autojunk=False).ratio() >= 0.8
        return len(letters) > 3 and enough and near

    def says(one: Document) -> bool:
        if asked.chinese:
            return len(asked.written) > 1 and asked.written in one.body
        return bool(asked.words) and {*asked.words} <= {*words_of(one.body)}

    def near(one: Document) -> int:
        if any(alike(name.latin) for name in one.names):
            return NEAR_BEGUN
        return NEAR if any(alike(part) for name in one.names for part in name.suffixes) else 0

    ranks = {one: [_rank(name, asked) for name in one.names] for one in documents}
    best = {one: max(*ranks[one], SAYS if says(one) else 0) for one in ranks}
    if not whole:
        best = {one: each if each > SAYS else 0 for one, each in best.items()}
    elif any(each > SAYS for each in best.values()):
        best = {one: each if each >= SAYS else 0 for one, each in best.items()}
    else:
        best = {one: max(each, near(one)) for one, each in best.items()}

    def order(one: Document) -> tuple[int, int, str]:
        lengths = [
            len(name.written)
            for name, rank in zip(one.names, ranks[one], strict=True)
            if rank == best[one]
        ]
        return -best[one], min(lengths, default=len(one.names[0].written)), one.code

    return sorted((one for one in best if best[one]), key=order) if asked.written else []


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_what_is_found_quickly_is_what_comparing_each_service_finds() -> None:
    known = published()
    drawn = Random(25)
    questions = [*SPOKEN, "，", "jiegong", "bulding permt"]
    for _ in range(150):
        name = drawn.choice(drawn.choice(known).names)
        text = drawn.choice([name.written, name.latin, *name.suffixes, *name.initials])
        first = drawn.randrange(len(text))
        asked = text[first : first + drawn.randint(1, 9)]
        slip = drawn.randrange(len(asked))
        questions += [
            asked,
            asked[:slip] + drawn.choice("aein公证") + asked[slip + 1 :],
            f"我要{asked}",
        ]
    for question in questions:
        whole = [each.version for each in _plainly(known, question)]
        assert [each.pk for each in catalogue.search(question, None)] == whole, question
        assert [each.pk for each in catalogue.search(question, 3)] == whole[:3], question


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_what_is_asked_of_all_services_compiles_none(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {pack.code: pack.service for pack in catalogue.current_packs()}
    monkeypatch.setattr(
        catalogue, "published_pack", lambda files: pytest.fail("a pack was compiled")
    )
    catalogue.pack.cache_clear()
    assert {item.code: item for item in catalogue.items()} == known
    assert {code: terms for code, _, terms in catalogue.retained()} == {
        code: item.retention for code, item in known.items()
    }
    assert any(item.retention for item in known.values())
    assert catalogue.overseers()
    assert len(list(catalogue.items(1, 2))) == 2
