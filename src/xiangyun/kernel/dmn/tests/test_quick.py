"""The short way through simple tables and the ordinary way always agree."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.dmn import decide, read_model

SOURCE = """<definitions namespace="n" name="m"
 xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/">
<itemDefinition name="tKind"><typeRef>string</typeRef>
<allowedValues><text>"urban", "rural", "island"</text></allowedValues></itemDefinition>
<inputData id="age" name="age"><variable name="age" typeRef="number"/></inputData>
<inputData id="kind" name="kind"><variable name="kind" typeRef="tKind"/></inputData>
<inputData id="since" name="since"><variable name="since" typeRef="date"/></inputData>
<inputData id="alone" name="alone"><variable name="alone" typeRef="boolean"/></inputData>
<decision id="{policy}" name="subsidy"><variable name="subsidy" typeRef="number"/>
<informationRequirement><requiredInput href="#age"/></informationRequirement>
<informationRequirement><requiredInput href="#kind"/></informationRequirement>
<informationRequirement><requiredInput href="#since"/></informationRequirement>
<informationRequirement><requiredInput href="#alone"/></informationRequirement>
<decisionTable hitPolicy="{policy}">
<input><inputExpression typeRef="number"><text>age</text></inputExpression></input>
<input><inputExpression typeRef="string"><text>kind</text></inputExpression></input>
<input><inputExpression typeRef="date"><text>since</text></inputExpression></input>
<input><inputExpression><text>alone</text></inputExpression></input>
<output><outputValues><text>3, 2, 1</text></outputValues></output><annotation name="basis"/>
<rule><inputEntry><text>[60..80)</text></inputEntry><inputEntry><text>-</text></inputEntry>
<inputEntry><text>&lt; date("2020-01-01")</text></inputEntry>
<inputEntry><text>true</text></inputEntry>
<outputEntry><text>1</text></outputEntry></rule>
<rule><inputEntry><text>&lt; 10, [60..61], 90</text></inputEntry>
<inputEntry><text>not("urban")</text></inputEntry><inputEntry><text>-</text></inputEntry>
<inputEntry><text>-</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>
<rule><inputEntry><text>&gt;= 80</text></inputEntry>
<inputEntry><text>"urban", "rural"</text></inputEntry>
<inputEntry><text>[@"2020-01-01"..@"2021-01-01"]</text></inputEntry>
<inputEntry><text>not(true)</text></inputEntry><outputEntry><text>3</text></outputEntry></rule>
</decisionTable></decision></definitions>"""

MODELS = {
    policy: read_model(SOURCE.format(policy=policy))
    for policy in ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT")
}
ages = st.sampled_from([Decimal(n) for n in (0, 10, 59, 60, 61, 79, 80, 90)]) | st.decimals(
    allow_nan=False, allow_infinity=False
)
situations = st.fixed_dictionaries(
    {},
    optional={
        "age": ages | st.none() | st.just("sixty"),
        "kind": st.sampled_from(["urban", "rural", "island", "moon", None]) | st.booleans(),
        "since": st.dates(date(2019, 12, 30), date(2021, 1, 3)) | st.none() | st.dates(),
        "alone": st.booleans() | st.none() | st.just(Decimal(1)),
    },
)


@given(st.sampled_from(sorted(MODELS)), situations, st.booleans())
def test_both_ways_agree_on_value_trace_and_warnings(policy, inputs, trace):
    short = decide(MODELS[policy], "subsidy", inputs, trace)
    ordinary_model = read_model(SOURCE.format(policy=policy))
    ordinary_model.quick["subsidy"] = lambda inputs, trace: None
    assert decide(ordinary_model, "subsidy", inputs, trace) == short


def test_the_short_way_is_really_taken():
    inputs = {
        "age": Decimal(60),
        "kind": "urban",
        "since": date(2019, 1, 1),
        "alone": True,
    }
    model = MODELS["UNIQUE"]
    assert decide(model, "subsidy", inputs).value == 1
    assert model.quick["subsidy"](inputs, False) is not None


COMPONENTS = """<definitions namespace="n" name="m"
 xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/">
<inputData id="a" name="applicant"><variable name="applicant"/></inputData>
<inputData id="p" name="place"><variable name="place"/></inputData>
<decision id="d" name="fee"><variable name="fee"/>
<informationRequirement><requiredInput href="#a"/></informationRequirement>
<informationRequirement><requiredInput href="#p"/></informationRequirement>
<decisionTable hitPolicy="UNIQUE">
<input><inputExpression typeRef="number"><text>applicant.age</text></inputExpression></input>
<input><inputExpression><text>applicant.home.kind</text></inputExpression></input>
<output name="fee"/><output name="why"/>
<rule><inputEntry><text>&lt; 60</text></inputEntry><inputEntry><text>"urban"</text></inputEntry>
<outputEntry><text>20</text></outputEntry><outputEntry><text>"standard"</text></outputEntry></rule>
<rule><inputEntry><text>&gt;= 60</text></inputEntry><inputEntry><text>-</text></inputEntry>
<outputEntry><text>0</text></outputEntry><outputEntry><text>"senior"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
homes = st.none() | st.fixed_dictionaries({}, optional={"kind": st.sampled_from(["urban", None])})
applicants = st.none() | st.fixed_dictionaries(
    {}, optional={"age": ages | st.none(), "home": homes | st.just([{"kind": "urban"}])}
)


@given(applicants, st.booleans())
def test_components_are_read_the_same_both_ways(applicant, trace):
    inputs = {"applicant": applicant, "place": {"code": "330106"}}
    ordinary = read_model(COMPONENTS)
    ordinary.quick["fee"] = lambda inputs, trace: None
    short = decide(read_model(COMPONENTS), "fee", inputs, trace)
    assert short == decide(ordinary, "fee", inputs, trace)


def test_a_result_that_somebody_changes_is_not_changed_for_others():
    model = read_model(COMPONENTS)
    inputs = {"applicant": {"age": Decimal(64), "home": {"kind": "urban"}}, "place": None}
    decide(model, "fee", inputs, False).value["fee"] = "spoilt"
    assert decide(model, "fee", inputs, False).value == {"fee": 0, "why": "senior"}
    assert model.quick["fee"](inputs, False) is not None
