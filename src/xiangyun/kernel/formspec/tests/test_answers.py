"""People fill in the registration form: what they typed stays, what is wrong is said beside it."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.codes import resident
from xiangyun.kernel.formspec import (
    Attached,
    check,
    from_json,
    read_form,
    submitted,
    visible_pages,
)
from xiangyun.kernel.formspec.tests.forms import ENGLISH, REGISTRATION

FORM = read_form(REGISTRATION, texts={"en": ENGLISH})
TODAY = date(2026, 4, 9)
ID = resident.make("220102", date(1990, 1, 1), 1)  # 虚构 / fictitious
LEASE = [{"name": "合同.pdf", "size": 1024, "reference": "sha256:1"}]
WHOLE = {
    "applicant_name": "张三",
    "applicant_id": ID,
    "phone": "13800138000",
    "kind": "company",
    "capital": 100000,
    "in_kind": False,
    "shareholders": [
        {"name": "张三（虚构）", "share": 40},
        {"name": "李四（虚构）", "share": 60, "reason": "协议约定"},
    ],
    "opening": "2026-05-01",
    "departments": ["seal"],
    "lease": LEASE,
}


def typed(**fields: str) -> dict[str, list[str]]:
    return {name: [text] for name, text in fields.items()}


def page_keys(answers) -> list[str]:
    return [page.key for page in visible_pages(FORM, answers)]


# -- what is asked -------------------------------------------------------------------------------


def test_an_individual_is_not_asked_about_capital():
    assert "capital_group" in page_keys({"kind": "company"})
    assert "capital_group" not in page_keys({"kind": "individual"})
    assert "capital_group" not in page_keys({})  # null != "company"


def test_a_note_is_asked_only_after_the_box_above_it_is_ticked():
    asked = {
        ticked: [
            q.key
            for page in visible_pages(FORM, {"kind": "company", "in_kind": ticked})
            for q in page.questions
        ]
        for ticked in (True, False)
    }
    assert "in_kind_note" in asked[True]
    assert "in_kind_note" not in asked[False]


def test_an_answer_that_was_hidden_again_counts_no_more():
    changed = {
        **WHOLE,
        "in_kind": True,
        "in_kind_note": "设备一台，评估价五万元。",
        "kind": "individual",
    }
    assert submitted(FORM, changed).keys() == {
        "applicant_name",
        "applicant_id",
        "phone",
        "kind",
        "opening",
        "departments",
        "lease",
    }


def test_a_page_well_filled_in_becomes_answers():
    reading = FORM.read(
        "applicant",
        typed(applicant_name=" 张三 ", applicant_id=ID, phone="138 0013 8000"),
        {"x": 1},
    )
    assert reading.errors == {}
    assert reading.answers == {
        "x": 1,
        "applicant_name": "张三",
        "applicant_id": ID,
        "phone": "13800138000",
    }


def test_what_was_typed_wrong_stays_and_is_answered_beside_the_field():
    wrong = ID[:-1] + ("0" if ID[-1] != "0" else "1")
    reading = FORM.read(
        "applicant",
        typed(applicant_name="张三", applicant_id=f" {wrong}", phone=""),
        {"phone": "13800138000"},
    )
    assert reading.typed == {"applicant_name": "张三", "applicant_id": f" {wrong}", "phone": ""}
    assert reading.errors.keys() == {"applicant_id", "phone"}
    assert reading.errors["applicant_id"].id == "code.E034"
    assert reading.errors["phone"].message.zh == "请填写“手机号码”。"
    assert reading.errors["phone"].message.en == "Please fill in “Mobile number”."
    assert "13800138000" in reading.errors["phone"].hint.zh
    assert reading.answers["applicant_id"] is None
    assert reading.answers["phone"] is None  # the old answer must not slip through


def test_only_the_questions_of_the_page_are_read():
    reading = FORM.read("kind", typed(kind="company", phone="1"), {})
    assert reading.answers == {"kind": "company"}
    assert reading.errors == {}


def test_a_question_that_the_page_itself_opens_is_asked_for():
    sent = {
        **typed(capital="10,000.50", in_kind="on"),
        "shareholders.0.name": ["张三（虚构）"],
        "shareholders.0.share": ["50"],
    }
    reading = FORM.read("capital_group", sent, {"kind": "company"})
    assert reading.answers["capital"] == Decimal("10000.50")
    assert reading.errors.keys() == {"in_kind_note"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("１００００", 10000), ("10,000", 10000), ("1 000.5", Decimal("1000.5")), ("+7", 7)],
)
def test_numbers_are_read_as_people_write_them(text, value):
    reading = FORM.read("capital_group", typed(capital=text), {"kind": "company"})
    assert reading.answers["capital"] == value


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("一万", "form.E107"),
        ("1e5", "form.E107"),
        ("NaN", "form.E107"),
        ("1,0", "form.E107"),
        ("9" * 31, "form.E107"),
        ("0.5", "form.E108"),
        ("-3", "form.E108"),
        ("100000001", "form.E109"),
        ("1.005", "form.E110"),
    ],
)
def test_numbers_that_will_not_do_are_answered(text, id):
    reading = FORM.read("capital_group", typed(capital=text), {"kind": "company"})
    assert reading.errors["capital"].id == id
    assert "注册资本" in reading.errors["capital"].message.zh
    assert reading.typed["capital"] == text


@pytest.mark.parametrize(
    "text",
    ["2026-05-01", "2026年5月1日", "2026/5/1", "２０２６．５．１", "20260501", " 2026-05-01 "],
)
def test_dates_are_read_as_people_write_them(text):
    assert FORM.read("opening", typed(opening=text), {}).answers["opening"] == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("2026-02-30", "form.E111"),
        ("5-1", "form.E111"),
        ("明天", "form.E111"),
        ("2026-04-08", "form.E112"),
    ],
)
def test_dates_that_will_not_do_are_answered(text, id):
    reading = FORM.read("opening", typed(opening=text), {}, on=TODAY)
    assert reading.errors["opening"].id == id
    assert reading.errors["opening"].hint.en.startswith("For example: 2026-04-09")


def test_today_is_not_past():
    assert not FORM.read("opening", typed(opening="2026-04-09"), {}, on=TODAY).errors


def test_a_choice_not_offered_is_answered_with_what_is():
    reading = FORM.read("kind", typed(kind="bank"), {})
    assert reading.errors["kind"].id == "form.E113"
    assert "有限责任公司" in reading.errors["kind"].message.zh
    assert "Limited company" in reading.errors["kind"].message.en


def test_several_boxes_ticked_are_a_list():
    reading = FORM.read("departments", {"departments": ["seal", "invoice"]}, {})
    assert reading.answers["departments"] == ["seal", "invoice"]
    assert reading.typed["departments"] == "seal\ninvoice"
    assert FORM.read("departments", {}, {}).answers["departments"] == []


def test_rows_are_read_one_by_one_and_empty_rows_are_none():
    sent = {
        **typed(capital="100"),
        "shareholders.0.name": [""],
        "shareholders.0.share": [" "],
        "shareholders.1.name": ["张三（虚构）"],
        "shareholders.1.share": ["60"],
        "shareholders.1.reason": ["协议约定"],
        "shareholders.2.name": ["李四（虚构）"],
        "shareholders.2.share": ["400"],
    }
    reading = FORM.read("capital_group", sent, {"kind": "company"})
    assert reading.errors.keys() == {"shareholders.2.share"}
    assert reading.answers["shareholders"] == [
        {"name": "张三（虚构）", "share": Decimal(60), "reason": "协议约定"},
        {"name": "李四（虚构）", "share": None, "reason": None},
    ]


def test_a_row_is_asked_why_only_above_half():
    sent = {
        **typed(capital="100"),
        "shareholders.0.name": ["甲（虚构）"],
        "shareholders.0.share": ["51"],
    }
    reading = FORM.read("capital_group", sent, {"kind": "company"})
    assert reading.errors.keys() == {"shareholders.0.reason"}
    sent["shareholders.0.share"] = ["50"]
    assert not FORM.read("capital_group", sent, {"kind": "company"}).errors


def test_a_list_that_must_not_be_empty_says_so():
    reading = FORM.read("capital_group", typed(capital="100"), {"kind": "company"})
    assert reading.errors["shareholders"].id == "form.E101"


# -- files ---------------------------------------------------------------------------------------


def attach(*files: Attached, answers=None):
    return FORM.read("lease", {}, answers or {}, files={"lease": files} if files else {})


def test_a_file_becomes_an_answer_and_stays_when_the_page_is_sent_again():
    reading = attach(Attached("合同.PDF", 1024, "sha256:1"))
    assert reading.errors == {}
    assert reading.answers["lease"] == [
        {"name": "合同.PDF", "size": Decimal(1024), "reference": "sha256:1"}
    ]
    assert attach(answers=reading.answers).answers == reading.answers


@pytest.mark.parametrize(
    ("files", "id"),
    [
        ([], "form.E101"),
        ([Attached("合同.pdf", 2_000_001, "r")], "form.E114"),
        ([Attached("合同.exe", 10, "r")], "form.E115"),
        ([Attached("合同.pdf", 0, "r")], "form.E116"),
        ([Attached("a.pdf", 1, "r"), Attached("b.pdf", 1, "s")], "form.E117"),
    ],
)
def test_files_that_will_not_do_are_answered(files, id):
    finding = attach(*files).errors["lease"]
    assert finding.id == id
    assert "租赁合同" in finding.message.zh


# -- whole submissions ---------------------------------------------------------------------------


def test_a_whole_submission_by_the_interface_is_read_and_checked():
    reading = from_json(FORM, WHOLE, on=TODAY)
    assert reading.errors == {}
    assert reading.answers["capital"] == Decimal(100000)
    assert reading.answers["opening"] == date(2026, 5, 1)
    assert "in_kind_note" not in reading.answers
    assert check(FORM, reading.answers, on=TODAY) == {}


def test_an_empty_submission_names_everything_that_is_missing():
    assert check(FORM, {}).keys() == {"applicant_name", "applicant_id", "phone", "kind", "lease"}


def test_an_answer_to_a_question_that_does_not_exist_is_named():
    finding = check(FORM, {**WHOLE, "phone_number": "1", "capitol": 2})["capitol"]
    assert finding.id == "form.E102"
    assert "capital" in finding.hint.en


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("phone", 13800138000),
        ("capital", "100"),
        ("capital", True),
        ("capital", float("nan")),
        ("in_kind", "yes"),
        ("departments", "seal"),
        ("departments", [1]),
        ("opening", 20260501),
        ("lease", "file.pdf"),
        ("lease", [{"name": "x.pdf"}]),
        ("shareholders", ["张三"]),
        ("shareholders", {}),
    ],
)
def test_json_of_the_wrong_type_is_answered(key, value):
    assert check(FORM, {**WHOLE, key: value})[key].id == "form.E103"


def test_a_register_value_that_breaks_a_rule_is_not_the_citizens_fault():
    old = {**WHOLE, "applicant_id": "220102900101001"}
    assert check(FORM, old)["applicant_id"].id == "code.E031"
    assert check(FORM, old, known={"applicant_id"}) == {}


@pytest.mark.parametrize(
    ("key", "text", "id"),
    [
        ("phone", "12800138000", "form.E120"),
        ("phone", "１３８００１３８０００", None),
        ("phone", "+86 138-0013-8000", None),
        ("applicant_name", "张3", "form.E123"),
        ("applicant_name", "张", "form.E123"),
        ("applicant_name", "买买提•吐尔逊", None),
        ("applicant_name", "Zoë O'Neill-Świątek", None),
    ],
)
def test_formats_take_what_people_mean(key, text, id):
    finding = check(FORM, {**WHOLE, key: text}).get(key)
    assert (finding.id if finding else None) == id


def test_an_answer_exactly_at_a_limit_is_right():
    edges = {"in_kind": True, "capital": Decimal("0.01") + 1}
    for note in ("字" * 10, "字" * 200):
        assert check(FORM, {**WHOLE, **edges, "in_kind_note": note}) == {}
    for capital in (1, 100_000_000, Decimal("1.500")):
        assert check(FORM, {**WHOLE, "capital": capital}) == {}
    assert not attach(Attached("合同.pdf", 2_000_000, "r")).errors


def test_a_pattern_is_answered_in_the_forms_own_words_and_its_reason():
    field = {
        "type": "textfield",
        "key": "plate",
        "label": "车牌号",
        "description": "例如 吉H12345",
        "validate": {"pattern": "^吉[A-Z]", "patternErrorMessage": "车牌号应以“吉”开头。"},
    }
    texts = {"en": {"form.plate.pattern": "The plate begins with 吉."}}
    form = read_form(json.dumps({"components": [field]}), texts=texts)
    fault = check(form, {"plate": "京A1"})["plate"]
    assert (fault.id, fault.message.en) == ("form.E106", "The plate begins with 吉.")
    assert fault.hint.zh == "例如 吉H12345"
    assert check(form, {"plate": "吉H12345"}) == {}
    del field["validate"]["patternErrorMessage"]
    form = read_form(json.dumps({"components": [field]}))
    assert check(form, {"plate": "京A1"})["plate"].message.zh == "“车牌号”的格式不对。"


def test_large_amounts_are_answered_so_that_their_noughts_can_be_counted():
    fault = check(FORM, {**WHOLE, "capital": 1_000_000_000})["capital"]
    assert fault.message.zh == "“注册资本（元）”不能大于 100,000,000，这里是 1,000,000,000。"


def test_the_example_of_a_number_lies_within_its_limits():
    fault = FORM.read("capital_group", typed(capital="x"), {"kind": "company"}).errors["capital"]
    assert fault.hint.zh == "例如：1"


def test_words_too_few_or_too_many_are_counted():
    def note(text: str):
        return check(FORM, {**WHOLE, "in_kind": True, "in_kind_note": text})["in_kind_note"]

    assert note("设备").message.zh == "“非货币出资说明”至少 10 个字，这里是 2 个字。"
    assert note("字" * 201).id == "form.E105"


@given(
    st.dictionaries(
        st.sampled_from(
            [q.key for q in FORM.questions] + ["shareholders.0.share", "shareholders.7.name"]
        ),
        st.lists(st.text(max_size=20), max_size=3),
    ),
    st.sampled_from([None, *(page.key for page in FORM.pages)]),
)
def test_nothing_a_browser_sends_is_an_exception_and_all_of_it_is_kept(raw, page):
    reading = FORM.read(page, raw, {"kind": "company"}, on=TODAY)
    for name, text in reading.typed.items():
        assert text == "\n".join(raw.get(name, []))
    for key in reading.errors:
        assert reading.answers.get(key) is None


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([q.key for q in FORM.questions]), ANSWERS))
def test_nothing_the_interface_is_sent_is_an_exception_and_good_answers_are_stable(data):
    reading = from_json(FORM, data, on=TODAY)
    again = from_json(FORM, reading.answers, on=TODAY)
    assert again.answers == reading.answers


def test_nought_is_an_answer_to_a_required_number_and_false_is_none_to_a_required_tick():
    fields = [
        {"type": "number", "key": "owed", "label": "欠款（元）", "validate": {"required": True}},
        {"type": "checkbox", "key": "promise", "label": "确认", "validate": {"required": True}},
    ]
    form = read_form(json.dumps({"components": fields}))
    assert check(form, {"owed": Decimal(0), "promise": True}) == {}
    assert form.read(None, typed(owed="0", promise="on"), {}).errors == {}
    assert set(check(form, {"owed": None, "promise": False})) == {"owed", "promise"}


def test_a_credit_code_that_is_only_doubted_is_kept_and_told():
    form = read_form(REGISTRATION.replace('"format": "mobile"', '"format": "uscc"'))
    doubted = from_json(form, WHOLE | {"phone": "91110000600037341M"}, on=TODAY)
    assert doubted.answers["phone"] == "91110000600037341M"
    assert "phone" not in doubted.errors
    assert doubted.warnings["phone"].id == "code.W010"
    assert from_json(form, WHOLE | {"phone": "9111"}, on=TODAY).errors["phone"].id == "code.E010"
