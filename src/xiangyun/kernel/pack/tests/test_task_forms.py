"""Forms of tasks: declared, checked, seen by FEEL, rehearsed, simulated."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from glob import glob

import pytest

from xiangyun.kernel.pack import Pack, check_pack, read_pack, rehearse
from xiangyun.kernel.pack.tests.shipped import broken, errors
from xiangyun.kernel.simulation.plan import situation_of

FOLDER = __file__.rsplit("/src/", 1)[0] + "/tests/packs/visits/home/"
PROCESS, FORM, RULES = "process.bpmn", "forms/visit.json", "rules.dmn"
SEEN, HELPED = "examples/01-seen-at-the-second-visit.yaml", "examples/02-helped.yaml"


@cache
def _files() -> tuple[tuple[str, str], ...]:
    found = []
    for path in sorted(glob(FOLDER + "**/*.*", recursive=True)):
        with open(path, encoding="utf-8") as file:
            found.append((path.removeprefix(FOLDER), file.read()))
    return tuple(found)


def files() -> dict[str, str]:
    return dict(_files())


def pack() -> Pack:
    return read_pack(files())


def told(changed: dict[str, str]) -> list[tuple[str, str]]:
    found = errors(check_pack(changed, "visits/home"))
    return [(each.id, each.place.file if each.place else "") for each in found]


def test_a_pack_with_forms_of_an_official_the_applicant_and_a_third_party_is_sound() -> None:
    assert told(files()) == []
    assert dict(pack().forms_by_task) == {
        "visit": "visit",
        "consent": "consent",
        "witness": "witness",
    }


def test_answers_of_a_task_are_seen_by_gates_decisions_and_letters() -> None:
    made = rehearse(pack(), pack().examples[1])
    assert (made.outcome, made.findings) == ("helped", ())
    assert made.variables["tasks"]["visit"]["people"] == Decimal(6)  # type: ignore[index,call-overload]
    assert made.variables["helpers"] == Decimal(2)
    assert "6口人" in made.letters[0].body
    assert made.variables["visited"] == {"result": "needs_help", "by": "李样三"}


def test_the_last_answers_of_a_task_stand_and_what_was_not_asked_is_null() -> None:
    example = replace(pack().examples[0], acts=pack().examples[0].acts[:1])
    made = rehearse(pack(), example)
    tasks = made.variables["tasks"]
    assert tasks["visit"]["result"] == "nobody"  # type: ignore[index,call-overload]
    assert tasks["visit"]["people"] is None  # type: ignore[index,call-overload]
    assert tasks["consent"] is None  # type: ignore[index,call-overload]
    whole = rehearse(pack(), pack().examples[0])
    (photo,) = whole.variables["tasks"]["visit"]["photos"]  # type: ignore[index,call-overload]
    assert photo["name"] == "door.jpg"


def test_a_form_that_two_tasks_share_is_seen_by_its_name_too() -> None:
    changed = broken(FORM, '"id": "visit"', '"id": "visit"', files())
    changed["forms/seen.json"] = changed.pop(FORM)
    changed = broken(PROCESS, 'key="form" value="visit"', 'key="form" value="seen"', changed)
    changed[PROCESS] = changed[PROCESS].replace("=tasks.visit.", "=tasks.seen.")
    changed["texts/en.yaml"] = changed["texts/en.yaml"].replace("forms.visit.", "forms.seen.")
    assert told(changed) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "id", "where"),
    [
        (PROCESS, 'key="form" value="visit"', 'key="form" value="vist"', "pack.E060", PROCESS),
        (PROCESS, 'formId="consent"', 'formId="consen"', "pack.E060", PROCESS),
        (PROCESS, 'tasks.visit.result = "nobody"', "tasks.vist = null", "pack.E060", PROCESS),
        (PROCESS, "tasks.visit.result", "tasks.visit.resul", "pack.E025", PROCESS),
        (RULES, "tasks.visit.people", "tasks.visit.persons", "pack.E025", RULES),
        ("texts/zh-Hans.yaml", "tasks.visit.people", "tasks.visit.who", "pack.E025", ""),
        (PROCESS, 'result = "at_home"', 'result = "home"', "bpmn.E025", PROCESS),
        (FORM, '"max_mb": "10"', '"max_mb": "10", "source": "person.name"', "pack.E061", FORM),
        (FORM, '"key": "remark"', '"key": "people"', "form.E006", FORM),
        ("texts/en.yaml", "forms.visit.people.label:", "forms.visit.peopl.label:", "pack.E030", ""),
        (PROCESS, 'Groups="neighbour"', 'Groups="neighbor"', "pack.E022", PROCESS),
        (SEEN, "result: at_home, people: 2", "result: at_home", "pack.E042", SEEN),
        (SEEN, "people: 2", "people: 31", "pack.E042", SEEN),
        (SEEN, "people: 2", "people: 2, shoes: 4", "pack.E042", SEEN),
    ],
)
def test_what_leads_nowhere_is_an_error_where_it_stands(
    path: str, old: str, new: str, id: str, where: str
) -> None:
    found = told(broken(path, old, new, files()))
    assert (id, where) in found or (not where and id in {each for each, _ in found}), found


OFFERED = (
    '{"type": "select", "id": "q_point", "key": "point", "label": "送餐点", "valuesKey": "points"}'
)


def with_points(path: str, after: str) -> dict[str, str]:
    """A form with a question whose options a task offers, and its English words."""
    changed = broken(path, after, f"{OFFERED}, {after}", files())
    words = "forms.visit.point.label" if path == FORM else "form.point.label"
    changed["texts/en.yaml"] += f'\n{words}: "Point"\n'
    return changed


def test_options_that_a_task_offers_are_an_input_of_it_and_chosen_from_alone() -> None:
    changed = with_points(FORM, '{"type": "textarea", "id": "q_remark"')
    assert ("pack.E511", PROCESS) in told(changed)
    offers = '<zeebe:input source=\'=["东门", "西门"]\' target="points" />'
    mapped = broken(PROCESS, 'target="subject" />', f'target="subject" />{offers}', changed)
    assert told(mapped) == []
    chosen = broken(SEEN, "people: 2", "people: 2, point: 东门", mapped)
    assert told(chosen) == []
    other = broken(SEEN, "people: 2", "people: 2, point: 南门", mapped)
    assert ("pack.E042", SEEN) in told(other)


def test_no_task_offers_the_options_of_an_application() -> None:
    first = '{"type": "textfield"'
    assert ("pack.E510", "form.json") in told(with_points("form.json", first))


def test_a_form_that_no_task_asks_for_is_told() -> None:
    changed = {**files(), "forms/other.json": files()["forms/witness.json"]}
    found = check_pack(changed, "visits/home")
    assert [(f.id, f.place.file) for f in found if f.id == "pack.W002" and f.place] == [
        ("pack.W002", "forms/other.json")
    ]


def test_a_simulated_office_answers_the_form_as_the_example_does() -> None:
    made = situation_of(pack(), pack().examples[0])
    assert [answers["result"] for answers in made.answered.values()] == [  # type: ignore[index,call-overload]
        "nobody",
        "at_home",
    ]
