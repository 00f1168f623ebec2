"""Construction projects: four stages, every department with a deadline, silence by the rule."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from glob import glob
from itertools import product

import pytest

from xiangyun.kernel.dmn import decide
from xiangyun.kernel.feel import from_json
from xiangyun.kernel.language import ENGLISH
from xiangyun.kernel.pack import Rehearsal, check_pack, letter, read_pack, rehearse
from xiangyun.kernel.pack.tables import rules_of
from xiangyun.kernel.pack.tests.shipped import broken, errors, line_of

FOLDER = __file__.rsplit("/src/", 1)[0] + "/packs/construction/project-approval/"
STAGES = ("land", "planning", "construction", "completion")
TYPES = (
    *("government_building", "government_linear", "general_social"),
    *("small_social", "industrial", "land_with_plan"),
)


def files() -> dict[str, str]:
    found = {}
    for path in sorted(glob(FOLDER + "**/*.*", recursive=True)):
        with open(path, encoding="utf-8") as file:
            found[path.removeprefix(FOLDER)] = file.read()
    return found


@cache
def pack():
    return read_pack(files())


EXAMPLES = {example.key: example for example in pack().examples}


@cache
def rehearsed(key: str) -> Rehearsal:
    return rehearse(pack(), EXAMPLES[key])


def with_steps(key: str, old: str, new: str) -> Rehearsal:
    """The rehearsal of an example after one change of its file."""
    changed = read_pack(broken(f"examples/{key}.yaml", old, new, files()))
    return rehearse(changed, next(one for one in changed.examples if one.key == key))


def application(**answers: object) -> dict[str, object]:
    return {**rehearsed("01-general-private").variables["application"], **answers}


def checked(stage: str, **answers: object) -> dict:
    variables = {
        "application": from_json(application(**answers)),
        "parameters": pack().parameters.on(date(2026, 4, 9)),
        "stage": {"key": stage},
    }
    return decide(pack().rules, "precheck", variables).value


# -- the whole --------------------------------------------------------------------------------


def test_the_pack_has_no_error_and_no_warning_and_every_row_fires_somewhere():
    found = [finding for finding in check_pack(files()) if finding.id != "pack.W001"]
    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize("key", EXAMPLES)
def test_every_situation_comes_out_as_written(key):
    assert [str(finding) for finding in rehearsed(key).findings] == []


def test_the_situations_reach_every_outcome_and_every_type_of_project():
    made = [rehearsed(key) for key in EXAMPLES]
    assert {one.outcome for one in made} == {"issued", "refused", "withdrawn", "lapsed"}
    assert {one.variables["precheck"]["type"] for one in made} == set(TYPES)


def test_every_element_that_works_is_walked_by_some_situation():
    walked = {element for key in EXAMPLES for element in rehearsed(key).path}
    kinds = ("userTask", "serviceTask", "businessRuleTask")
    working = {e.id for e in pack().process.elements.values() if e.kind in kinds}
    assert working - walked == set()


def test_letters_are_filled_in_both_languages():
    for key in EXAMPLES:
        made = rehearsed(key)
        for sent in made.letters:
            assert "{" not in sent.body
        english = letter(pack(), made.letters[-1].name, made.variables, ENGLISH)
        assert "{" not in english.body


# -- types, departments, limits ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "type_"),
    [
        ({"floor_area": 10000}, "small_social"),
        ({"floor_area": 10001}, "general_social"),
        ({"floor_area": 100, "hazardous": "yes"}, "general_social"),
        ({"works": "industrial"}, "industrial"),
        ({"works": "industrial", "land_with_plan": "yes"}, "land_with_plan"),
        ({"funding": "government", "works": "industrial"}, "government_building"),
        ({"funding": "government", "works": "linear"}, "government_linear"),
        ({"works": "linear"}, "general_social"),
    ],
)
def test_a_project_is_of_the_type_the_table_says(answers, type_):
    assert checked("land", **answers)["type"] == type_


PROJECTS = [
    dict(zip(("funding", "works", "land_with_plan", "floor_area", "hazardous"), each, strict=True))
    for each in product(
        ("government", "social"),
        ("building", "linear", "industrial"),
        ("yes", "no"),
        (500, 60000),
        ("yes", "no"),
    )
]


@pytest.mark.parametrize("stage", STAGES)
def test_every_project_is_reviewed_within_the_limit_of_its_stage(stage):
    for project in PROJECTS:
        zones = dict.fromkeys(("heritage_zone", "near_water", "sensitive_area"), "yes")
        made = checked(stage, **project, **zones)
        keys = [department["key"] for department in made["departments"]]
        assert keys, project
        assert len(keys) == len(set(keys)), "a department has one task in a stage"
        assert {f"reviewer:{key}" for key in keys} <= set(pack().service.roles)
        assert max(department["days"] for department in made["departments"]) <= made["limit"]


def test_every_type_is_promised_the_sum_of_its_stages_and_never_beyond_the_national_limit():
    item, figures = pack().service, pack().parameters.on(date(2026, 4, 9))
    assert {kind.given["precheck"]["type"] for kind in item.kinds} == set(TYPES)
    for kind in item.kinds:
        context = {"parameters": figures, **kind.given}
        total = sum(limit.limit.value(context) for limit in item.stage_limits)
        assert total == item.promised.value(context) <= item.statutory.number == 120
    assert [limit.stage for limit in item.stage_limits] == list(STAGES)


def test_a_department_with_a_licence_of_its_own_is_never_deemed_to_agree():
    for decision, table, rule in rules_of(pack().rules):
        if decision.id != "joint_departments":
            continue
        columns = [column.name for column in table.outputs]
        row = dict(zip(columns, (output.source for output in rule.outputs), strict=True))
        if row["statutory"] == "true":
            assert row["silence"] == '"urge"', rule.id


def test_what_was_not_checked_against_its_law_says_so():
    rows = [rule for _, _, rule in rules_of(pack().rules)]
    assert {r.id for r in rows if r.annotations["verified"] != "no"} == {"scope.special"}


# -- deadlines and silence --------------------------------------------------------------------

LATE = "07-overdue-deemed-agreed"


def test_silence_counts_from_the_day_after_the_last_day_and_not_an_hour_earlier():
    early = with_steps(LATE, "until: 2026-04-16 09:00", "until: 2026-04-15 23:59")
    assert [finding.id for finding in early.findings] == ["pack.E041"]
    on_time = with_steps(LATE, "until: 2026-04-16 09:00", "until: 2026-04-16 00:00")
    assert on_time.findings == ()


def test_deemed_consent_is_on_record_with_its_day_and_in_the_letter():
    passed = next(sent for sent in rehearsed(LATE).letters if sent.name == "passed_land")
    assert "发展改革：逾期未反馈，视为同意" in passed.body
    assert "有部门逾期未反馈" in passed.body
    archives = rehearsed(LATE).variables["opinions"][-1]
    assert (archives["silent"], archives["action"], archives["by"]) == (True, "agree", None)
    assert archives["on"] == date(2027, 10, 18)


def test_fire_safety_is_urged_when_late_and_its_own_answer_stands_on_the_permit():
    made = rehearsed("08-overdue-licence-is-urged")
    assert made.path.count("construction_urge") == 1
    permit = {field.key: field.shown for field in made.certificate.fields}
    assert permit["opinions"] == "住房和城乡建设、消防、施工图联合审图、人民防空"


def test_two_weeks_of_experts_make_nobody_late():
    made = rehearsed("05-industrial-with-experts")
    assert "construction_urge" not in made.path
    assert made.path.count("construction_expert") == 1


def test_after_the_experts_the_days_left_go_on_where_they_stopped():
    # Asked on 6 July with five working days left; the experts finish on 20 July.
    old = "须加设泄爆面。, answers: {experts: 5, conclusion: passed}}\n"
    for moment, late in (("2026-07-27 23:59", False), ("2026-07-28 00:00", True)):
        key = "05-industrial-with-experts"
        made = with_steps(key, old, old + f"  - {{until: {moment}}}\n")
        assert ("construction_urge" in made.path) is late


def test_experts_hearings_and_the_applicants_own_time_stop_the_clock():
    pausing = {
        element.id.partition("_")[2]: element.properties["pause"]
        for element in pack().process.elements.values()
        if "pauses" in element.properties.get("clock", "")
    }
    assert pausing == {
        "apply": "other",
        "correct": "correction",
        "expert": "expert-review",
        "hearing": "hearing",
        "rectify": "other",
    }
    waiting = {
        e.id for e in pack().process.elements.values() if e.groups and e.groups.text == "applicant"
    }
    assert all(
        pack().process.elements[id].properties["clock"].startswith("pauses") for id in waiting
    )


# -- gates, withdrawal, acceptance ------------------------------------------------------------


def test_a_gate_does_not_open_against_a_licensing_department():
    made = with_steps(
        "12-licence-objection-refused", "action: refuse, by: 王样资", "action: approve, by: 王样资"
    )
    assert made.outcome == ""
    assert made.path[-1] == "planning_decide", "back at the lead department"


def test_withdrawing_is_possible_before_the_permit_and_not_after():
    step = "  - {message: withdraw, by: 金样三, note: 不办了。}\n"
    before = with_steps(
        "01-general-private", "  - {until: 2026-07-06", step + "  - {until: 2026-07-06"
    )
    assert "end_withdrawn" in before.path
    after = with_steps(
        "01-general-private", "  - {until: 2027-10-11", step + "  - {until: 2027-10-11"
    )
    assert [finding.id for finding in after.findings] == ["pack.E041"]
    assert after.certificate is not None


def test_after_a_failed_acceptance_only_those_who_failed_it_come_again():
    asked = Counter(rehearsed("11-acceptance-failed-and-repeated").path)
    assert asked["completion_review"] == 4 + 2
    assert asked["completion_inspection"] == 2


def test_the_permit_is_dated_at_the_third_stage_and_not_at_the_end():
    made = rehearsed("01-general-private")
    assert made.variables["permit"]["issued_on"] == date(2026, 7, 6)
    assert made.path.index("issue_permit") < made.path.index("completion_apply")


# -- what the rehearsal learned for this pack --------------------------------------------------


def found_in(changed: dict[str, str], path: str) -> list[tuple[str, str, int]]:
    return [
        (f.id, f.place.file, f.place.line)
        for f in errors(check_pack(changed))
        if f.place and f.place.file == path
    ]


def test_a_role_that_the_rules_work_out_must_be_a_role_of_the_service():
    changed = broken("service.yaml", "  - reviewer:greening\n", "", files())
    told = {f.id: str(f) for f in errors(check_pack(changed))}
    assert set(told) == {"pack.E022"}
    assert "reviewer:greening" in told["pack.E022"]


def test_a_step_for_a_role_that_has_no_task_now_is_told_at_its_line():
    path = "examples/10-withdrawn-during-review.yaml"
    changed = broken(path, "reviewer:natural_resources", "reviewer:fire", files())
    assert found_in(changed, path) == [("pack.E041", path, line_of(changed, path, "reviewer:fire"))]


def test_a_moment_that_is_none_is_told_at_its_line():
    path = "examples/16-correction-lapsed.yaml"
    changed = broken(path, "until: 2026-05-10 09:00", "until: soon", files())
    assert ("pack.E006", path, line_of(changed, path, "until: soon")) in found_in(changed, path)


def test_a_clock_pauses_only_for_a_cause_that_the_clock_knows():
    changed = broken(
        "process.bpmn", 'name="pause" value="hearing"', 'name="pause" value="tea"', files()
    )
    assert [line for *_, line in found_in(changed, "process.bpmn")]
    assert [f.id for f in errors(check_pack(changed))] == ["pack.E028"]


def test_time_that_goes_by_rings_the_earlier_timers_first():
    example = EXAMPLES["16-correction-lapsed"]
    made = rehearsed("16-correction-lapsed")
    assert example.acts[0].until - example.filed_at > timedelta(days=30)
    assert made.path[-2:] == ("letter_lapsed", "end_lapsed")
    assert example.acts[0].until == datetime.fromisoformat("2026-05-10T09:00:00+08:00")
