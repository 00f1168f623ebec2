"""Decision tables decided, traced and refused, as a clerk would try them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xiangyun.kernel.dmn import check_model, decide, read_model
from xiangyun.kernel.feel import from_json, function
from xiangyun.kernel.findings import Refused

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">'


def table(policy="UNIQUE", rules="", outputs='<output id="o"/>', extra="", aggregation=""):
    cells = "".join(
        f'<rule id="r{at}"><inputEntry><text>{age}</text></inputEntry>'
        f"<inputEntry><text>{kind}</text></inputEntry>"
        f"<outputEntry><text>{result}</text></outputEntry>"
        f"<annotationEntry><text>{basis}</text></annotationEntry></rule>"
        for at, (age, kind, result, basis) in enumerate(rules, 1)
    )
    return f"""{HEAD}
    <inputData id="i1" name="age"><variable name="age" typeRef="number"/></inputData>
    <inputData id="i2" name="kind"><variable name="kind" typeRef="string"/></inputData>
    <decision id="d" name="subsidy"><variable name="subsidy"/>
    <informationRequirement><requiredInput href="#i1"/></informationRequirement>
    <informationRequirement><requiredInput href="#i2"/></informationRequirement>
    <decisionTable hitPolicy="{policy}" {aggregation}>
    <input><inputExpression typeRef="number"><text>age</text></inputExpression></input>
    <input><inputExpression typeRef="string"><text>kind</text></inputExpression></input>
    {outputs}<annotation name="basis"/>{cells}</decisionTable></decision>{extra}</definitions>"""


OLD_AGE = [
    ("&lt; 60", "-", "0", ""),
    ("[60..80)", '"urban"', "100", "第三条(虚构)"),
    ("[60..80)", 'not("urban")', "150", "第四条(虚构)"),
    ("&gt;= 80", "-", "200", "第五条(虚构)"),
]


def subsidy(source, **inputs):
    return decide(read_model(source), "subsidy", from_json(inputs))


def test_the_row_that_fired_and_its_legal_basis_are_traced():
    decided = subsidy(table(rules=OLD_AGE), age=64, kind="rural")
    assert decided.value == 150
    (traced,) = decided.trace
    (fired,) = traced.fired
    assert (fired.row, fired.row_id) == (3, "r3")
    assert fired.annotations == {"basis": "第四条(虚构)"}
    assert fired.conditions == ("[60..80)", 'not("urban")')
    assert traced.inputs == {"age": Decimal(64), "kind": "rural"}


@pytest.mark.parametrize("age", [0, 59, 60, 79, 80, Decimal("79.99"), 120])
def test_every_boundary_falls_into_the_row_the_law_says(age):
    expected = 0 if age < 60 else 100 if age < 80 else 200
    assert subsidy(table(rules=OLD_AGE), age=age, kind="urban").value == expected


def test_no_row_gives_null_or_the_default():
    rules = OLD_AGE[1:]
    assert subsidy(table(rules=rules), age=20, kind="urban").value is None
    default = "<output><defaultOutputEntry><text>-1</text></defaultOutputEntry></output>"
    assert subsidy(table(rules=rules, outputs=default), age=20, kind="urban").value == -1


OVERLAP = [("&gt; 60", "-", "1", ""), ("&gt; 70", "-", "2", ""), ("&gt; 80", "-", "2", "")]
RANKED = "<output><outputValues><text>2, 1</text></outputValues></output>"


@pytest.mark.parametrize(
    ("policy", "outputs", "expected"),
    [
        ("FIRST", "<output/>", 1),
        ("PRIORITY", RANKED, 2),
        ("COLLECT", "<output/>", [1, 2, 2]),
        ("RULE ORDER", "<output/>", [1, 2, 2]),
        ("OUTPUT ORDER", RANKED, [2, 2, 1]),
        ("UNIQUE", "<output/>", None),
        ("ANY", "<output/>", None),
    ],
)
def test_hit_policies_on_rows_that_overlap(policy, outputs, expected):
    assert subsidy(table(policy, OVERLAP, outputs), age=90, kind="x").value == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 5), ("MIN", 1), ("MAX", 2), ("COUNT", 3)]
)
def test_collected_results_are_aggregated(aggregation, expected):
    source = table("COLLECT", OVERLAP, aggregation=f'aggregation="{aggregation}"')
    assert subsidy(source, age=90, kind="x").value == expected


def test_an_input_of_the_wrong_type_is_null_and_says_so():
    decided = subsidy(table(rules=OLD_AGE), age="sixty", kind="urban")
    assert decided.value is None
    assert "does not conform" in str(decided.warnings[0])


def test_all_faults_are_found_in_one_go_with_lines():
    source = f"""{HEAD}
<decision id="a" name="a"><variable name="a" typeRef="tMoney"/>
<informationRequirement><requiredInput href="#nowhere"/></informationRequirement>
<literalExpression><text>1 +</text></literalExpression></decision>
<decision id="b" name="b"><literalExpression><text>incme * 2</text></literalExpression></decision>
</definitions>"""
    findings = check_model(source, "rules.dmn")
    assert {(each.id, each.place.line) for each in findings} == {
        ("dmn.E006", 2),
        ("dmn.E005", 3),
        ("feel.E001", 4),
        ("feel.E002", 5),
    }
    with pytest.raises(Refused):
        read_model(source)


@pytest.mark.parametrize(
    "source", ["<definitions", '<!DOCTYPE x [<!ENTITY e "e">]><definitions>&e;</definitions>']
)
def test_bad_xml_is_refused_with_a_finding(source):
    with pytest.raises(Refused) as caught:
        read_model(source)
    assert caught.value.findings[0].id in ("dmn.E001", "dmn.E002")


def test_a_decision_that_does_not_exist_is_refused_naming_those_that_do():
    with pytest.raises(Refused) as caught:
        decide(read_model(table(rules=OLD_AGE)), "subsidie", {})
    assert "subsidy" in str(caught.value)


def test_a_function_of_the_model_may_call_itself():
    source = f"""{HEAD}<businessKnowledgeModel id="k" name="factorial"><encapsulatedLogic>
    <formalParameter name="n" typeRef="number"/><literalExpression>
    <text>if n &lt;= 1 then 1 else n * factorial(n - 1)</text></literalExpression>
    </encapsulatedLogic></businessKnowledgeModel>
    <decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#k"/>
    </knowledgeRequirement><literalExpression><text>factorial(10)</text></literalExpression>
    </decision></definitions>"""
    assert decide(read_model(source), "d", {}).value == 3628800


def test_decisions_in_a_circle_end_with_a_reason():
    source = f"""{HEAD}
    <decision id="a" name="a"><informationRequirement><requiredDecision href="#b"/>
    </informationRequirement><literalExpression><text>b</text></literalExpression></decision>
    <decision id="b" name="b"><informationRequirement><requiredDecision href="#a"/>
    </informationRequirement><literalExpression><text>a</text></literalExpression></decision>
    </definitions>"""
    decided = decide(read_model(source, strict=False), "a", {})
    assert decided.value is None
    assert decided.warnings


def test_a_function_of_the_platform_can_be_called_in_rules():
    source = f"""{HEAD}<inputData id="i" name="filed on"><variable name="filed on" typeRef="date"/>
    </inputData><decision id="d" name="due"><variable name="due" typeRef="date"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>working days after(filed on, 5)</text></literalExpression>
    </decision></definitions>"""
    after = function(["date", "n"], lambda day, n: day + timedelta(int(n)))
    inputs = {"filed on": date(2024, 5, 6), "working days after": after}
    decided = decide(read_model(source), "due", inputs)
    assert decided.value == date(2024, 5, 11)
    assert decided.trace[0].inputs == {"filed on": date(2024, 5, 6)}


def test_one_wrong_field_does_not_take_the_others_with_it():
    source = f"""{HEAD}<itemDefinition name="tPerson">
    <itemComponent name="age"><typeRef>number</typeRef></itemComponent>
    <itemComponent name="kind"><typeRef>string</typeRef>
    <allowedValues><text>"urban", "rural"</text></allowedValues></itemComponent>
    <itemComponent name="note"><typeRef>string</typeRef></itemComponent></itemDefinition>
    <inputData id="i" name="person"><variable name="person" typeRef="tPerson"/></inputData>
    <decision id="d" name="d"><informationRequirement><requiredInput href="#i"/>
    </informationRequirement><literalExpression><text>[person.age, person.kind, person.note]</text>
    </literalExpression></decision></definitions>"""
    decided = decide(read_model(source), "d", from_json({"person": {"age": 64, "kind": "moon"}}))
    assert decided.value == [64, None, None]
    assert [each.message.en.split("”")[0] for each in decided.warnings] == [
        "The value of “person.kind"
    ]
