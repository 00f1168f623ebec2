"""Tables are proved: what is reported is true, and what is not reported is not there."""

from decimal import Decimal
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiangyun.kernel.dmn import check_model, decide, read_model
from xiangyun.kernel.feel.expression import parse_unary_tests

KINDS = ("urban", "rural")


def source(rules, policy="UNIQUE", output="<output/>", age="age", kind_type="tKind"):
    cells = "".join(
        f"<rule>{''.join(f'<inputEntry><text>{escape(c)}</text></inputEntry>' for c in row[:-1])}"
        f"<outputEntry><text>{escape(row[-1])}</text></outputEntry></rule>\n"
        for row in rules
    )
    return f"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n"
 name="m"><itemDefinition name="tKind"><typeRef>string</typeRef>
<allowedValues><text>"urban", "rural"</text></allowedValues></itemDefinition>
<itemDefinition name="tWhole"><typeRef>number</typeRef>
<allowedValues><text>? &gt;= 0 and floor(?) = ?</text></allowedValues></itemDefinition>
<inputData id="i" name="age"><variable name="age" typeRef="number"/></inputData>
<inputData id="j" name="kind"><variable name="kind" typeRef="{kind_type}"/></inputData>
<inputData id="w" name="years"><variable name="years" typeRef="tWhole"/></inputData>
<decision id="d" name="subsidy"><variable name="subsidy"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<informationRequirement><requiredInput href="#j"/></informationRequirement>
<informationRequirement><requiredInput href="#w"/></informationRequirement>
<decisionTable hitPolicy="{policy}">
<input><inputExpression><text>{age}</text></inputExpression></input>
<input><inputExpression><text>kind</text></inputExpression></input>{output}
{cells}</decisionTable></decision></definitions>"""


def found(rules, policy="UNIQUE", **more):
    return [(each.id, each.severity) for each in check_model(source(rules, policy, **more))]


def test_a_complete_table_has_nothing_to_report():
    rules = [("< 60", "-", "0"), (">= 60", '"urban"', "1"), (">= 60", '"rural"', "2")]
    assert found(rules) == []


def test_a_gap_is_shown_by_an_input_that_no_row_matches():
    rules = [("< 60", "-", "0"), ("> 60", "-", "1")]
    (finding,) = check_model(source(rules))
    assert (finding.id, finding.severity) == ("dmn.E020", "error")
    assert "age = 60, " in finding.message.en


def test_a_default_output_closes_every_gap():
    default = "<output><defaultOutputEntry><text>0</text></defaultOutputEntry></output>"
    assert found([("> 60", "-", "1")], output=default) == []


def test_collected_rows_need_not_cover_everything():
    assert found([("> 60", "-", "1")], "COLLECT") == []


def test_an_overlap_names_both_rows_and_an_input():
    rules = [("<= 60", "-", "0"), (">= 60", "-", "1")]
    (finding,) = check_model(source(rules))
    assert finding.id == "dmn.E021"
    assert "Rows 1 and 2" in finding.message.en
    assert "age = 60" in finding.message.en


@pytest.mark.parametrize(("second", "expected"), [("1", []), ("2", [("dmn.E022", "error")])])
def test_any_may_overlap_but_not_disagree(second, expected):
    assert found([("<= 60", "-", "1"), (">= 60", "-", second)], "ANY") == expected


def test_a_row_behind_a_wider_one_can_never_decide():
    rules = [("-", "-", "0"), ("> 60", "-", "1")]
    assert found(rules, "FIRST") == [("dmn.E023", "error")]
    assert found(rules[::-1], "FIRST") == []


def test_priority_looks_at_the_rank_of_the_result_not_at_the_order_of_rows():
    ranked = "<output><outputValues><text>1, 0</text></outputValues></output>"
    assert found([("-", "-", "0"), ("> 60", "-", "1")], "PRIORITY", output=ranked) == []
    hidden = [("> 60", "-", "0"), ("-", "-", "1")]
    assert found(hidden, "PRIORITY", output=ranked) == [("dmn.E023", "error")]


def test_a_condition_outside_the_declared_type_is_found():
    rules = [("-", '"urban"', "0"), ("-", '"rural"', "1"), ("-", '"moon"', "2")]
    assert found(rules) == [("dmn.E024", "error")]


def test_a_result_outside_the_output_values_is_found():
    output = "<output><outputValues><text>1, 2</text></outputValues></output>"
    assert found([("-", "-", "3")], output=output) == [("dmn.E025", "error")]


def test_allowed_values_keep_impossible_inputs_out():
    rules = [("[0..17]", "-", "0"), (">= 18", "-", "1")]
    assert found(rules) == [("dmn.E020", "error")] * 2  # below 0, and between 17 and 18
    assert found(rules, age="years") == []


def test_open_texts_leave_a_gap_that_only_another_text_shows():
    rules = [("-", '"urban"', "0"), ("-", '"rural"', "1")]
    assert found(rules, kind_type="string") == [("dmn.E020", "error")]
    assert found([*rules, ("-", 'not("urban", "rural")', "2")], kind_type="string") == []


def test_what_cannot_be_analysed_is_a_note_and_accuses_nobody():
    rules = [("< years", "-", "0"), (">= years", "-", "1")]
    assert found(rules) == [("dmn.N020", "note")] * 2


def test_a_derived_expression_is_never_accused_for_certain():
    rules = [("< 0", "-", "0"), ("> 0", "-", "1")]
    assert found(rules, age="age * age") == [("dmn.E020", "note")]


def test_circles_of_decisions_are_found():
    circle = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m">
    <decision id="a" name="a"><informationRequirement><requiredDecision href="#b"/>
    </informationRequirement><literalExpression><text>b</text></literalExpression></decision>
    <decision id="b" name="b"><informationRequirement><requiredDecision href="#a"/>
    </informationRequirement><literalExpression><text>a</text></literalExpression></decision>
    </definitions>"""
    assert [each.id for each in check_model(circle)] == ["dmn.E011"]


ends = st.integers(0, 4)
intervals = st.builds(
    lambda low, size, opening, closing: f"{opening}{low}..{low + size}{closing}",
    ends,
    st.integers(1, 3),
    st.sampled_from("[("),
    st.sampled_from("])"),
)
ages = st.one_of(
    st.just("-"),
    intervals,
    st.builds(lambda sign, end: f"{sign} {end}", st.sampled_from(["<", "<=", ">", ">="]), ends),
    st.builds(lambda cell: f"not({cell})", intervals),
    st.builds(lambda one, other: f"{one}, {other}", ends, intervals),
)
kinds = st.sampled_from(["-", '"urban"', '"rural"', 'not("urban")'])
tables = st.lists(st.tuples(ages, kinds, st.sampled_from("12")), min_size=1, max_size=5)
GRID = [
    {"age": Decimal(half) / 2, "kind": kind, "years": Decimal(1)}
    for half in range(-2, 18)
    for kind in KINDS
]


@settings(deadline=None)
@given(tables, st.sampled_from(["UNIQUE", "ANY", "FIRST", "COLLECT"]))
def test_the_proof_agrees_with_trying_every_input(rules, policy):
    text = source(rules, policy)
    reported = {each.id for each in check_model(text)}
    rows = read_model(source(rules, "RULE ORDER"))
    hits = [
        [fired.row for fired in decide(rows, "subsidy", inputs).trace[0].fired] for inputs in GRID
    ]
    results = [rule[-1] for rule in rules]
    one_row = policy != "COLLECT"
    assert ("dmn.E020" in reported) is (one_row and [] in hits)
    assert ("dmn.E021" in reported) is (policy == "UNIQUE" and any(len(h) > 1 for h in hits))
    disagree = any(len({results[row - 1] for row in h}) > 1 for h in hits)
    assert ("dmn.E022" in reported) is (policy == "ANY" and disagree)
    deciding = {row for h in hits for row in (h[:1] if policy == "FIRST" else h)}
    never = len(deciding) < len(rules)
    assert bool(reported & {"dmn.E023", "dmn.E024"}) is never


def test_rows_that_all_overlap_are_told_up_to_a_number_and_the_rest_is_counted():
    reported = check_model(source([("-", "-", "1")] * 60))
    assert [each.id for each in reported].count("dmn.E021") == 50
    (rest,) = [each for each in reported if each.id == "dmn.N023"]
    assert f"{60 * 59 // 2 - 50} more pairs" in rest.message.en


def test_a_long_table_without_faults_is_proved_whole():
    rules = [(f"[{at}..{at + 1})", kind, "1") for at in range(200) for kind in ("-",)]
    assert found([("< 0", "-", "1"), *rules, (">= 200", "-", "1")]) == []


def test_rows_that_interleave_too_much_are_said_to_be_looked_at_in_part(monkeypatch):
    monkeypatch.setattr("xiangyun.kernel.dmn.search.MOST_STEPS", 10)
    rules = [(f">= {at}", "-", "1") for at in range(20)]
    assert [each for each, _ in found(rules, "FIRST")][-1] == "dmn.N021"


def test_allowed_values_that_use_up_their_budget_are_a_finding_and_no_traceback():
    endless = "count(for i in 1..1000000000 return i) &gt; 1"
    text = f"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n"
     name="m"><inputData id="i" name="age"><variable name="age" typeRef="number"/></inputData>
    <decision id="d" name="fee"><variable name="fee"/><informationRequirement>
    <requiredInput href="#i"/></informationRequirement><decisionTable hitPolicy="UNIQUE">
    <input><inputExpression typeRef="number"><text>age</text></inputExpression></input>
    <output><outputValues><text>{endless}</text></outputValues></output>
    <rule><inputEntry><text>&gt; 1</text></inputEntry><outputEntry><text>2</text></outputEntry>
    </rule></decisionTable></decision></definitions>"""
    found = [finding for finding in check_model(text) if finding.id == "feel.E004"]
    assert [finding.place.line for finding in found] == [4]


def over_age_twice(rules):
    """A table whose two columns ask the same thing."""
    return source(rules).replace("<text>kind</text>", "<text>age</text>")


@pytest.mark.parametrize(
    ("rules", "overlaps"),
    [
        ([("[0..1]", "-", "1"), ("[1..2]", "-", "2")], 1),
        ([("[0..1]", "-", "1"), ("[2..3]", "-", "2")], 0),
        ([("> 0", "< 5", "1"), ("> 4", "< 9", "2")], 1),
        ([("> 0", "< 4", "1"), (">= 4", "< 9", "2")], 0),
        ([("-", "[3..4]", "1"), ("[3..4]", "-", "2")], 1),
        ([("> 5", "< 3", "1"), ("-", "-", "2")], 0),
    ],
)
def test_two_columns_of_one_expression_are_proved_together(rules, overlaps):
    told = [each.id for each in check_model(over_age_twice(rules)) if each.id == "dmn.E021"]
    assert len(told) == overlaps


CELLS = st.sampled_from(["-", "< 2", ">= 2", "[0..3]", "(1..4)", "not([1..2])", "2", "> 3, < 1"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=4))
def test_rows_over_one_expression_overlap_exactly_where_a_value_matches_both(cells):
    rules = [(one, other, str(row)) for row, (one, other) in enumerate(cells)]
    told = {each.id for each in check_model(over_age_twice(rules))} & {"dmn.E021"}
    tests = [[parse_unary_tests(cell) for cell in row] for row in cells]
    tried = [Decimal(n) / 2 for n in range(-4, 12)]
    both = any(
        sum(all(test.matches(value, {}) is True for test in row) for row in tests) > 1
        for value in tried
    )
    assert bool(told) == both
