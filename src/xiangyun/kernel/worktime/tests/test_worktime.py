"""Citizens' cases around the Mid-Autumn and National Day holidays of 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.worktime import Calendar, Clock, Extension, NotCovered, Pause, day_words

# The State Council's arrangement for autumn 2026: 25-27 September and 1-7 October are off,
# Sunday 20 September and Saturday 10 October are worked.
OFF = {date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}
WORKED = {date(2026, 9, 20), date(2026, 10, 10)}
CALENDAR = Calendar(
    lambda day: day in WORKED or (day.weekday() < 5 and day not in OFF), range(2026, 2027)
)
FRIDAY = date(2026, 9, 18)
DAYS = st.dates(date(2026, 1, 1), date(2026, 8, 31))


def sept(day: int) -> date:
    return date(2026, 9, day)


def clock(limit_days: int = 5, **more) -> Clock:
    return Clock(FRIDAY, limit_days, "working", CALENDAR, **more)


def correction(start: int, end: int | None) -> Pause:
    reason = Text("住所证明缺少第二页。", "The proof of address lacks its second page.")
    return Pause("correction", reason, sept(start), sept(end) if end else None)


# -- the calendar --------------------------------------------------------------------------------


def test_a_case_filed_on_friday_counts_the_sunday_worked_in_exchange():
    assert CALENDAR.add_working_days(FRIDAY, 1) == sept(20)
    assert CALENDAR.add_working_days(FRIDAY, 5) == sept(24)
    assert CALENDAR.add_working_days(sept(24), 1) == sept(28)
    assert CALENDAR.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)


@given(DAYS, st.integers(1, 60))
def test_counting_forth_and_counting_between_agree(start, n):
    end = CALENDAR.add_working_days(start, n)
    assert CALENDAR.works(end)
    assert CALENDAR.working_days_between(start, end) == n
    assert CALENDAR.working_days_between(end, start) == -n
    assert CALENDAR.working_days_between(start, end - timedelta(days=1)) == n - 1


@given(DAYS, st.integers(1, 60))
def test_counting_back_leads_to_a_working_day_just_as_far_away(start, n):
    first = CALENDAR.next_working_day(start)
    if first.year == 2026 and first > date(2026, 5, 1):
        assert CALENDAR.add_working_days(CALENDAR.add_working_days(first, -n), n) == first


def test_no_days_later_is_the_same_day_even_on_a_holiday():
    assert CALENDAR.add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 1)


def test_a_limit_that_reaches_into_a_year_without_holidays_is_refused_not_guessed():
    with pytest.raises(NotCovered) as refusal:
        CALENDAR.add_working_days(date(2026, 12, 30), 2)
    (finding,) = refusal.value.findings
    assert finding.id == "work.E001"
    assert "2027" in finding.message.zh
    assert "(known: 2026–2026)" in finding.message.en
    assert "国务院" in finding.hint.zh


# -- the clock ------------------------------------------------------------------------------------


def test_five_working_days_from_friday_end_on_thursday():
    running = clock()
    assert running.due == sept(24)
    assert [running.used(sept(day)) for day in (18, 19, 20, 21, 24)] == [0, 0, 1, 2, 5]
    assert [running.left(sept(day)) for day in (18, 20, 24, 25, 28, 29)] == [5, 4, 0, 0, -1, -2]


def test_the_light_turns_amber_when_a_fifth_is_left_and_red_when_it_is_late():
    lights = [clock().light(sept(day)) for day in (18, 22, 23, 24, 25, 28)]
    assert lights == ["green", "green", "amber", "amber", "amber", "red"]
    assert clock(amber=3).light(sept(21)) == "amber"


def test_late_material_pauses_the_clock():
    """Told on Monday what is missing, the citizen brings it on Wednesday: two days do not count."""
    paused = clock(pauses=(correction(21, 23),))
    assert paused.used(sept(23)) == 2
    assert paused.due == sept(29)
    assert paused.pause(sept(22)) is not None
    assert paused.pause(sept(23)) is None


def test_while_the_citizen_corrects_nothing_is_due():
    waiting = clock(pauses=(correction(21, None),))
    assert waiting.due is None
    assert waiting.left(sept(30)) == 3
    assert waiting.light(sept(30)) == "green"
    assert waiting.explain(sept(30))[-1] == Text(
        "已用 2 个工作日，还剩 3 个工作日，恢复后继续计时。",
        "2 working days used, 3 working days left; counting goes on after the pause.",
    )


def test_a_hearing_and_a_correction_on_the_same_days_are_not_taken_off_twice():
    hearing = Pause("hearing", Text("申请人要求听证。", "Asked for."), sept(22), sept(28))
    both = clock(pauses=(correction(21, 23), hearing))
    # counted: 20, 21 September, then 29, 30 September and 8 October
    assert both.due == date(2026, 10, 8)


def test_a_pause_that_begins_when_the_case_is_already_late_does_not_save_it():
    late = clock(limit_days=2, pauses=(correction(23, None),))
    assert late.due == sept(21)
    assert late.left(sept(24)) == -2
    assert late.light(sept(24)) == "red"


def test_an_approved_extension_moves_the_date_and_is_explained():
    extension = Extension(3, "王局长（虚构）", sept(23), Text("案情复杂。", "A complex case."))
    longer = clock().extend(extension)
    assert longer.limit == 8
    assert longer.due == sept(30)
    assert any("王局长（虚构）批准延长 3 个工作日" in said.zh for said in longer.explain(sept(23)))


@pytest.mark.parametrize(
    ("days", "approved_by", "on"),
    [(3, "王局长（虚构）", 28), (0, "王局长（虚构）", 23), (3, " ", 23)],
)
def test_an_extension_after_the_end_or_without_approval_is_refused(days, approved_by, on):
    with pytest.raises(Refused, match=r"work\.E002"):
        clock().extend(Extension(days, approved_by, sept(on), Text("", "")))


def test_an_extension_on_the_last_day_is_still_in_time():
    extension = Extension(1, "王局长（虚构）", sept(24), Text("案情复杂。", "A complex case."))
    assert clock().extend(extension).due == sept(28)


def test_on_the_day_of_the_decision_the_case_is_finished():
    said = clock(stopped=sept(22)).explain(sept(22))
    assert said[-1].en == "Finished on Tuesday, 22 September 2026 after 3 working days, in time."
    assert clock(stopped=sept(22)).explain(sept(21))[-1].zh.startswith("已用 2 个工作日，还剩 3")


def test_a_decided_case_is_not_explained_with_holidays_that_came_later():
    assert not any("放假" in said.zh for said in clock(20, stopped=sept(22)).explain(sept(22)))


def test_a_waiting_case_is_explained_with_the_holidays_so_far():
    said = clock(pauses=(correction(21, None),)).explain(sept(30))
    assert [text.zh for text in said[1:4]] == [
        "2026年9月20日（星期日）为调休上班日，按工作日计。",
        "2026年9月25日（星期五）至2026年9月27日（星期日）放假，不计。",
        "补正材料：2026年9月21日（星期一）起暂停计时，至今未恢复，已有 6 个工作日不计。"
        "住所证明缺少第二页。",
    ]


def test_a_pause_is_told_from_the_day_it_begins_and_as_over_from_the_day_it_ends():
    corrected = clock(pauses=(correction(21, 23),))
    told = [corrected.explain(sept(day))[3].en for day in (21, 22, 23)]
    since = "Correction of materials: paused since Monday, 21 September 2026"
    lacks = "The proof of address lacks its second page."
    assert told[0] == f"{since}, 0 working days not counted so far. {lacks}"
    assert told[1] == f"{since}, 1 working day not counted so far. {lacks}"
    assert "resumed on Wednesday, 23 September 2026" in told[2]
    assert len(corrected.explain(sept(20))) == 4


def test_a_decision_stops_the_clock_for_good():
    decided = clock(stopped=sept(22))
    assert decided.used(date(2026, 12, 1)) == 3
    assert decided.light(date(2026, 12, 1)) == "green"
    assert decided.explain(date(2026, 12, 1))[-1].zh == (
        "2026年9月22日（星期二）办结，用时 3 个工作日，未超期。"
    )
    late = clock(limit_days=2, stopped=sept(22))
    assert late.left(date(2026, 12, 1)) == -1
    assert late.light(date(2026, 12, 1)) == "red"


def test_statutory_and_promised_limits_share_their_pauses():
    pauses = (correction(21, 23),)
    promised = clock(3, pauses=pauses, name=Text("承诺时限", "Promised limit"))
    statutory = clock(20, pauses=pauses, name=Text("法定时限", "Statutory limit"))
    assert (promised.due, statutory.due) == (sept(24), date(2026, 10, 26))


def test_natural_days_run_through_holidays_but_do_not_end_on_one():
    natural = Clock(FRIDAY, 15, "natural", CALENDAR)
    assert natural.due == date(2026, 10, 8)  # 3 October is off
    assert natural.left(date(2026, 10, 7)) == 0
    assert natural.left(date(2026, 10, 8)) == 0
    assert natural.left(date(2026, 10, 9)) == -1
    assert Clock(FRIDAY, 5, "natural", CALENDAR).due == sept(23)


def test_a_clock_explains_every_day_that_surprises():
    said = clock(pauses=(correction(21, 23),), name=Text("承诺时限", "Promised limit"))
    assert [text.zh for text in said.explain(sept(28))] == [
        "承诺时限 5 个工作日，自2026年9月18日（星期五）起算，当日不计。",
        "2026年9月20日（星期日）为调休上班日，按工作日计。",
        "2026年9月25日（星期五）至2026年9月27日（星期日）放假，不计。",
        "补正材料：2026年9月21日（星期一）暂停，2026年9月23日（星期三）恢复，"
        "其间 2 个工作日不计，次日起续计。住所证明缺少第二页。",
        "已用 4 个工作日，还剩 1 个工作日，2026年9月29日（星期二）到期。",
    ]
    assert [text.en for text in said.explain(sept(30))][-1] == (
        "6 working days used, 1 working day late, due on Tuesday, 29 September 2026."
    )


def test_a_long_holiday_is_one_sentence():
    said = Clock(date(2026, 9, 30), 2, "working", CALENDAR).explain(date(2026, 10, 8))
    assert "2026年10月1日（星期四）至2026年10月7日（星期三）放假，不计。" in [t.zh for t in said]


def test_days_are_written_as_people_write_them():
    assert day_words(FRIDAY) == Text("2026年9月18日（星期五）", "Friday, 18 September 2026")


def test_a_pause_must_have_a_known_kind_and_end_after_it_began():
    with pytest.raises(ValueError, match="tea"):
        Pause("tea", Text("", ""), FRIDAY)
    with pytest.raises(ValueError, match="cannot end"):
        correction(23, 21)


PAUSES = st.lists(
    st.builds(
        lambda start, days: Pause("testing", Text("", ""), start, start + timedelta(days=days)),
        DAYS,
        st.integers(0, 20),
    ),
    max_size=3,
)


@given(DAYS, st.integers(0, 30), PAUSES, st.integers(0, 60))
def test_used_and_left_make_the_limit_and_the_due_day_is_the_last_in_time(start, limit, pauses, n):
    running = Clock(start, limit, "working", CALENDAR, tuple(pauses))
    on = start + timedelta(days=n)
    due = running.due
    assert running.used(due) == limit
    assert running.left(due) == 0
    assert running.left(on) == limit - running.used(on)
    assert (running.left(on) < 0) == (running.light(on) == "red")
    assert running.explain(on)


@given(DAYS, st.integers(1, 30), PAUSES)
def test_a_pause_never_brings_the_due_day_forward(start, limit, pauses):
    plain = Clock(start, limit, "working", CALENDAR)
    assert Clock(start, limit, "working", CALENDAR, tuple(pauses)).due >= plain.due


@given(
    st.dates(min_value=date(2024, 12, 1), max_value=date(2027, 1, 31)),
    st.dates(min_value=date(2024, 12, 1), max_value=date(2027, 1, 31)),
)
def test_days_between_are_counted_as_if_one_by_one_and_refused_at_the_same_day(a, b):
    first, last = min(a, b), max(a, b)
    known = Calendar(CALENDAR.is_working_day, range(2025, 2027))
    days = [first + timedelta(days=i) for i in range(1, (last - first).days + 1)]
    unknown = next((day for day in days if day.year not in known.covered), None)
    if unknown is None:
        assert known.working_days_between(first, last) == sum(known.works(day) for day in days)
    else:
        with pytest.raises(NotCovered) as refused:
            known.working_days_between(first, last)
        assert refused.value.day == unknown
