"""Recurrences: the cron dialect and its limits, working days, month ends, 29 February, clocks."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.findings import Refused
from xiangyun.kernel.worktime import Calendar, NotCovered, is_weekday
from xiangyun.kernel.worktime.cron import read_cron
from xiangyun.kernel.worktime.schedule import read_schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOLIDAYS = {date(2026, 10, day) for day in range(1, 8)}
CALENDAR = Calendar(lambda day: is_weekday(day) and day not in HOLIDAYS, range(1900, 2100))


def at(year, month, day, hour=0, minute=0, zone=SHANGHAI):
    return datetime(year, month, day, hour, minute, tzinfo=zone)


def following(text, moment, count=3, calendar=CALENDAR):
    schedule, found = read_schedule(text), []
    for _ in range(count):
        moment = schedule.after(moment, calendar)
        found.append(moment)
    return found


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("0 9 * * 1-5", at(2026, 11, 27, 9), [at(2026, 11, 30, 9), at(2026, 12, 1, 9)]),
        ("0 9 * * 1-5", at(2026, 11, 27, 8, 59), [at(2026, 11, 27, 9), at(2026, 11, 30, 9)]),
        ("*/20 8-9 * * *", at(2026, 1, 1, 8, 20), [at(2026, 1, 1, 8, 40), at(2026, 1, 1, 9)]),
        ("0 0 31 * *", at(2026, 1, 31), [at(2026, 3, 31), at(2026, 5, 31)]),
        ("0 0 29 2 *", at(2026, 1, 1), [at(2028, 2, 29), at(2032, 2, 29)]),
        ("0 0 29 2 *", at(1896, 3, 1), [at(1904, 2, 29)]),
        ("30 6 1,15 */6 *", at(2026, 1, 15, 7), [at(2026, 7, 1, 6, 30), at(2026, 7, 15, 6, 30)]),
        ("0 12 * * 0", at(2026, 11, 27), [at(2026, 11, 29, 12)]),
        ("0 12 * * 7", at(2026, 11, 27), [at(2026, 11, 29, 12)]),
        ("0 12 * * 5-7", at(2026, 11, 28), [at(2026, 11, 28, 12), at(2026, 11, 29, 12)]),
        ("every working day at 09:00", at(2026, 9, 30, 9), [at(2026, 10, 8, 9)]),
        ("every 2 working days at 09:00", at(2026, 11, 26, 9),
         [at(2026, 11, 30, 9), at(2026, 12, 2, 9)]),
        ("every 3 days at 00:30", at(2026, 2, 27, 10),
         [at(2026, 3, 2, 0, 30), at(2026, 3, 5, 0, 30)]),
        ("monthly on the last working day at 16:30", at(2026, 1, 31),
         [at(2026, 2, 27, 16, 30), at(2026, 3, 31, 16, 30)]),
        ("monthly on working day 5 at 9:00", at(2026, 9, 30), [at(2026, 10, 14, 9)]),
        ("monthly on working day 23 at 9:00", at(2026, 2, 1), [at(2026, 2, 27, 9)]),
        ("monthly on the last day at 23:59", at(2028, 2, 1), [at(2028, 2, 29, 23, 59)]),
        ("monthly on day 31 at 09:00", at(2026, 1, 31, 9),
         [at(2026, 2, 28, 9), at(2026, 3, 31, 9)]),
        ("monthly on day 31 or the next working day at 09:00", at(2026, 1, 30, 9),
         [at(2026, 2, 2, 9), at(2026, 3, 2, 9), at(2026, 3, 31, 9)]),
        ("yearly on 02-29 at 09:00", at(2026, 1, 1), [at(2026, 2, 28, 9), at(2027, 2, 28, 9),
                                                     at(2028, 2, 29, 9)]),
        ("yearly on 10-01 or the next working day at 09:00", at(2026, 10, 2), [at(2026, 10, 8, 9)]),
    ],
)  # fmt: skip
def test_it_happens_next_as_it_is_written(text, start, expected):
    assert following(text, start, len(expected)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 9 * *", "here are 4"),
        ("0 0 9 * * 1", "here are 6"),
        ("0 0 9 * * 1 2026", "here are 7"),
        ("0 9 1 * 1", "either the day or the weekday"),
        ("0 9 */2 * 1", "either the day or the weekday"),
        ("0 9 L * *", "“L” of the day is known to some"),
        ("0 9 15W * *", "“15W”"),
        ("0 9 ? * 1", "“?”"),
        ("0 9 * * MON", "“MON” of the weekday"),
        ("0 9 * * 5#2", "“5#2”"),
        ("0 9 * JAN *", "“JAN” of the month"),
        ("H 9 * * *", "“H” of the minute"),
        ("@daily", "here are 1"),
        ("5/15 * * * *", "“5/15”"),
        ("0 22-2 * * *", "“22-2” is no hour"),
        ("60 * * * *", "“60” is no minute"),
        ("0 24 * * *", "“24” is no hour"),
        ("0 0 0 * *", "“0” is no day"),
        ("0 0 * * 8", "“8” is no weekday"),
        ("*/0 * * * *", "“*/0”"),
        ("0 0 31 2,4,6,9,11 *", "There is no such day"),
        ("0 0 30 2 *", "There is no such day"),
    ],
)
def test_what_only_some_crons_know_is_refused_by_name(text, words):
    with pytest.raises(Refused) as caught:
        read_cron(text)
    (finding,) = caught.value.findings
    assert finding.id == "work.E004"
    assert words in finding.message.en
    assert "0 9 * * 1-5" in finding.hint.zh


@pytest.mark.parametrize(
    "text",
    ["", "sometimes", "every 0 days at 09:00", "every working day", "every working day at 24:00",
     "monthly on day 32 at 09:00", "monthly on day 0 at 09:00", "monthly on working day 24 at 9:00",
     "monthly on the last working day or the next working day at 09:00",
     "yearly on 02-30 at 09:00", "yearly on 13-01 at 09:00", "R0/every working day at 09:00",
     "every working day at 09:60"],
)  # fmt: skip
def test_other_words_are_refused_with_examples(text):
    with pytest.raises(Refused) as caught:
        read_schedule(text)
    assert [each.id for each in caught.value.findings] == ["work.E005"]


@pytest.mark.parametrize("text", ["0 9 L * *", "@daily", "0 0 9 * * 1", "R5/0 9 * * MON"])
def test_a_cron_that_is_not_read_says_so_as_a_recurrence_too(text):
    with pytest.raises(Refused, match=r"work\.E004"):
        read_schedule(text)


def test_it_may_end_after_so_many_times():
    assert read_schedule("R5/0 9 * * 1-5").repeats == 5
    assert read_schedule("R2/ every working day at 09:00").repeats == 2
    assert read_schedule("every working day at 09:00").repeats is None


def test_working_days_of_a_year_that_nobody_entered_are_not_guessed():
    known = Calendar(is_weekday, range(2026, 2027))
    assert following("every working day at 09:00", at(2026, 12, 30, 9), 1, known)
    with pytest.raises(NotCovered):
        following("every working day at 09:00", at(2026, 12, 31, 9), 1, known)
    assert following("0 9 * * 1-5", at(2026, 12, 31, 9), 1, known) == [at(2027, 1, 1, 9)]


def test_a_time_that_the_clock_leaves_out_comes_as_much_later_and_one_twice_is_the_first():
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = at(2026, 3, 28, 12, zone=berlin), at(2026, 10, 24, 12, zone=berlin)
    (late,) = following("30 2 * * *", spring, 1)
    assert (late.hour, late.minute, late.date()) == (3, 30, date(2026, 3, 29))
    first, second = following("30 2 * * *", autumn, 2)
    assert (first.fold, first.utcoffset().total_seconds()) == (0, 7200)
    assert second.date() == date(2026, 10, 26)


def test_beyond_the_calendar_nothing_happens():
    assert read_schedule("0 0 1 1 *").after(at(9999, 1, 1, 1), CALENDAR) is None
    assert read_schedule("yearly on 01-01 at 00:00").after(at(9999, 1, 1, 1), CALENDAR) is None


FIELDS = (
    (0, 59, "minute"), (0, 23, "hour"), (1, 31, "day"), (1, 12, "month"), (0, 7, "weekday"),
)  # fmt: skip


@st.composite
def crons(draw):
    """Any expression that is read, with the day or the weekday left open."""

    def field(least, most):
        low = draw(st.integers(least, most))
        high = draw(st.integers(low, most))
        step = draw(st.integers(1, 9))
        return draw(st.sampled_from(["*", f"{low}", f"{low}-{high}", f"*/{step}",
                                     f"{low}-{high}/{step}", f"{low},{high}"]))  # fmt: skip

    fields = [field(least, most) for least, most, _ in FIELDS]
    open_ = draw(st.sampled_from([2, 4]))
    fields[open_] = "*"
    if open_ == 4:  # the 31st of June is refused; see above
        fields[3] = "*"
    return " ".join(fields)


@given(crons(), st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31)))
def test_the_next_moment_is_the_first_minute_that_the_fields_hold_for(text, start):
    """Beside a reading of its own, minute by minute within the day that is found."""
    schedule = read_schedule(text)
    found = schedule.after(start.replace(tzinfo=SHANGHAI), CALENDAR)
    assert found > start.replace(tzinfo=SHANGHAI)
    assert _holds(text, found)
    begin = datetime.combine(found.date(), time(), SHANGHAI)
    earlier = [
        moment
        for minute in range(found.hour * 60 + found.minute)
        if (moment := begin.replace(hour=minute // 60, minute=minute % 60))
        > start.replace(tzinfo=SHANGHAI)
    ]
    assert not any(_holds(text, moment) for moment in earlier)


def _holds(text, moment):
    parts = (moment.minute, moment.hour, moment.day, moment.month, moment.isoweekday() % 7)
    return all(
        _within(field, value, least, most)
        or (most == 7 and value == 0 and _within(field, 7, least, most))
        for field, value, (least, most, _) in zip(text.split(), parts, FIELDS, strict=True)
    )


def _within(field, value, least, most):
    for part in field.split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        first = least if span == "*" else int(low)
        last = most if span == "*" else int(high or low)
        if first <= value <= last and (value - first) % int(step or 1) == 0:
            return True
    return False
