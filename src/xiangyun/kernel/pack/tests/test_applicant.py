"""What is known of an applicant follows from the declarations of registers, not their names."""

from __future__ import annotations

from datetime import date

import pytest

from xiangyun.kernel.feel import Value
from xiangyun.kernel.pack import read_contents, read_pack, sources, starting_variables
from xiangyun.kernel.pack.tests.shipped import broken, pack
from xiangyun.kernel.record import Register

SHOP = """code: shop
formerly: [shops]
name: {zh-Hans: 店铺库, en: Shops}
department: market_supervision
subject: organisation
key: licence
laws: [{law: {zh-Hans: 法, en: law}, article: 第一条, verified: true}]
fields:
  - {name: licence, type: text, required: true, searched: code, words: {zh-Hans: 证号, en: Licence}}
  - {name: title, type: text, searched: name, words: {zh-Hans: 店名, en: Title}}
  - {name: mobile, type: text, words: {zh-Hans: 手机, en: Mobile}}
examples:
  - {data: {licence: A-1}}
"""


def declared(text: str = SHOP) -> dict[str, Register]:
    (found,) = read_contents({"registers/shop.yaml": text}, "market/shops").declarations
    return {"shop": found.value, "shops": found.value}


def known(registers: dict[str, Register], **fields: str) -> dict[str, Value]:
    """The applicant, where the form takes name and identity number from these fields instead."""
    changed = broken("form.json", '"person.name"', f'"{fields["name"]}"')
    changed = broken("form.json", '"person.id_number"', f'"{fields["number"]}"', changed)
    made = read_pack(changed)
    by_source = {question.source: question.key for question in made.form.questions}
    answers = {by_source[fields["name"]]: "样店", by_source[fields["number"]]: "A-1"}
    place = {"code": "222404000000", "name": "珲春市", "path": ["吉林省", "延边州", "珲春市"]}
    started = starting_variables(
        made,
        answers,
        division=place,
        filed_on=date(2026, 4, 9),
        case_number="1",
        registers=registers,
    )
    applicant = started["applicant"]
    assert isinstance(applicant, dict)
    return applicant


@pytest.mark.parametrize("code", ["shop", "shops"])
def test_a_register_of_organisations_says_by_its_key_and_its_name_who_applies(code: str) -> None:
    assert known(declared(), name=f"{code}.title", number=f"{code}.licence") == {
        "name": "样店",
        "id_number": "A-1",
        "kind": "company",
    }


def test_a_register_of_people_names_a_person() -> None:
    people = declared(SHOP.replace("subject: organisation", "subject: person"))
    found = known(people, name="shop.title", number="shop.licence")
    assert (found["name"], found["id_number"], found["kind"]) == ("样店", "A-1", "person")


def test_a_register_of_things_says_nothing_of_the_applicant() -> None:
    things = declared(SHOP.replace("subject: organisation", "subject: thing"))
    assert known(things, name="shop.title", number="shop.licence") == {
        "name": None,
        "id_number": None,
        "kind": "person",
    }


def test_of_a_register_that_is_not_declared_here_a_field_is_what_it_is_called() -> None:
    found = known({}, name="person.name", number="person.id_number")
    assert (found["name"], found["id_number"]) == ("样店", "A-1")


def test_the_registers_of_a_form_are_those_of_its_sources() -> None:
    assert sources(pack()) == {"person"}
