"""A form file is read into pages, or refused with every fault and its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.feel import from_json as value_of
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.formspec import check_form, from_json, read_form
from xiangyun.kernel.formspec.tests.forms import ENGLISH, MODELLED, REGISTRATION
from xiangyun.kernel.packfile.jsontext import Node, read_json


def form_of(*components: dict) -> str:
    return json.dumps({"components": list(components)}, ensure_ascii=False, indent=1)


def field(**members) -> dict:
    return {"type": "textfield", "key": "name", "label": "姓名", **members}


def ids(text: str) -> list[str]:
    return [finding.id for finding in check_form(text)]


def test_each_group_is_a_page_and_each_stray_question_another():
    form = read_form(REGISTRATION, texts={"en": ENGLISH})
    assert [(page.key, len(page.questions)) for page in form.pages] == [
        ("applicant", 3),
        ("kind", 1),
        ("capital_group", 4),
        ("opening", 1),
        ("departments", 1),
        ("lease", 1),
    ]
    assert form.page("applicant").title == Text("申请人", "The applicant")
    assert form.page("opening").title.zh == "拟开业日期"


def test_words_are_in_both_languages_and_the_chinese_stands_in():
    form = read_form(REGISTRATION, texts={"en": ENGLISH})
    assert form.question("phone").label == Text("手机号码", "Mobile number")
    assert form.question("applicant_id").why.en.startswith("To check")
    assert form.question("kind").option("company").label.en == "Limited company"
    assert form.question("kind").option("individual").label.en == "个体工商户"
    (name, *_) = form.question("shareholders").questions
    assert name.label == Text("股东名称", "Shareholder")


def test_the_form_lists_all_words_a_translation_needs():
    wording = read_form(REGISTRATION).wording()
    assert set(ENGLISH) <= set(wording)
    assert "page.kind.title" not in wording
    assert "form.departments.option.seal" in wording


def test_a_group_may_be_called_as_its_first_question_but_not_as_another_page():
    group = {"type": "group", "id": "name", "label": "名称", "components": [field()]}
    assert "page.name.title" in read_form(form_of(group)).wording()
    other = {"type": "group", "id": "name", "label": "别名", "components": [field(key="b")]}
    assert ids(form_of(group, other)) == ["form.E006"]


def test_rules_files_and_sources_are_read():
    form = read_form(REGISTRATION)
    lease = form.question("lease")
    assert lease.accept[:2] == (".pdf", ".jpg")
    assert lease.max_bytes == 2_000_000
    assert form.question("applicant_id").source == "person.id_number"
    assert form.question("applicant_id").required
    assert form.question("opening").rules.not_past
    assert form.question("capital").rules.decimals == 2


def test_a_question_in_a_nested_group_is_hidden_by_every_group_around_it():
    inner = {
        "type": "group",
        "label": "内",
        "conditional": {"hide": "=a"},
        "components": [field(key="c", conditional={"hide": "=b"})],
    }
    outer = {"type": "group", "label": "外", "conditional": {"hide": "=b"}, "components": [inner]}
    form = read_form(form_of(field(key="a"), field(key="b"), outer))
    assert [condition.source for condition in form.question("c").hidden_if] == ["b", "a", "b"]


def test_the_registration_form_has_nothing_to_report():
    assert check_form(REGISTRATION) == []


def test_a_mistyped_name_in_a_condition_is_found_with_line_column_and_the_name_meant():
    text = REGISTRATION.replace('"=in_kind != true"', '"=in_kimd != true"')
    (finding,) = check_form(text, "packs/x/form.json")
    line = text.split("\n").index(next(row for row in text.split("\n") if "in_kimd" in row)) + 1
    assert (finding.id, finding.place.line) == ("feel.E002", line)
    assert finding.place.file == "packs/x/form.json"
    assert text.split("\n")[line - 1][finding.place.column - 1 :].startswith("in_kimd")
    assert "in_kind" in finding.hint.zh


@pytest.mark.parametrize(
    "hide",
    ['="é" != "\\n" or lost', "=1 = 1\n  or lost", '="\U0001f600" != "x" or lost', "=lost"],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_name_is_found_in_its_column_however_the_json_is_escaped(hide, ascii_only):
    text = json.dumps(
        {"components": [field(conditional={"hide": hide})]}, ensure_ascii=ascii_only, indent=1
    )
    (finding,) = check_form(text)
    row = text.split("\n")[finding.place.line - 1]
    assert row[finding.place.column - 1 :].startswith("lost")


def test_broken_feel_is_found_at_its_place_in_the_file():
    (finding,) = check_form(form_of(field(conditional={"hide": "=1 +"})))
    assert finding.id.startswith("feel.")
    assert finding.place.line > 1


def test_a_condition_on_a_later_answer_is_refused():
    text = form_of(field(conditional={"hide": "=later"}), field(key="later"))
    assert ids(text) == ["form.E011"]


def test_a_condition_on_its_own_answer_is_refused():
    assert ids(form_of(field(conditional={"hide": '=name = "x"'}))) == ["form.E011"]


def test_a_row_may_ask_about_its_own_answers_and_those_before_the_list():
    row = [field(), field(key="why", conditional={"hide": '=name = "x" or before = i'})]
    rows = {"type": "dynamiclist", "path": "rows", "label": "行", "components": row}
    assert ids(form_of(field(key="before"), rows)) == []
    outside = field(key="after", conditional={"hide": '=why = "x"'})
    assert ids(form_of(field(key="before"), rows, outside)) == ["feel.E002"]


def test_all_faults_are_reported_in_one_go():
    text = form_of(
        field(validate={"requried": True}),
        field(),
        {"type": "textfeild", "key": "x", "label": "x"},
        {"type": "select", "key": "choice", "label": "选择", "values": []},
        {"type": "number", "key": "n", "label": "数", "validate": {"min": 5, "max": 2}},
    )
    assert ids(text) == ["form.E008", "form.E006", "form.E005", "form.E003", "form.E004"]
    with pytest.raises(Refused) as refusal:
        read_form(text)
    assert len(refusal.value.findings) == 5


@pytest.mark.parametrize(
    ("component", "id"),
    [
        ({"type": "textfield", "label": "x"}, "form.E004"),
        (field(key="姓名"), "form.E004"),
        (field(key="a.b"), "form.E004"),
        (field(label=""), "form.E003"),
        (field(label="={{x}}"), "form.E007"),
        (field(conditional={"hide": "true"}), "form.E004"),
        (field(conditional={"hide": "=today() > before"}), "form.E007"),
        (field(validate={"pattern": "(", "patternErrorMessage": "x"}), "form.E004"),
        (field(validate={"pattern": "^吉"}), "form.W002"),
        (field(validate={"required": "yes"}), "form.E004"),
        (field(validate={"minLength": -1}), "form.E004"),
        (field(validate={"minLength": True}), "form.E004"),
        (field(validate={"minLength": 9, "maxLength": 2}), "form.E004"),
        (field(properties={"format": "e-mail"}), "form.E004"),
        (field(properties={"source": "name"}), "form.E004"),
        (field(properties={"fromat": "name"}), "form.W001"),
        (field(readonly=True), "form.E007"),
        (field(disabled=True), "form.E007"),
        (field(omitFromSubmit=True), "form.E007"),
        (field(defaultValue="x" * 600), "form.E009"),
        (field(labl="x"), "form.W001"),
        (field(useDataList=True), "form.N001"),
        (field(appearance={"suffixAdorner": "元"}), "form.N003"),
        (field(properties={"max_mb": "3"}), "form.W001"),
        (field(validate={"maxLength": "=10"}), "form.E007"),
        (field(validate={"min": 1}), "form.E008"),
        ({"type": "number", "key": "n", "label": "数", "validate": {"min": "a"}}, "form.E004"),
        ({"type": "number", "key": "n", "label": "数", "serializeToString": True}, "form.E007"),
        ({"type": "number", "key": "n", "label": "数", "increment": 0}, "form.E004"),
        ({"type": "checkbox", "key": "c", "label": "同意", "defaultValue": True}, "form.E004"),
        ({"type": "number", "key": "n", "label": "数", "validate": {"pattern": "1"}}, "form.E008"),
        ({"type": "datetime", "subtype": "week", "key": "t", "label": "周"}, "form.E004"),
        ({"type": "datetime", "timeInterval": 0, "key": "t", "label": "时"}, "form.E004"),
        (
            {"type": "datetime", "timeSerializingFormat": "utc_offset", "key": "t", "label": "时"},
            "form.N003",
        ),
        ({"type": "filepicker", "key": "f", "label": "文件", "accept": "pdf"}, "form.E004"),
        (
            {"type": "filepicker", "key": "f", "label": "件", "properties": {"max_mb": "x"}},
            "form.E004",
        ),
        ({"type": "group", "label": "空", "components": []}, "form.E003"),
        ({"type": "group", "components": [field()]}, "form.W003"),
        ({"type": "image", "source": "x"}, "form.N002"),
        ({"type": "group", "label": "组", "path": "p", "components": [field()]}, "form.E007"),
        (
            {
                "type": "radio",
                "key": "r",
                "label": "选",
                "values": [{"label": "a", "value": "a"}, {"label": "b", "value": "a"}],
            },
            "form.E006",
        ),
        (
            {"type": "radio", "key": "r", "label": "选", "values": [{"label": "a", "value": 1}]},
            "form.E003",
        ),
        (
            {"type": "radio", "key": "r", "label": "选", "values": [{"label": "a", "value": ""}]},
            "form.E003",
        ),
        ({"type": "tag", "key": "t", "label": "标签"}, "form.E005"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_has_its_own_words_and_its_line(component, id):
    (finding,) = check_form(form_of(field(key="before"), component))
    assert finding.id == id
    assert finding.place.line > 6
    assert finding.message.zh
    assert finding.message.en


def test_a_rule_of_zero_is_a_rule_and_not_an_error():
    assert ids(form_of(field(validate={"minLength": 0}))) == []


def test_forty_levels_of_brackets_are_the_most():
    def nested(depth: int) -> str:
        return '{"components": [], "x": ' + "[" * depth + "]" * depth + "}"

    assert ids(nested(40)) == ["form.E003"]
    assert ids(nested(41)) == ["form.E001"]


def test_options_that_come_from_elsewhere_are_refused_and_say_what_to_do():
    choice = {"type": "checklist", "key": "s", "label": "选", "valuesKey": "cities"}
    findings = check_form(form_of(choice))
    assert [finding.id for finding in findings] == ["form.E007", "form.E003"]
    assert "values" in findings[0].hint.zh


@pytest.mark.parametrize(
    ("offers", "labels"),
    [
        ([{"value": "HC-001", "label": "珲春中心"}, "HC-002", "HC-002"], ["珲春中心", "HC-002"]),
        ([{"value": ""}, 7, None], []),
        (None, []),
    ],
)
def test_a_choice_takes_the_options_that_its_task_offers_and_no_others(offers, labels):
    choice = {"type": "select", "key": "s", "label": "选", "valuesKey": "centres"}
    rows = {"type": "dynamiclist", "path": "r", "label": "行", "components": [choice]}
    form = read_form(form_of(choice, rows))
    assert from_json(form, {"s": "HC-009"}).errors == {}  # the task is not known yet
    asked = form.given({"centres": value_of(offers)})
    listed, inner = asked.question("s"), asked.question("r").questions[0]
    assert [option.label.zh for option in listed.options] == labels
    assert listed.options == inner.options
    assert from_json(asked, {"s": "HC-009"}).errors["s"].id == "form.E113"
    for option in listed.options:
        assert from_json(asked, {"s": option.value}).errors == {}


def test_lists_in_lists_and_files_in_lists_are_refused():
    inner = {"type": "dynamiclist", "path": "inner", "label": "内", "components": [field()]}
    file = {"type": "filepicker", "key": "f", "label": "文件"}
    outer = {"type": "dynamiclist", "path": "o", "label": "外", "components": [inner, file]}
    assert ids(form_of(outer)) == ["form.E007", "form.E007"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{\n "a": 1,\n}', 2, ""),
        ('{\n "components": [\n}', 3, ""),
        ('{\n "a" 1}', 2, "冒号"),
        ("{}\n{}", 2, "多余"),
        ("", 1, "缺少值"),
    ],
)
def test_broken_json_is_found_with_its_line(text, line, words):
    (finding,) = check_form(text)
    assert finding.id == "form.E001"
    assert finding.place.line in (line, line + 1)
    assert words in finding.message.zh


@pytest.mark.parametrize("text", ["[" * 100 + "]" * 100, "[" * 100_000])
def test_a_bomb_of_brackets_is_refused(text):
    assert ids(text) == ["form.E001"]


@pytest.mark.parametrize("text", ["{}", "[]", "3", "null", '{"components": {}}', '"x"'])
def test_json_that_is_no_form_is_refused(text):
    assert "form.E003" in ids(text)


def test_a_key_written_twice_in_json_is_found():
    text = '{"components": [{"type": "textfield", "key": "a",\n "key": "b", "label": "x"}]}'
    (finding,) = check_form(text)
    assert (finding.id, finding.place.line) == ("form.E002", 2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def bare(node: Node) -> object:
    if isinstance(node.value, dict):
        return {key: bare(value) for key, value in node.value.items()}
    return [bare(item) for item in node.value] if isinstance(node.value, list) else node.value


@given(JSON, st.sampled_from([None, 2]), st.booleans())
def test_reading_with_places_reads_the_same_values(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert bare(read_json(text, "f", pytest.fail)) == value


@given(JSON)
def test_any_json_is_answered_never_an_exception(value):
    check_form(json.dumps(value))
    check_form(json.dumps({"components": [value]}))
    check_form(json.dumps({"components": [{"type": "group", "components": value}]}))
    check_form(form_of(field(validate=value), field(key="b", conditional=value)))
    check_form(form_of({"type": "radio", "key": "r", "label": "x", "values": [value]}))


def test_a_form_as_the_modeler_writes_it_may_be_published_with_notes():
    found = check_form(MODELLED)
    assert {f.severity for f in found} == {"note"}
    assert [f.id for f in found] == [
        *("form.N003", "form.N003"),  # what stands beside the fields
        *("form.N003", "form.N002", "form.N004"),
    ]
    form = read_form(MODELLED)
    assert [question.kind for question in form.questions] == [
        *("textfield", "textfield", "number", "taglist", "datetime", "textfield"),
        *("dynamiclist", "textarea", "checkbox"),
    ]
    assert form.questions[0].before[0].zh.startswith("Loan request")
    assert form.question("amount").rules.step == 100


def test_a_format_of_dates_names_the_question_that_asks_for_them() -> None:
    found = check_form(form_of(field(properties={"format": "date"})))
    assert [each.id for each in found] == ["form.E004"]
    assert '"type": "datetime", "subtype": "date"' in found[0].message.en
