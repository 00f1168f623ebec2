"""Decision files as other tools write them: read with understanding, or refused with a reason."""

from decimal import Decimal

import pytest

from xiangyun.kernel.dmn import check_model, decide, read_model
from xiangyun.kernel.dmn.translate import translate_model

MODELER = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
 xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1c8k" name="DRD"
 namespace="http://camunda.org/schema/1.0/dmn" modeler:executionPlatform="Camunda Cloud">
  <decision id="Decision_0h6" name="Discount">
    <decisionTable id="DecisionTable_1pe" {policy}>
      <input id="Input_1" label="Order total">
        <inputExpression id="InputExpression_1" typeRef="{type_}"><text>{expression}</text>
        </inputExpression>
      </input>
      <output id="Output_1" label="Discount" name="discount" typeRef="{output}" />
      <rule id="DecisionRule_1"><inputEntry id="UnaryTests_1"><text>{cell}</text></inputEntry>
        <outputEntry id="LiteralExpression_1"><text>{result}</text></outputEntry></rule>
      <rule id="DecisionRule_2"><inputEntry id="UnaryTests_2"><text>&lt; 100</text></inputEntry>
        <outputEntry id="LiteralExpression_2"><text>0</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def written(**changes):
    usual = {
        "policy": "", "type_": "number", "expression": "total", "output": "number",
        "cell": "&gt;= 100", "result": "total * 0.1",
    }  # fmt: skip
    return MODELER.format(**usual | changes)


def checked(source):
    return [(each.id, each.message.en) for each in check_model(source, implicit_inputs=True)]


def test_names_that_no_element_provides_are_inputs_with_one_warning():
    ((id_, words),) = checked(written())
    assert (id_, "total" in words) == ("dmn.W003", True)
    model = read_model(written(), implicit_inputs=True)
    assert model.inputs == ("total",)
    assert decide(model, "Discount", {"total": Decimal(200)}).value == Decimal(20)


def test_a_name_with_blanks_in_an_input_expression_is_one_input():
    source = written(expression="order total", result="order total * 0.1")
    model = read_model(source, implicit_inputs=True)
    assert decide(model, "Discount", {"order total": Decimal(200)}).value == Decimal(20)


def test_a_word_in_a_cell_is_a_text_without_quotes_and_no_input():
    found = check_model(written(result="none"), implicit_inputs=True)
    (wrong,) = [each for each in found if each.severity == "error"]
    assert wrong.id == "feel.E002"
    assert '"none"' in wrong.hint.en


def test_a_pack_takes_no_name_on_trust():
    assert check_model(written())[0].id == "feel.E002"


def test_what_is_drawn_but_not_connected_is_told_so():
    drawn = '<inputData id="i" name="total"/></definitions>'
    found = check_model(written().replace("</definitions>", drawn), implicit_inputs=True)
    assert {each.id for each in found} == {"feel.E002"}
    assert "draw its information requirement" in found[0].hint.en


@pytest.mark.parametrize(
    ("theirs", "standard"),
    [("integer", "number"), ("double", "number"), ("long", "number"), ("json", "Any"),
     ("bool", "boolean"), ("String", "string"), ("datetime", "date and time")],
)  # fmt: skip
def test_types_of_other_tools_are_told_once_with_the_standard_name(theirs, standard):
    source = written(type_=theirs, output=theirs, expression="total", result="null", cell="-")
    found = check_model(source.replace("&lt; 100", "-"), implicit_inputs=True)
    unknown = [each for each in found if each.id == "dmn.E006"]
    assert len(unknown) == 1
    assert unknown[0].hint.en == f"Write the standard type {standard}."


def test_an_unknown_type_brings_no_second_finding():
    found = checked(written(output="tMoney", result="20"))
    assert [id_ for id_, _ in found] == ["dmn.E006", "dmn.W003"]


def test_an_empty_input_expression_names_its_cell():
    (id_, words), *_ = checked(written(expression=""))
    assert id_ == "dmn.E008"
    assert "input column 1 (“Order total”)" in words


ITEMS = {
    "itself": '<itemDefinition name="tA"><typeRef>tA</typeRef></itemDefinition>',
    "a circle": '<itemDefinition name="tA"><typeRef>tB</typeRef></itemDefinition>'
    '<itemDefinition name="tB"><typeRef>tC</typeRef></itemDefinition>'
    '<itemDefinition name="tC"><typeRef>tB</typeRef></itemDefinition>',
    "a list of itself": '<itemDefinition name="tA" isCollection="true"><typeRef>tA</typeRef>'
    "</itemDefinition>",
    "a circle behind a component": '<itemDefinition name="tA"><typeRef>tB</typeRef>'
    '</itemDefinition><itemDefinition name="tB"><typeRef>tA</typeRef></itemDefinition>'
    '<itemDefinition name="tD"><itemComponent name="x"><typeRef>tA</typeRef></itemComponent>'
    "</itemDefinition>",
}


@pytest.mark.parametrize("items", ITEMS.values(), ids=ITEMS.keys())
def test_a_type_defined_by_itself_is_a_finding_and_hangs_nothing(items):
    source = written(type_="tA").replace("<decision ", items + "<decision ", 1)
    found = check_model(source, implicit_inputs=True)
    assert [each.id for each in found if each.severity == "error"] == ["dmn.E012"]


def test_a_type_that_contains_itself_is_a_warning():
    tree = (
        '<itemDefinition name="tA"><itemComponent name="children" isCollection="true">'
        "<typeRef>tA</typeRef></itemComponent></itemDefinition>"
    )
    source = written().replace("<decision ", tree + "<decision ", 1)
    assert "dmn.W002" in [id_ for id_, _ in checked(source)]


def test_thousands_of_decisions_in_a_row_are_no_circle_and_end_in_no_traceback():
    chain = "".join(
        f'<decision id="d{at}" name="d{at}"><informationRequirement><requiredDecision'
        f' href="#d{at + 1}"/></informationRequirement><literalExpression><text>1</text>'
        "</literalExpression></decision>"
        for at in range(1900)
    )
    last = '<decision id="d1900" name="d1900"><literalExpression><text>1</text></literalExpression>'
    source = f'<definitions xmlns="x" name="m">{chain}{last}</decision></definitions>'
    assert check_model(source) == []


FLOWABLE = """<definitions xmlns="http://www.omg.org/spec/DMN/20151101"
 xmlns:flowable="http://flowable.org/dmn" id="d1" name="Risk" namespace="http://flowable.org/dmn">
  <decision id="risk" name="Risk" flowable:historyTimeToLive="5">
    <decisionTable id="t" hitPolicy="FIRST">
      <input label="kind"><inputExpression id="i1" typeRef="string"><text>kind</text>
      </inputExpression></input>
      <input label="amount"><inputExpression id="i2" typeRef="number"><text>amount</text>
      </inputExpression></input>
      <output id="o1" label="risk" name="risk" typeRef="string" />
      <rule><inputEntry id="e1"><text><![CDATA[== "new"]]></text></inputEntry>
        <inputEntry id="e2"><text><![CDATA[> 1000]]></text></inputEntry>
        <outputEntry id="r1"><text>"high"</text></outputEntry></rule>
      <rule><inputEntry id="e3"><text><![CDATA[!= "new"]]></text></inputEntry>
        <inputEntry id="e4"><text></text></inputEntry>
        <outputEntry id="r2"><text>${amount &gt; 5000 ? "high" : "low"}</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def test_a_table_of_flowable_is_rewritten_and_decides_as_it_did():
    text, changes = translate_model(FLOWABLE)
    assert all(change.done for change in changes)
    model = read_model(text)
    assert model.inputs == ("kind", "amount")
    for kind, amount, risk in [("new", 2000, "high"), ("old", 100, "low"), ("old", 6000, "high")]:
        given = {"kind": kind, "amount": Decimal(amount)}
        assert decide(model, "Risk", given).value == risk


def test_a_language_that_is_not_run_is_told_once_and_left():
    groovy = '<inputEntry id="e1" expressionLanguage="groovy"><text>kind.size() > 3</text>'
    source = FLOWABLE.replace('<inputEntry id="e1"><text><![CDATA[== "new"]]></text>', groovy)
    found = [each for each in check_model(source, implicit_inputs=True) if each.id == "dmn.E013"]
    assert [("groovy" in each.message.en) for each in found] == [True]
    _, changes = translate_model(source)
    assert [change.what.en for change in changes if not change.done] == [
        "written in groovy: kind.size() > 3"
    ]


@pytest.mark.parametrize("theirs", ["integer", "double", "String", "bool"])
def test_types_of_other_tools_are_rewritten(theirs):
    text, changes = translate_model(written(type_=theirs, output=theirs, cell="-", result="null"))
    assert [change for change in changes if not change.done] == []
    assert f'typeRef="{theirs}"' not in text


@pytest.mark.parametrize(("many", "is_list"), [("1", True), (" true\n", True), (" 0", False)])
def test_whether_a_type_is_a_list_is_read_as_xml_schema_writes_it(many, is_list):
    items = f'<itemDefinition name="tA" isCollection="{many}"><typeRef>number</typeRef>'
    decision = (
        '<inputData id="i" name="x"><variable name="x" typeRef="tA"/></inputData>'
        '<decision id="d" name="d"><informationRequirement><requiredInput href="#i"/>'
        "</informationRequirement><literalExpression><text>x</text></literalExpression></decision>"
    )
    model = read_model(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">'
        f"{items}</itemDefinition>{decision}</definitions>"
    )
    value = [Decimal(1), Decimal(2)]
    assert (decide(model, "d", {"x": value}).value == value) == is_list


def test_a_model_in_juel_is_rewritten_where_it_is_plain_and_the_rest_keeps_its_language():
    source = written(expression="${total * 2}", cell="&gt;= 100", result="${bean.rate(total)}")
    source = source.replace('id="Definitions_1c8k"', 'id="D" expressionLanguage="juel"')
    text, changes = translate_model(source)
    assert [change.what.en for change in changes if not change.done] == [
        "written in juel: ${bean.rate(total)}"
    ]
    assert text.count("expressionLanguage") == 1
    (left,) = [each for each in check_model(text) if each.severity == "error"]
    assert left.id == "dmn.E013"


def test_a_test_in_the_spelling_of_programs_is_shown_in_feel():
    found = check_model(written(cell="== 5"), implicit_inputs=True)
    (wrong,) = [each for each in found if each.id == "feel.E001"]
    assert wrong.hint.en == "In FEEL it is 5."


def test_several_bare_words_in_a_cell_are_texts_too_and_full_width_signs_no_input():
    words = check_model(written(cell="silver, bronze"), implicit_inputs=True)
    assert [each.hint.en for each in words if each.id == "feel.E002"] == [
        'A text is quoted: "silver".',
        'A text is quoted: "bronze".',
    ]
    signs = check_model(written(cell="＞5"), implicit_inputs=True)
    (taken,) = [each for each in signs if each.id == "dmn.W003"]
    assert "＞" not in taken.message.en


def test_an_id_that_two_elements_share_is_a_finding():
    twice = '<decision id="Decision_0h6" name="Other"><literalExpression><text>1</text>'
    more = f"{twice}</literalExpression></decision></definitions>"
    source = written().replace("</definitions>", more)
    assert "dmn.E004" in [id_ for id_, _ in checked(source)]


@pytest.mark.parametrize(
    "many",
    [
        '<decision id="d{0}" name="d{0}"/>',
        '<itemDefinition name="t{0}"><typeRef>string</typeRef></itemDefinition>',
    ],
)
def test_more_than_anybody_writes_is_refused_before_it_is_read(many, monkeypatch):
    monkeypatch.setattr("xiangyun.kernel.dmn.read._Reader", None)
    body = "".join(many.format(at) for at in range(5001))
    found = check_model(f'<definitions xmlns="x" name="m">{body}</definitions>')
    assert [each.id for each in found] == ["dmn.E014"]
