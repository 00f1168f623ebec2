"""A simulated year: what is told of whom, and by which clock the platform's own work is done."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.adapters.packs import packs
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.ports import counting_calendar
from xiangyun.faces.cli.folder import read_folder
from xiangyun.faces.cli.yearly.cast import Cast
from xiangyun.faces.cli.yearly.clock import Clock
from xiangyun.faces.cli.yearly.ownjobs import OwnJobs
from xiangyun.faces.cli.yearly.play import Year
from xiangyun.faces.cli.yearly.retelling import Retelling
from xiangyun.kernel.pack import read_pack
from xiangyun.kernel.simulation import Hours, Timetable
from xiangyun.kernel.worktime import office_zone

PLACES = {222403000000: {222403001000: [222403001001, 222403001002]}}
HOURS = Hours(((time(9), time(17)),))
MORNING = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


def retold(number: int = 0) -> tuple[Retelling, dict[str, object]]:
    example = read_pack(read_folder(packs()["market/company-registration"])).examples[number]
    told = Retelling(example, "样某", "222403199001010011", PLACES, random.Random(1))
    return told, told.told(example.answers)


def test_an_example_is_told_of_the_applicant_wherever_the_name_stands():
    _, answers = retold()
    assert answers["applicant_name"] == answers["legal_representative"] == "样某"
    assert answers["applicant_id"] == answers["legal_representative_id"] == "222403199001010011"
    assert answers["shareholders"][0]["name"] == "样某"  # type: ignore[index]
    assert answers["shareholders"][1]["name"] == "朴样二"  # type: ignore[index]


def test_it_plays_in_one_county_and_a_made_up_name_is_another_everywhere():
    told, answers = retold()
    assert told.county == 222403000000
    assert answers["premises_division"] == "222403001000"
    brand = str(answers["brand"])
    assert brand.startswith("样")
    assert brand != "样祥和"
    assert told.told("样祥和") == brand
    assert told.told({"in": ["220000000000", "222404000000"]}) == {
        "in": ["220000000000", "222403000000"]
    }


def test_days_of_an_application_move_with_it_and_keep_their_weekday():
    example = read_pack(read_folder(packs()["market/company-registration"])).examples[0]
    filed = example.filed_at.date()
    on = filed + timedelta(days=250)
    told = Retelling(example, "样某", "", PLACES, random.Random(1), on)
    soon = filed + timedelta(days=3)
    moved = date.fromisoformat(str(told.told(soon.isoformat())))
    assert moved.weekday() == soon.weekday()
    assert 0 <= (moved - on).days - 3 < 7
    assert told.told(f"{soon}T09:00") == f"{moved}T09:00"
    assert told.told("1990-01-01") == "1990-01-01"
    assert told.told("2026-02-30") == "2026-02-30"


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_somebody_objects_to_an_own_record_and_registers_know_what_examples_name():
    source = random.Random(7)
    clock = Clock(timezone.now().replace(hour=2))
    cast = Cast(220000000000, source, clock.now.date())
    cast.settle(3)
    played = Year(
        cast, clock, Timetable(cast.first, HOURS, counting_calendar(), office_zone()), source
    )
    played._applying("records/record-objection")()
    assert played.counts.begun.total() == len(played.playing) == 1
    assert not played.counts.refused
    with acting_as(SYSTEM):
        about = {case.variables["application"]["register"] for case in _cases_of(played)}
    assert about == {"person"}


def _cases_of(played: Year) -> list[Case]:
    return list(Case.objects.filter(pk__in=played.playing))


def test_the_platform_is_told_the_time_of_the_year_and_only_within():
    clock = Clock(MORNING)
    with clock.told():
        assert timezone.now() == MORNING
        clock.reach(MORNING - timedelta(days=1))
        assert timezone.now() == MORNING
        clock.reach(MORNING + timedelta(days=1))
        assert timezone.localdate().isoformat() == "2026-03-03"
    assert timezone.now() != MORNING + timedelta(days=1)


@pytest.mark.django_db
def test_a_job_is_worked_at_its_own_moment_of_the_year_though_that_is_long_over(
    monkeypatch: pytest.MonkeyPatch,
):
    asked: list[tuple[str, datetime]] = []
    ring = app.tasks["cases.ring"]
    monkeypatch.setattr(
        ring, "func", lambda context, **given: asked.append((given["token"], timezone.now()))
    )
    later = MORNING + timedelta(days=30)
    clock = Clock(MORNING)
    with clock.told():
        jobs = OwnJobs(clock)
        for token, at in (("late", later), ("soon", MORNING + timedelta(hours=1))):
            ring.configure(schedule_at=at).defer(case_id="x", token=token, due=at.isoformat())
        jobs.work()
        assert asked == []
        jobs.reach(MORNING + timedelta(days=2))
        assert asked == [("soon", MORNING + timedelta(hours=1))]
        jobs.reach(later)
    assert asked[1:] == [("late", later)]
    assert not jobs.failed
