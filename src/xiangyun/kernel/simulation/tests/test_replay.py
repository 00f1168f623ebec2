"""Past cases by another version: what people did stays, what the version says is asked anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from xiangyun.kernel.feel import from_json
from xiangyun.kernel.pack import Example, Pack, read_pack
from xiangyun.kernel.pack.inmemory import Trace
from xiangyun.kernel.pack.tests.shipped import broken, files, pack
from xiangyun.kernel.simulation import Recorded, RecordedEvent, Replayed, replay, walk
from xiangyun.kernel.simulation.plan import situation_of

from .situations import WEEKDAYS

HOUR = timedelta(hours=1)


def nothing(register: str, field: str, value: str, on: object) -> Sequence[dict[str, object]]:
    return []


def example(key: str) -> Example:
    [found] = [each for each in pack().examples if each.key.startswith(key)]
    return found


def recorded(made: Example, every: timedelta = HOUR, until: datetime | None = None) -> Recorded:
    """An example as if it had happened, an act an hour."""
    situation = situation_of(pack(), made)
    recorded_events = []
    for number, act in enumerate(made.acts):
        at = made.filed_at + every * (number + 1)
        result = {"action": act.action, "note": act.note, "by": act.by, "at": from_json(at)}
        if number in situation.corrected:
            result["application"] = situation.corrected[number]
        if act.kind != "timer":
            recorded_events.append(RecordedEvent(act.kind, act.name, at, result))
    application, division = situation.variables["application"], situation.variables["division"]
    end = made.filed_at + timedelta(days=60)
    return Recorded(
        "222404202604090001", application, division, made.filed_at, made.filed_at_desk,
        made.filed_by, tuple(recorded_events), {}, until or end, made.expected.outcome,
    )  # fmt: skip


def registers(made: Example) -> object:
    def look_up(register: str, field: str, value: str, on: object) -> list[dict[str, object]]:
        held = made.registers.get(register, ())
        return [dict(record) for record in held if record.get(field) == value]

    return look_up


def replayed(made: Example, new: Pack, record: Recorded | None = None) -> Replayed:
    return replay(pack(), new, record or recorded(made), WEEKDAYS, registers(made))  # type: ignore[arg-type]


@pytest.mark.parametrize("made", pack().examples, ids=lambda made: made.key)
def test_every_shipped_situation_comes_out_by_its_own_version_as_it_did(made: Example) -> None:
    done = replayed(made, pack())
    assert done.reproduced, done.old
    assert not done.differs
    assert done.parted is None


def changed(*changes: tuple[str, str, str]) -> Pack:
    among = files()
    for path, old, new in changes:
        among = broken(path, old, new, among)
    # Examples of the old version need not come out by the new one.
    return read_pack({p: t for p, t in among.items() if not p.startswith("examples/")} | FIRST)


FIRST = {p: t for p, t in files().items() if p.startswith("examples/01")}
FEWER_PARTNERS = ("parameters.yaml", "    - value: 50\n", "    - value: 1\n")


def test_a_stricter_figure_shows_the_case_and_the_step_at_which_it_parts() -> None:
    done = replayed(example("01"), changed(FEWER_PARTNERS))
    assert done.differs
    assert done.old.outcome == "issued"
    assert done.new.outcome == ""
    assert done.new.open  # an official would have to look at it: nobody did then
    assert done.parted is not None
    one, other = done.parted
    assert one is not None
    assert other is not None
    assert one.element == other.element == "rule_precheck"
    assert one.said.startswith("clean")
    assert not other.said.startswith("clean")


def test_a_case_the_change_does_not_touch_stays_the_same() -> None:
    done = replayed(example("02"), changed(FEWER_PARTNERS))  # one shareholder
    assert not done.differs


CORRECTED = "05"


def test_a_shorter_deadline_would_have_let_a_slow_correction_lapse() -> None:
    made = example(CORRECTED)
    slow = recorded(made, every=timedelta(days=10))
    shorter = changed(("parameters.yaml", "value: 30\n", "value: 5\n"))
    done = replayed(made, shorter, slow)
    assert (done.old.outcome, done.new.outcome) == ("issued", "lapsed")
    assert done.parted is not None
    assert done.parted[1] == Trace("correction_overdue")


def test_a_longer_deadline_leaves_a_lapsed_case_waiting() -> None:
    made = example("12")
    longer = changed(("parameters.yaml", "value: 30\n", "value: 90\n"))
    done = replayed(made, longer)
    assert (done.old.outcome, done.new.outcome) == ("lapsed", "")
    assert "correct" in done.new.open


def test_an_answer_of_a_department_comes_when_it_came() -> None:
    made = example("01")
    late = made.filed_at + timedelta(days=3)
    tax = RecordedEvent("service", "tax", late, {"reference": "T-1", "completed_on": late.date()})
    record = recorded(made)
    walked = walk(
        pack(), replace(record, recorded_events=(*record.recorded_events, tax)), WEEKDAYS, nothing
    )
    assert walked.outcome == "issued"
    assert [each.element for each in walked.trail][-2:] == ["tax", "end_issued"]


def test_a_record_that_its_own_version_cannot_reproduce_says_so() -> None:
    made = example("04")  # the name was taken then; the register has forgotten it
    done = replay(pack(), pack(), recorded(made), WEEKDAYS, nothing)
    assert not done.reproduced
