"""population.yaml: what it says is read, what is wrong with it has its place."""

from decimal import Decimal

import pytest

from xiangyun.kernel.packfile.yamltext import read_yaml
from xiangyun.kernel.projection import PlaceColumn, read_population

WHOLE = """\
unit: {code: companies, name: {zh-Hans: 企业, en: companies}}
counted: {code: risky, name: {zh-Hans: 有风险, en: risky}}
key: code
place: {column: division, level: town}
decisions: [risk]
inputs:
  company.age:
    - =years and months duration(founded, on).years
    - age
  company.capital: registered
when: =grade = "D"
columns: {grade: =grade}
sums:
  share: {name: {zh-Hans: 万元, en: "10,000 yuan"}, formula: =share * 2, divisor: 10000}
groups: {class: =class}
"""


def read(text):
    findings = []
    root = read_yaml(text, "population.yaml", findings.append)
    return read_population(root, findings.append), findings


def test_everything_that_is_said_is_read():
    found, findings = read(WHOLE)
    assert findings == []
    assert (found.key, found.place) == ("code", PlaceColumn("division", "town"))
    assert found.decisions == ("risk",)
    age = [each.source for each in found.inputs["company.age"]]
    assert age == ["=years and months duration(founded, on).years", "age"]
    assert found.inputs["company.capital"][0].source == "registered"
    assert (found.when.source, found.when.place.line) == ('grade = "D"', 11)
    assert (found.sums["share"].formula.source, found.sums["share"].divisor) == (
        "share * 2",
        Decimal(10000),
    )
    assert (found.unit.code, found.counted.name.en) == ("companies", "risky")
    assert {name: each.source for name, each in found.groups.items()} == {"class": "class"}


def test_what_is_not_said_is_left_to_the_options():
    found, findings = read("key: code\ndecisions: [risk]\n")
    assert findings == []
    assert (found.place, found.when, found.columns, found.unit.code) == (None, None, {}, "rows")


@pytest.mark.parametrize(
    ("old", "new", "id", "line"),
    [
        ("key: code\n", "", "pack.E005", 1),
        ("decisions: [risk]", "decisions: risk", "pack.E006", 5),
        ("level: town", "level: street", "pack.E006", 4),
        ('when: =grade = "D"', "when: grade", "pack.E006", 11),
        ("columns: {grade: =grade}", "columns: [grade]", "pack.E006", 12),
        ("columns: {grade: =grade}", "columns: {grade: grade}", "pack.E006", 12),
        ("company.capital: registered", "company.capital: 5", "pack.E006", 10),
        ("divisor: 10000", "divisor: 0", "pack.E006", 14),
        ('en: "10,000 yuan"', "ko: 원", "pack.E031", 14),
        ("groups: {", "grops: {", "pack.E004", 15),
    ],
)
def test_each_fault_has_its_id_and_line(old, new, id, line):
    assert old in WHOLE
    _, findings = read(WHOLE.replace(old, new, 1))
    assert [(each.id, each.place.line) for each in findings] == [(id, line)]
