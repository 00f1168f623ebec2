"""What the journal keeps of a case with called processes: enough to know which it happened in."""

from __future__ import annotations

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, pastcases, ports
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, ServiceCall
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.models import Entry
from xiangyun.kernel.simulation import replay

from . import calling
from .calling import do
from .situations import MORNING
from .waiting import case_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_what_the_journal_keeps_is_enough_to_walk_called_processes_again() -> None:
    number = calling.publish()
    case = case_now(calling.worked().pk)
    with acting_as(SYSTEM):
        pack = catalogue.version_pack(calling.CODE, number)
        record = pastcases.record_of(case, pack)
        look_up = pastcases.registers_without(case.number)
        done = replay(pack, pack, record, ports.counting_calendar(), look_up)
    assert [(h.name, h.part) for h in record.recorded_events] == [
        ("review", ""),
        ("inspect", "1"),
        ("report", ""),
        ("test", "1-1"),
        ("opine", "3"),
        ("opine", "2"),
        ("decide", ""),
    ]
    assert done.reproduced, done.old
    assert done.old.outcome == "issued"


def _in_parts(case: Case, number: int) -> list[tuple[str, str]]:
    """What happened to a case, each with the called process that it happened in."""
    with acting_as(SYSTEM):
        record = pastcases.record_of(case, catalogue.version_pack(calling.CODE, number))
    return [(happening.name, happening.part) for happening in record.recorded_events]


def _opinions_at_once(case: Case) -> Case:
    """Both departments agree at the same moment, the second before the first."""
    do(case, "opine", "agree", token="3/opine~1")
    do(case, "opine", "agree", token="2/opine~1")
    return do(case, "decide", "approve")


def test_an_entry_names_the_called_process_of_its_task_and_none_for_the_main_one() -> None:
    number = calling.publish()
    case = calling.visited()
    do(case, "inspect", "no_access")
    case = _opinions_at_once(case)
    with acting_as(SYSTEM):
        done = [entry for entry in journal.history(case.number) if entry.verb == "task.done"]
        lines = [line.what.en for line in cases.history(case) if line.verb == "task.done"]
    review, inspect, *opinions, decide = (entry.data for entry in done)
    assert review == {"task": "review", "action": "agree"}
    assert inspect["part"] == "1"
    assert [data["part"] for data in opinions] == ["3", "2"]
    assert "part" not in decide
    assert lines[2] == lines[3], "an applicant reads the same words as before"
    assert [part for name, part in _in_parts(case, number) if name == "opine"] == ["3", "2"]


def test_of_an_entry_that_names_no_called_process_the_row_says_which_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "divided", lambda id: ("", id))  # as entries were written before
    number = calling.publish()
    case = calling.worked()
    assert [part for name, part in _in_parts(case, number) if name == "opine"] == ["3", "2"]


def test_of_answers_of_one_moment_each_is_the_call_that_it_answered() -> None:
    entry = Entry(at=MORNING, data={"element": "test", "reference": "LAB-2"}, private={})
    calls = [
        ServiceCall(token=token, element="test", answered_at=MORNING, result={"reference": said})
        for token, said in [("1-1/test~1", "LAB-1"), ("2-1/test~1", "LAB-2")]
    ]
    found = pastcases._call_of(entry, calls)
    assert found is not None
    assert found.token == "2-1/test~1"
    assert [call.token for call in calls] == ["1-1/test~1"]
