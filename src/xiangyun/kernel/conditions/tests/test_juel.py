"""JUEL to FEEL: the same where it is plain, and left where it is not."""

import pytest

from xiangyun.kernel.conditions.juel import feel_of
from xiangyun.kernel.feel import from_json, parse_expression


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ("${approved}", "=approved"),
        ("#{amount > 1000}", "=amount > 1000"),
        ("${approved == true && days <= 20}", "=approved = true and days <= 20"),
        ("${status eq 'new' or !done}", '=status = "new" or not(done)'),
        ("${(a + b) * 2 ge 10}", "=(a + b) * 2 >= 10"),
        ("${empty name}", '=(name = null or name = "")'),
        ("${age >= 60 ? 'old' : 'young'}", '=if age >= 60 then "old" else "young"'),
        ("${execution.getVariable('days') > 3}", "=days > 3"),
        ("${applicant.address.city != null}", "=applicant.address.city != null"),
        ("${nrOfCompletedInstances/nrOfInstances >= 0.5}",
         "=nrOfCompletedInstances / nrOfInstances >= 0.5"),
    ],
)  # fmt: skip
def test_plain_expressions_say_the_same_in_feel(juel, feel):
    assert feel_of(juel) == feel
    parse_expression(feel[1:])


@pytest.mark.parametrize(
    "juel",
    [
        "${bean.method(x)}", "${list[0]}", "${a % 2 == 0}", "PT${hours}H", "${a}-${b}", "${}",
        "${a ==}", "${1 < x < 3}", "${if}", "plain", "${'open}", "${map['key']}", "${a; b}",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_a_person(juel):
    assert feel_of(juel) is None


def test_precedence_is_the_same_in_both_languages():
    formula = feel_of("${a || b && !c == false}")
    value = parse_expression(formula[1:]).evaluate(from_json({"a": False, "b": True, "c": True}))
    assert value is True
