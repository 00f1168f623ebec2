"""The time of a construction project: four stages with a clock each, beside that of the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.pack.tests.shipped import broken, errors, line_of
from xiangyun.kernel.pack.tests.test_construction import files, pack
from xiangyun.kernel.service.casetime import CaseTime, Granted, begun
from xiangyun.kernel.service.limits import number_for, span
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.worktime import Calendar, Extension

ITEM = "service.yaml"
FRIDAY = date(2026, 4, 10)
CALENDAR = Calendar(lambda day: day.weekday() < 5, range(2026, 2028))
DECIDES = {"stage": "planning"}
APPLIES = {"stage": "planning", "clock": "pauses", "pause": "other"}
HEARS = {"stage": "planning", "clock": "pauses", "pause": "hearing"}
ACCEPTED = {"stage": "planning", "clock": "starts stage"}
WHY = Text("举行听证。", "A hearing.")


def item() -> ServiceItem:
    return pack().service


def known(kind: str | None = "industrial") -> dict[str, Value]:
    figures = {"parameters": pack().parameters.on(FRIDAY)}
    return {**figures, "precheck": {"type": kind}} if kind else figures


def after(days: int) -> date:
    """So many working days after Friday."""
    return CALENDAR.add_working_days(FRIDAY, days)


def accepted_for_planning() -> CaseTime:
    """A factory whose application was accepted on Friday: 12 working days for this stage, of 40."""
    time = begun(item(), FRIDAY, known())
    return time.passed({**ACCEPTED, "clock": "starts"}, FRIDAY, item(), known())


def stage(time: CaseTime):
    found = time.stage_clock("planning", item(), CALENDAR, Text("规划", "Planning"))
    assert found is not None
    return found


# -- limits by formula -----------------------------------------------------------------------------


def test_the_promised_time_follows_the_type_of_the_project():
    figures = pack().parameters.on(FRIDAY)
    found = span(item().promised, item().kinds, figures)
    assert (found.least, found.most) == (20, 80)
    assert dict(found.kinds)[Text("工业", "Industrial")] == 40
    assert number_for(item().promised, item().kinds, known("small_social")) == 20


def test_until_the_type_is_known_the_longest_time_counts():
    assert number_for(item().promised, item().kinds, known(None)) == 80
    assert begun(item(), FRIDAY, known(None)).promised == 80
    assert accepted_for_planning().promised == 40


def test_a_case_filed_before_any_figure_was_in_force_is_refused_and_not_guessed():
    with pytest.raises(Refused, match=r"work\.E003"):
        begun(item(), FRIDAY, {"parameters": pack().parameters.on(date(2018, 1, 1))})


def test_a_limit_that_is_a_number_is_the_same_for_every_kind():
    assert span(item().statutory, item().kinds, {}).kinds == ()
    assert begun(item(), FRIDAY, known("small_social")).statutory == 120


# -- stages ----------------------------------------------------------------------------------------


def test_a_stage_runs_from_its_first_task_beside_the_case():
    time = begun(item(), FRIDAY, known())
    assert time.stage("planning") is None
    time = time.opened("t1", DECIDES, after(3), item(), known(), WHY)
    assert (stage(time).started, stage(time).due) == (after(3), after(15))
    again = time.opened("t2", DECIDES, after(5), item(), known(), WHY)
    assert stage(again).started == after(3)
    assert time.promised_clock(item(), CALENDAR).due == after(40)


def test_the_applicants_own_time_before_a_stage_is_not_the_offices():
    time = begun(item(), FRIDAY, known()).opened("t1", APPLIES, FRIDAY, item(), known(), WHY)
    assert stage(time).due is None
    time = time.closed("t1", after(60))
    assert stage(time).due == after(72)


def test_acceptance_gives_the_stage_its_whole_time_and_leaves_that_of_the_case():
    time = begun(item(), FRIDAY, known()).opened("t1", DECIDES, FRIDAY, item(), known(), WHY)
    time = time.passed(ACCEPTED, after(4), item(), known())
    assert stage(time).due == after(16)
    assert time.promised_clock(item(), CALENDAR).due == after(40)


def test_what_lies_in_a_stage_stands_still_with_its_own_clock_and_other_work_with_any():
    time = begun(item(), FRIDAY, known()).opened("t1", DECIDES, FRIDAY, item(), known(), WHY)
    time = time.opened("t2", APPLIES | {"stage": "land"}, after(1), item(), known(), WHY)
    assert time.stage("land") is not None
    held = {stage: time.stands_still(stage, after(2)) for stage in ("land", "planning", "")}
    assert held == {"land": True, "planning": False, "": True}
    assert not time.closed("t2", after(2)).stands_still("land", after(2))


def test_a_hearing_inside_a_stage_stops_both_clocks_and_both_say_so():
    time = accepted_for_planning().opened("t1", HEARS, after(5), item(), known(), WHY)
    assert time.deadline(item(), CALENDAR, "planning") is None
    time = time.closed("t1", after(11))
    for clock, days in ((stage(time), 18), (time.promised_clock(item(), CALENDAR), 46)):
        assert clock.due == after(days)
        assert any(said.zh.startswith("听证：") for said in clock.explain(after(12)))
    assert stage(time).explain(after(12))[0].zh.startswith("“规划”阶段时限 12 个工作日")


def test_a_hearing_of_one_stage_does_not_stop_the_clock_of_another():
    time = accepted_for_planning()
    time = time.opened("t1", {**HEARS, "stage": "land"}, after(2), item(), known(), WHY)
    time = time.closed("t1", after(8))
    assert stage(time).due == after(12)


def test_a_task_has_the_tighter_of_the_two_deadlines_and_turns_amber_a_fifth_before():
    time = accepted_for_planning()
    deadline = time.deadline(item(), CALENDAR, "planning")
    assert (deadline.due, deadline.amber) == (after(12), after(10))
    assert time.deadline(item(), CALENDAR).due == after(40)
    late = replace(time, promised=9)
    assert late.deadline(item(), CALENDAR, "planning").due == after(9)


def test_the_time_of_a_stage_ends_with_it_and_all_time_with_the_case():
    time = accepted_for_planning()
    time = time.passed({**DECIDES, "clock": "stops stage"}, after(9), item(), known())
    assert stage(time).explain(after(30))[-1].en.startswith("Finished on Thursday, 23 April 2026")
    assert time.deadline(item(), CALENDAR, "planning").due == after(40)
    time = time.opened("t1", {"stage": "construction"}, after(9), item(), known(), WHY)
    time = time.passed({"clock": "stops"}, after(15), item(), known())
    assert time.stage("construction").stopped == after(15)
    assert time.stage("planning").stopped == after(9)


def test_after_rectification_the_office_has_its_whole_time_again():
    clock_properties = {"stage": "planning", "clock": "pauses, starts stage", "pause": "other"}
    time = accepted_for_planning().opened("t1", clock_properties, after(11), item(), known(), WHY)
    time = time.closed("t1", after(30)).passed(clock_properties, after(30), item(), known())
    assert stage(time).due == after(42)


# -- extensions ------------------------------------------------------------------------------------


def granted(on: date) -> Granted:
    reason = Text("须跨省核查。", "To be looked into in another province.")
    return Granted("planning", Extension(10, "王局长（虚构）", on, reason))


def test_an_extension_moves_the_promise_the_law_and_the_stage_but_no_other_stage():
    time = accepted_for_planning().extended(granted(after(11)), item(), CALENDAR)
    assert [clock.due for clock in time.clocks(item(), CALENDAR, "planning")] == [
        after(50),
        after(130),
        after(22),
    ]
    time = time.opened("t1", {"stage": "construction"}, after(12), item(), known(), WHY)
    assert time.stage_clock("construction", item(), CALENDAR).limit == 10


def test_a_stage_that_is_over_its_time_cannot_be_extended_though_the_case_could():
    with pytest.raises(Refused, match=r"work\.E002"):
        accepted_for_planning().extended(granted(after(13)), item(), CALENDAR)


# -- what the checker finds ------------------------------------------------------------------------

BREAKS = {
    "a formula with a name nobody sets": ('precheck.type + "_land"', "prechek.type", "feel.E002"),
    "a figure that is not there": ('"days_" + precheck.type + "_land', '"day_', "pack.E013"),
    "a kind that is misspelt": ("type: industrial", "type: industry", "pack.E013"),
    "a kind promised more than the law": ("days: 120", "days: 60", "pack.E006"),
    "half a day": (
        'days: =get value(parameters, "days_" + precheck.type + "_land")',
        'days: =get value(parameters, "days_" + precheck.type + "_land") / 2',
        "pack.E013",
    ),
    "days that are no formula and no number": ("days: 120", "days: many", "pack.E006"),
    "an extension approved by nobody": (
        "role: approver:housing",
        "role: approver:moon",
        "pack.E022",
    ),
    "an extension in another unit": (
        "days: 10\n    unit: working_day",
        "days: 10\n    unit: natural_day",
        "pack.E006",
    ),
    "days that are called hours": (
        "days: 10\n    unit: working_day",
        "days: 10\n    unit: working_hour",
        "pack.E005",
    ),
    "a stage in hours beside an extension in days": (
        '    days: =get value(parameters, "days_" + precheck.type + "_land")\n'
        "    unit: working_day",
        "    hours: 4\n    unit: working_hour",
        "pack.E120",
    ),
    "a stage without a lead": (
        "    lead: {zh-Hans: 自然资源主管部门, en: the natural resources department}\n",
        "",
        "pack.E005",
    ),
    "an overseer nobody is": ("\nroles:\n", "\noverseer: boss\nroles:\n", "pack.E022"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_about_time_is_named_in_the_file(name):
    old, new, id = BREAKS[name]
    found = errors(check_pack(broken(ITEM, old, new, files())))
    assert (id, ITEM) in {(f.id, f.place.file) for f in found}, [str(f) for f in found]


def test_a_formula_without_kinds_is_refused_since_nobody_could_print_it():
    lines = files()[ITEM].splitlines(keepends=True)
    changed = {
        **files(),
        ITEM: "".join(x for x in lines if "given:" not in x and "kinds:" not in x),
    }
    (found,) = (f for f in errors(check_pack(changed)) if f.id == "pack.E005")
    assert "kinds" in found.message.en
    assert found.place.line == line_of(changed, ITEM, "days: '=sum")


def test_a_fault_of_one_kind_names_the_kind_the_day_and_what_came_of_it():
    changed = broken(ITEM, "type: industrial", "type: industry", files())
    said = {f.message.zh for f in errors(check_pack(changed)) if f.id == "pack.E013"}
    assert "“工业”在2019年7月1日的时限没有得到值，应为不小于零的整数。" in said


def test_a_clock_of_a_stage_without_a_limit_and_a_limit_that_never_begins_are_refused():
    drawing = "process.bpmn"
    changed = broken(drawing, 'value="stops stage"', 'value="stop stage"', files())
    (found,) = errors(check_pack(changed))
    assert (found.id, found.hint.en) == ("pack.E028", "Did you mean “stops stage”?")
    changed = broken(ITEM, "  - submit\n", "  - submit\n" + LATER, files())
    changed = broken("texts/en.yaml", "stage.submit:", "stage.later: Later\nstage.submit:", changed)
    changed = broken(
        "texts/zh-Hans.yaml", "stage.submit:", "stage.later: 以后\nstage.submit:", changed
    )
    assert [(f.id, f.place.line) for f in errors(check_pack(changed))] == [
        ("pack.E014", line_of(changed, ITEM, "  - id: later"))
    ]


LATER = (
    "  - id: later\n    lead: {zh-Hans: 某局, en: an office}\n    days: 3\n"
    "    unit: working_day\n    basis: 无\n    verified: false\n"
)


def test_the_first_day_of_a_limit_is_the_day_after_as_everywhere():
    time = accepted_for_planning()
    assert stage(time).used(FRIDAY) == 0
    assert stage(time).used(FRIDAY + timedelta(days=3)) == 1
