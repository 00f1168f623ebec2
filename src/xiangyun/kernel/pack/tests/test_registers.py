"""Registers and services together: what one names of the other exists and is allowed."""

from __future__ import annotations

import pytest

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack import Known, check_fits, check_pack, read_contents
from xiangyun.kernel.pack.tests.shipped import PACKS, broken, errors, files

SERVICE, COMPANIES = "market/company-registration", "market/companies"
POPULATION = "public-security/population"
PERSON, COMPANY = "registers/person.yaml", "registers/company.yaml"
PROCESS, FORM = "process.bpmn", "form.json"


def text(pack: str, path: str) -> str:
    with open(f"{PACKS}{pack}/{path}", encoding="utf-8") as file:
        return file.read()


def known(**changed: tuple[str, str]) -> Known:
    """What the shipped registers declare, with something replaced in one of them."""
    declared = []
    for pack, path in ((COMPANIES, COMPANY), (POPULATION, PERSON)):
        old, new = changed.get(path.partition("/")[2].removesuffix(".yaml"), ("", ""))
        whole = text(pack, path)
        assert old in whole
        declared += read_contents({path: whole.replace(old, new, 1)}, pack).declarations
    return Known(declared, whole=True)


def found(changed: dict[str, str], among: Known | None = None) -> list[Finding]:
    return errors(check_pack(changed, SERVICE, among or known()))


def test_the_shipped_service_and_its_registers_fit() -> None:
    assert found(files()) == []


def test_a_register_alone_is_a_pack() -> None:
    alone = {COMPANY: text(COMPANIES, COMPANY), "CHANGES.md": ""}
    assert [f.id for f in check_pack(alone, COMPANIES, known())] == ["pack.W001"]


def test_what_no_kind_reads_is_told_in_a_pack_without_a_service() -> None:
    alone = {COMPANY: text(COMPANIES, COMPANY), "register/person.yaml": "", "texts/en.yaml": ""}
    said = [f.place.file for f in check_pack(alone) if f.id == "pack.W002" and f.place]
    assert said == ["register/person.yaml", "texts/en.yaml"]


@pytest.mark.parametrize(
    ("path", "old", "new", "id", "hint"),
    [
        (FORM, '"person.name"', '"person.nam"', "pack.E051", "name"),
        (FORM, '"person.name"', '"preson.name"', "pack.E050", "person"),
        (PROCESS, 'key="key" value="brand"', 'key="key" value="brnad"', "pack.E051", "brand"),
        (PROCESS, 'key="key" value="brand"', 'key="key" value="capitol"', "pack.E051", "capital"),
        (PROCESS, 'value="company" />', 'value="compnay" />', "pack.E050", "company"),
        (PROCESS, 'target="industry"', 'target="industri"', "pack.E051", "industry"),
        (PROCESS, '<zeebe:input source="=company_code" target="code" />', "", "pack.E053", ""),
        (PROCESS, 'type="register.record"', 'type="register.enter"', "pack.E055", "record"),
    ],
)
def test_a_use_that_leads_nowhere_is_told_at_its_line(
    path: str, old: str, new: str, id: str, hint: str
) -> None:
    changed = broken(path, old, new)
    (finding,) = [each for each in found(changed) if each.id == id]
    assert finding.place is not None
    assert (finding.place.file, finding.place.line > 0) == (path, True)
    assert hint in (finding.hint.en if finding.hint else "")


@pytest.mark.parametrize(
    ("register", "old", "new", "id"),
    [
        ("company", "readers: all", "readers: [desk]\n#", ""),
        ("company", "writers: [market/company-registration]", "writers: [registrar]", "pack.E052"),
        ("person", "prefill: all", "prefill: [eldercare/basic-services]", "pack.E052"),
        ("person", "{name: name,", "{name: full_name,", "pack.E051"),
        ("company", "searched: code, words: {zh-Hans: 字号", "words: {zh-Hans: 字号", "pack.E051"),
        (
            "company",
            "{name: founded, type: date",
            "{name: founded, required: true, type: date",
            "pack.E053",
        ),
        ("person", "formerly: [persons]", "formerly: []", ""),
    ],
)
def test_what_the_register_says_decides(register: str, old: str, new: str, id: str) -> None:
    said = {finding.id for finding in found(files(), known(**{register: (old, new)}))}
    assert said == ({id} if id else set())


def test_who_writes_may_look_without_being_named_a_reader() -> None:
    changed = known(company=("readers: all", "readers: [desk] #"))
    assert found(files(), changed) == []


def test_a_pack_checked_by_itself_is_not_blamed_for_what_nobody_showed() -> None:
    assert errors(check_pack(files(), SERVICE)) == []


def test_two_packs_with_one_register_are_told() -> None:
    own = {**files(), COMPANY: text(COMPANIES, COMPANY)}
    (finding,) = found(own)
    assert (finding.id, COMPANIES in finding.message.en) == ("pack.E054", True)


def test_a_register_of_the_pack_itself_has_to_allow_it_too() -> None:
    declared = text(COMPANIES, COMPANY).replace("[market/company-registration]", "[]")
    own = {**files(), COMPANY: declared}
    among = known().with_pack(COMPANIES, [])
    assert [finding.id for finding in found(own, among)] == ["pack.E052"]


def test_what_breaks_another_pack_is_found_among_all() -> None:
    service = read_contents(files(), SERVICE).declarations
    fine, changed = known(), known(person=("{name: name,", "{name: full_name,"))
    assert not list(check_fits(fine.with_pack(SERVICE, service)))
    found = [(each.code, f.id) for each, f in check_fits(changed.with_pack(SERVICE, service))]
    assert found == [(SERVICE, "pack.E051")]


def test_an_example_reads_and_writes_by_the_declared_types() -> None:
    """A status that the register does not have cannot be recorded, in a rehearsal either."""
    changed = broken(PROCESS, """source='="registered"'""", """source='="registred"'""")
    said = {finding.id for finding in found(changed)}
    assert said == {"pack.E041"}


@pytest.mark.parametrize("code", ["person", "persons"])
def test_a_code_of_another_register_is_no_code_of_before(code: str) -> None:
    declared = text(COMPANIES, COMPANY).replace("formerly: [companies]", f"formerly: [{code}]")
    (finding,) = errors(check_pack({COMPANY: declared}, COMPANIES, known()))
    assert (finding.id, "person" in finding.message.en) == ("pack.E054", True)


def test_a_value_that_cannot_be_the_answer_is_told() -> None:
    changed = broken(FORM, '"person.mobile"', '"company.capital"')
    (finding,) = found(changed)
    assert (finding.id, "number" in finding.message.en) == ("pack.E051", True)


@pytest.mark.parametrize(
    ("old", "new", "id"), [("company:", "compny:", "pack.E050"), ("brand:", "brnd:", "pack.E051")]
)
def test_an_example_of_a_register_that_is_none_is_told(old: str, new: str, id: str) -> None:
    path = "examples/19-another-county.yaml"
    before, section, after = files()[path].partition("registers:\n")
    changed = {**files(), path: before + section + after.replace(old, new, 1)}
    assert [(f.id, f.place and f.place.file) for f in found(changed)] == [(id, path)]
