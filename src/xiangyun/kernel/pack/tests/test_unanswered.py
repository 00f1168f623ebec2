"""A table over questions that may stay unanswered says what happens then."""

import pytest

from xiangyun.kernel.dmn import read_model
from xiangyun.kernel.formspec import read_form
from xiangyun.kernel.pack.reader import PackSources, choices_of
from xiangyun.kernel.pack.tables import check_tables
from xiangyun.kernel.pack.tests.shipped import pack

RULES = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m">
<inputData id="i" name="application"/>
<decision id="d" name="fee"><informationRequirement><requiredInput href="#i"/>
</informationRequirement><decisionTable hitPolicy="{policy}">
<input><inputExpression typeRef="{type}"><text>application.area</text></inputExpression></input>
<output>{default}</output>
<annotation name="basis"/><annotation name="text"/><annotation name="text_en"/>{rows}
</decisionTable></decision></definitions>"""
ROW = (
    "<rule><inputEntry><text>{}</text></inputEntry><outputEntry><text>1</text></outputEntry>"
    "<annotationEntry><text>x</text></annotationEntry><annotationEntry><text>x</text>"
    "</annotationEntry><annotationEntry><text>x</text></annotationEntry></rule>"
)
FORM = """{{"components": [{{"type": "number", "key": "area", "label": "面积",
 "validate": {{"required": {required}}}}}]}}"""


def findings(*cells, required="false", policy="UNIQUE", default="", type="number"):
    rows = "".join(ROW.format(cell.replace("<", "&lt;")) for cell in cells)
    sources = PackSources({})
    sources.rules = read_model(RULES.format(rows=rows, policy=policy, default=default, type=type))
    sources.form = read_form(FORM.format(required=required))
    return list(check_tables(sources))


def told(*cells, **changes):
    found = [each for each in findings(*cells, **changes) if each.id == "pack.W005"]
    return [(each.severity, each.message.en) for each in found]


def test_a_column_of_another_type_than_the_answers_is_told():
    said = [each for each in findings("-", type="string") if each.id == "pack.W009"]
    assert "are of type number; its column says string" in said[0].message.en
    assert [each for each in findings("-", type="number") if each.id == "pack.W009"] == []


def test_a_question_left_out_that_no_row_meets_is_a_warning():
    ((severity, words),) = told("< 10", ">= 10")
    assert severity == "warning"
    assert "no row matches and the result is null" in words
    assert "(area)" in words


def test_the_row_for_null_is_named_in_a_note():
    ((severity, words),) = told("< 10", ">= 10", "null")
    assert (severity, "only row 3 may match" in words) == ("note", True)


def test_a_default_is_said_to_decide():
    default = "<defaultOutputEntry><text>0</text></defaultOutputEntry>"
    ((severity, words),) = told("< 10", ">= 10", default=default)
    assert (severity, "the result is the default" in words) == ("note", True)


@pytest.mark.parametrize(
    "changes", [{"required": "true"}, {"policy": "FIRST"}, {"policy": "COLLECT"}]
)
def test_nothing_is_said_where_null_cannot_come_or_several_rows_may_match(changes):
    assert told("< 10", ">= 10", **changes) == []


def test_the_options_of_a_question_are_all_the_values_that_a_gate_can_meet() -> None:
    known = choices_of(pack().form)
    assert known["application", "bank"] == tuple(
        option.value for option in pack().form.question("bank").options
    )
    assert ("application", "scope") not in known  # of several, no one value
    assert known["application", "legal_representative_post"]
