"""Names of all nationalities are names, and one name is one text however it was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.formspec import FORMATS
from xiangyun.kernel.formspec.texts import clean

NAME = FORMATS["name"]
NAMES = {
    "han": "欧阳样云",
    "rare": "\U00020bb7样",
    "zero": "张〇",
    "uyghur in han": "迪丽热巴·迪力木拉提",
    "uyghur": "ئابدۇرېھىم ئۆتكۈر",
    "tibetan": "བཀྲ་ཤིས་རྒྱ་མཚོ",
    "mongolian": "ᠪᠠᠲᠤ ᠥᠯᠵᠡᠢ",
    "mongolian with a vowel separator": "ᠰᠠᠷ\u180eᠠ",
    "yi": "ꆈꌠꁧ",
    "dai": "ᥖᥭᥰᥘᥫᥴ",
    "korean": "김철수",
    "miao": "\U00016f00\U00016f51\U00016f06",
    "kazakh": "Әлия Нұрғали",
    "vietnamese": "Nguyễn Thị Hương",
    "indian": "विजय\u200cलक्ष्मी",
    "irish": "Seán O’Brien-Smith",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_of_any_nationality_is_a_name(name):
    assert NAME.problem(NAME.normal(name)) is None


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_composed_and_decomposed_forms_are_one_name(name):
    forms = {NAME.normal(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert len(forms) == 1
    assert unicodedata.is_normalized("NFC", forms.pop())


@pytest.mark.parametrize("dot", "·•・･‧∙⋅●．\u0387\u2e31")
@pytest.mark.parametrize("space", ["", " ", "\u3000"])
def test_every_middle_dot_in_use_becomes_one(dot, space):
    typed = f"阿依古丽{space}{dot}{space}买买提"
    assert NAME.normal(typed) == "阿依古丽·买买提"
    assert NAME.problem(NAME.normal(typed)) is None


@pytest.mark.parametrize(
    "hidden",
    ["\u200b", "\ufeff", "\u200e", "\u202e", "\u2060", "\u00ad", "\u3164", "\u00a0", "\ufe0f"],
)
def test_what_nobody_sees_is_dropped_at_the_ends(hidden):
    assert NAME.normal(f"{hidden}张三{hidden}") == "张三"
    assert clean(f" {hidden}\u200d 说明{hidden}\n") == "说明"


def test_what_only_hides_is_dropped_inside_a_name_too():
    assert NAME.normal("张\u200b三") == NAME.normal("张\ufe00三") == "张三"


@pytest.mark.parametrize(
    "text", ["张", "张3", "\u0308张三", "张_三", "张三！", "x" * 51, "·张三", "🙂🙂"]
)
def test_what_is_no_name_is_refused(text):
    assert NAME.problem(NAME.normal(text)).id == "form.E123"


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)
    assert NAME.normal(NAME.normal(text)) == NAME.normal(text)
