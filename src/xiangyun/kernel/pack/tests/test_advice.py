"""The rules speak before an application is sent, of what was asked, and never of risks."""

from dataclasses import replace
from datetime import date

import pytest

from xiangyun.kernel.pack import (
    advice,
    check_pack,
    not_applying,
    public_rows,
    read_pack,
    starting_variables,
)
from xiangyun.kernel.pack.advice import can_speak
from xiangyun.kernel.pack.tests.shipped import files, pack

KEYS = frozenset({"supervisor", "legal_representative", "legal_representative_post"})


def variables(**answers):
    division = {"code": "222404000000", "name": "珲春市", "path": ["吉林省", "珲春市"]}
    return starting_variables(
        pack(), answers, division=division, filed_on=date(2026, 4, 9), case_number=""
    )


def test_a_decision_speaks_when_all_is_answered_that_it_asks_about():
    everything = {question.key for question in pack().form.questions}
    assert can_speak(pack(), "capacity", everything)
    assert not can_speak(pack(), "capacity", everything - {"shareholders"})
    assert can_speak(pack(), "capacity", everything - {"brand"})
    assert not can_speak(pack(), "material_findings", everything - {"premises_division"})


def test_a_decision_that_needs_a_look_into_a_register_is_silent_before_sending():
    everything = {question.key for question in pack().form.questions}
    assert "name_clash" in pack().service.public_decisions
    assert not can_speak(pack(), "name_clash", everything)


def test_what_is_found_comes_worst_first_and_each_once():
    everything = {question.key for question in pack().form.questions}
    found = advice(
        pack(), variables(supervisor="金样一", legal_representative="金样一"), everything
    )
    assert len({one.id for one in found}) == len(found) > 1
    weights = ["refuse", "correct", "note"]
    assert [one.severity for one in found] == sorted(
        (one.severity for one in found), key=weights.index
    )
    assert all(one.basis and one.text.zh for one in found)


def test_a_service_that_names_no_public_decision_says_nothing():
    silent = replace(pack(), service=replace(pack().service, public_decisions=()))
    assert advice(silent, variables(), {q.key for q in pack().form.questions}) == ()
    assert public_rows(silent) == frozenset()
    assert public_rows(pack())


def test_a_public_decision_that_is_not_there_is_found_with_its_line():
    broken = files()["service.yaml"].replace("scope_findings, material", "scope_findigs, material")
    found = [f for f in check_pack({**files(), "service.yaml": broken}) if f.severity == "error"]
    assert [f.id for f in found] == ["pack.E021"]
    assert found[0].place
    assert "scope_findigs" in broken.splitlines()[found[0].place.line - 1]


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_questions_a_decision_asks_about_are_read_from_its_cells(key):
    everything = {question.key for question in pack().form.questions}
    assert not can_speak(pack(), "capacity", everything - {key})


ELDER = {
    "elder_name": "王样父", "elder_id": "22240419430301003X", "residence": "rural",
    "living": "alone", "hardship": "none", "insured": "resident", "ability_level": "unassessed",
    "disability_grade": "0", "residence_division": "222404001001",
}  # fmt: skip


def _asked(elder, without=frozenset()):
    services = read_pack(files("eldercare/basic-services"))
    known = starting_variables(
        services,
        elder,
        division={"code": "222404000000", "name": "珲春市", "path": []},
        filed_on=date(2026, 5, 12),
        case_number="",
    )
    return services, known, {question.key for question in services.form.questions} - without


def _told(elder, without=frozenset()):
    return {one.id: one for one in advice(*_asked(elder, without))}


def test_a_list_is_answered_item_by_item_before_it_is_sent():
    found = _told(ELDER)
    assert {id for id in found if not id.startswith("papers.")} == {
        "resident_pension.due",
        "health_management.yearly",
        "ability_check.yearly",
        "old_age_allowance.80",
        "visits.alone",
    }
    assert all(one.severity == "note" and one.basis for one in found.values())


def test_a_list_tells_what_does_not_apply_and_why():
    services, known, asked = _asked(ELDER)
    found = {one.decision: one for one in not_applying(services, known, asked)}
    entitled = {id.partition(".")[0] for id in _told(ELDER)}
    assert len(found) + len(entitled) == 16
    assert not found.keys() & entitled
    assert found["homeless_relief"].text.zh == "不属于生活无着的流浪、乞讨人员。"
    assert all(one.text.en and one.basis for one in found.values())
    assert not_applying(services, known, ()) == ()  # nothing is answered yet


def test_age_is_told_before_sending_by_the_number_that_the_register_knows():
    found = _told({**ELDER, "elder_id": "222404196612010056"})
    assert found["papers.too_young"].severity == "refuse"


def test_what_a_script_makes_of_answers_is_silent_until_they_are_given():
    assert not any(id.startswith("visits.") for id in _told(ELDER, {"living"}))
