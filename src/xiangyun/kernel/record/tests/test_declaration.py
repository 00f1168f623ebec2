"""A register's declaration: what is wrong is said at its line."""

from __future__ import annotations

import pytest

from xiangyun.kernel.record import checked_register
from xiangyun.kernel.record.tests.declared import COMPANY, company, read


def test_a_declaration_says_all_of_its_register() -> None:
    register = company()
    assert (register.code, register.key, register.division) == ("company", "code", "division")
    assert (register.need, register.subject, register.subject_field) == (
        "ordinary",
        "organisation",
        "code",
    )
    assert register.by_name["capital"].scale == 2
    assert [option.value for option in register.by_name["status"].options] == ["open", "closed"]
    assert register.sensitive == {"owner_id"}
    assert [field.name for field in register.searched] == [
        "code",
        "name",
        "capital",
        "founded",
        "owner_id",
    ]


def test_who_may_look_write_and_prefill_is_asked_of_the_declaration() -> None:
    register = company()
    assert register.may_write("market/company-registration")
    assert register.may_look("market/company-registration")
    assert not register.may_look("eldercare/basic-services")
    assert register.may_prefill("eldercare/basic-services")


@pytest.mark.parametrize(
    ("before", "after", "id", "line_of"),
    [
        ("code: company", "code: firm", "record.E001", "code: firm"),
        ("key: code", "key: cods", "record.E002", "code: company"),
        ("place: division", "place: divison", "record.E002", "code: company"),
        ("name: founded", "name: Founded", "record.E003", "Founded"),
        ("name: staff", "name: capital", "record.E004", "name: capital, type: number"),
        (
            "type: integer",
            "type: integer, scale: 2",
            "record.E005",
            "scale: 2, words: {zh-Hans: 人",
        ),
        ("format: uscc", "format: usc", "record.E006", "format: usc,"),
        ("type: boolean", "type: choice", "record.E007", "name: listed"),
        ("value: closed", "value: open", "record.E007", "注销"),
        ("上市, en: Listed}", "上市, en: Listed}, searched: date", "record.E008", "name: listed"),
        ("ID}, searched: code", "ID}, searched: name", "record.E009", "name: owner_id"),
        ("Place}}", "Place}, sensitive: true}", "record.E009", "name: division"),
        ("Code}, required: true", "Code}", "record.E010", "name: code"),
        ("place: division", "place: name", "record.E010", "name: name"),
        ("refused: name", "refused: founded", "record.E012", "refused: founded"),
        ("name: 样例有限公司, ", "", "record.E012", "capital: 12.50"),
        ("class: ordinary", "class: secret", "pack.E006", "class: secret"),
        ("type: moment", "type: time", "pack.E006", "type: time"),
        ("prefill: all", "prefil: all", "pack.E004", "prefil"),
        ("verified: false", "verified: maybe", "pack.E006", "maybe"),
        ("department: market-supervision\n", "", "pack.E005", "code: company"),
        ("en: Companies", "fr: Companies", "pack.E031", "法人库"),
        ("words: {zh-Hans: 人数, en: Staff}", "required: false", "record.W001", "name: staff"),
        ("class: ordinary", "class: sealed", None, ""),
    ],
)
def test_a_fault_is_named_at_its_line(before: str, after: str, id: str, line_of: str) -> None:
    assert before in COMPANY
    text = COMPANY.replace(before, after, 1)
    findings = read(text)
    if id is None:
        assert findings == []
        return
    found = [finding for finding in findings if finding.id == id]
    assert found, findings
    place = found[0].place
    assert place is not None
    assert line_of in text.splitlines()[place.line - 1]


def test_a_misspelt_key_is_answered_with_what_was_meant() -> None:
    (finding,) = [f for f in read(COMPANY.replace("key: code", "key: cod")) if f.hint]
    assert "code" in finding.hint.en


def test_a_register_without_a_law_is_refused() -> None:
    before, _, after = COMPANY.partition("laws:")
    text = before + "laws: []\nfields:" + after.partition("\nfields:")[2]
    assert "record.E011" in {finding.id for finding in read(text)}


def test_a_register_whose_examples_are_all_refused_proves_nothing() -> None:
    text = "\n".join(line for line in COMPANY.splitlines() if "12.50" not in line)
    assert [finding.id for finding in read(text)] == ["record.E013"]


def test_a_sealed_register_without_sensitive_fields_is_told_that_nothing_is_encrypted() -> None:
    text = COMPANY.replace("class: ordinary", "class: sealed").replace(
        "sensitive: true", "sensitive: false"
    )
    assert [finding.id for finding in read(text)] == ["record.W002"]


@pytest.mark.parametrize("text", ["", "- 1", "code: [", "fields: 3", "fields: [3]", "key: {a: b}"])
def test_a_broken_file_is_answered_and_never_raised(text: str) -> None:
    _, findings = checked_register(text, "registers/company.yaml")
    assert any(finding.severity == "error" for finding in findings)
