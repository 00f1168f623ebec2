"""How many decisions a second: a floor well below what one core does, to notice a collapse."""

from decimal import Decimal
from html import escape
from itertools import product
from time import perf_counter  # noqa: TID251 - measuring needs a clock

import pytest

from xiangyun.kernel.dmn import decide, read_model

INPUTS = {"age": "number", "kind": "string", "income": "number", "local": "boolean"}
ROWS = [
    ("< 18", "-", "-", "-", "0"),
    ("[18..60)", '"urban", "rural"', "< 1000", "true", "100"),
    ("[18..60)", '"urban", "rural"', ">= 1000", "true", "50"),
    ("[18..60)", 'not("urban", "rural")', "-", "true", "20"),
    ("[18..60)", "-", "-", "false", "0"),
    ("[60..80)", "-", "< 5000", "-", "200"),
    ("[60..80)", "-", ">= 5000", "-", "150"),
    (">= 80", "-", "-", "-", "300"),
]


def eight_rows():
    data = "".join(
        f'<inputData id="{n}" name="{n}"><variable name="{n}" typeRef="{t}"/></inputData>'
        for n, t in INPUTS.items()
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{n}"/></informationRequirement>'
        for n in INPUTS
    )
    columns = "".join(
        f'<input><inputExpression typeRef="{t}"><text>{n}</text></inputExpression></input>'
        for n, t in INPUTS.items()
    )
    rules = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(c)}</text></inputEntry>" for c in row[:-1])
        + f"<outputEntry><text>{row[-1]}</text></outputEntry></rule>"
        for row in ROWS
    )
    return read_model(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">'
        f'{data}<decision id="d" name="subsidy"><variable name="subsidy" typeRef="number"/>{needs}'
        f'<decisionTable hitPolicy="UNIQUE">{columns}<output/>{rules}</decisionTable>'
        "</decision></definitions>"
    )


PEOPLE = [
    {"age": Decimal(age), "kind": kind, "income": Decimal(income), "local": local}
    for age, kind, income, local in product(
        (5, 20, 59, 60, 79, 80, 99), ("urban", "rural", "island"), (10, 1000, 6000), (True, False)
    )
]


@pytest.mark.slow
@pytest.mark.parametrize(("trace", "floor"), [(False, 150_000), (True, 40_000)])
def test_a_table_of_eight_rows_and_four_inputs_is_quick(trace, floor):
    model = eight_rows()
    best = 0.0
    for _ in range(5):
        started = perf_counter()
        for _ in range(40):
            for person in PEOPLE:
                decide(model, "subsidy", person, trace)
        best = max(best, 40 * len(PEOPLE) / (perf_counter() - started))
    print(f"{best:,.0f} decisions a second, trace={trace}")
    assert best > floor
