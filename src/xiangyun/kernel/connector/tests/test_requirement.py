"""Requirements: who gives evidence about a place, and what nobody gives."""

from __future__ import annotations

from xiangyun.kernel.connector.requirement import Requirement, read_requirement, ungiven
from xiangyun.kernel.findings import Finding
from xiangyun.kernel.packfile.yamltext import read_yaml

TEXT = """
code: birth
name: {zh-Hans: 出生, en: Birth}
basis: 《办法》（虚构）
services: [area/service]
evidence:
  - code: birth-certificate
    name: {zh-Hans: 出生证明, en: Certificate of birth}
    providers:
      - {organisation: "1", name: {zh-Hans: 甲, en: A}, places: ["21"], connector: c, message: m}
      - {organisation: "2", name: {zh-Hans: 乙, en: B}, places: ["2101", "22"],
         connector: c, message: m}
"""


def test_several_providers_are_a_choice_and_a_place_without_any_names_what_is_missing() -> None:
    found: list[Finding] = []
    root = read_yaml(TEXT, "requirements/birth.yaml", found.append)
    assert root is not None
    requirement = read_requirement(root, found.append)
    assert not found
    asked = [[p.organisation for _, p in requirement.providers_of(x)] for x in ("2101", "21", "22")]
    assert asked == [["1", "2"], ["1"], ["2"]]
    assert not requirement.missing_for("21")
    assert [each.code for each in requirement.missing_for("23")] == ["birth-certificate"]


def test_what_is_left_out_of_a_requirement_is_named_with_its_line() -> None:
    found: list[Finding] = []
    text = TEXT.replace(
        'connector: c, message: m}\n      - {organisation: "2"',
        "connector: c}\n      - {organisation: '2'",
    )
    root = read_yaml(text, "requirements/birth.yaml", found.append)
    assert root is not None
    read_requirement(root, found.append)
    assert [(each.id, each.place.line) for each in found if each.place] == [("pack.E005", 10)]


def read(text: str) -> Requirement:
    found: list[Finding] = []
    root = read_yaml(text, "requirements/birth.yaml", found.append)
    assert root is not None
    return read_requirement(root, found.append)


def test_a_requirement_whose_evidence_nobody_gives_cannot_be_met() -> None:
    assert ungiven(read(TEXT)) is None
    head, _, _ = TEXT.partition("    providers:")
    nobody = ungiven(read(head + "    providers: []\n"))
    assert nobody is not None
    assert nobody.id == "pack.E566"
