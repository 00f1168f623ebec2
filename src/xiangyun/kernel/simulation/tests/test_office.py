"""The simulated office: what queueing theory says, and what the drawing says."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest

from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, gate, node, start, timer, user
from xiangyun.kernel.dmn import read_model
from xiangyun.kernel.findings import Place
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.tests.shipped import pack
from xiangyun.kernel.pack.tests.test_registers import known
from xiangyun.kernel.service.examples import Act
from xiangyun.kernel.simulation import (
    APPLICANT,
    Office,
    Report,
    plan_arrivals,
    simulated,
    smallest_staff,
)
from xiangyun.kernel.simulation.plan import SPREAD

from .situations import (
    ONE_DESK,
    SHIPPED,
    Dice,
    done,
    headers,
    properties,
    run,
    service,
    shipped_pack,
    shipped_registers,
    timetable,
)

STAFF = {"acceptor": 1, "reviewer": 1, "approver": 1}


def test_the_mean_wait_is_that_of_pollaczek_and_khinchine() -> None:
    """One desk with Poisson arrivals is an M/G/1 queue: W = λ E[S²] / 2(1-ρ)."""
    usual, per_day, days = 12.0, 22.0, 250
    report = run(service(ONE_DESK, done("decide")), {"approver": 1}, per_day=per_day, days=days)
    rate = per_day / 420
    mean, square = usual * exp(SPREAD**2 / 2), usual**2 * exp(2 * SPREAD**2)
    load = rate * mean
    desk = report.role("approver")
    assert desk.utilisation == pytest.approx(load, rel=0.05)
    assert desk.mean_wait == pytest.approx(rate * square / (2 * (1 - load)), rel=0.15)
    # Little's law: as many wait on average as come in the time one waits.
    assert desk.mean_queue == pytest.approx(rate * desk.mean_wait, rel=0.05)


def test_the_same_seed_gives_the_same_report_and_another_seed_another() -> None:
    made = service(ONE_DESK, done("decide"))
    assert run(made, STAFF, seed=7) == run(made, STAFF, seed=7)
    assert run(made, STAFF, seed=7) != run(made, STAFF, seed=8)


def test_more_officials_never_make_anyone_late() -> None:
    made = service(ONE_DESK, done("decide"))
    shares = [run(made, {"approver": n}, per_day=80).promised for n in range(1, 6)]
    assert shares == sorted(shares)
    assert shares[0] < 0.5 < shares[-1]


@pytest.mark.parametrize("item", SHIPPED)
def test_every_shipped_example_ends_in_a_busy_office_as_in_its_rehearsal(item: str) -> None:
    shipped = shipped_pack(item)
    staff = dict.fromkeys((role for role in shipped.service.roles if role != APPLICANT), 50)
    for example in shipped.examples:
        alone = replace(shipped, examples=(example,))
        # From the day of the example: its rules may ask what day it is.
        first = example.filed_at.date()
        report = run(
            alone, staff, per_day=1, days=3, seed=3, first=first, registers=shipped_registers()
        )
        assert report.arrived > 0
        assert not report.stuck
        ended = {example.expected.outcome}
        changing = any(act.kind == "register" for act in example.acts)
        if "withdrawn" in ended or changing:
            # An official may be quicker than the applicant's second thought; and what registers say
            # besides while a case goes on is not simulated.
            ended |= {each.name for each in shipped.service.outcomes}
        assert report.outcomes.keys() <= ended, example.key
        assert report.finished == report.arrived


def test_the_time_of_the_applicants_correction_does_not_count() -> None:
    shipped = pack()
    [lapsing] = [e for e in shipped.examples if e.expected.outcome == "lapsed"]
    report = run(replace(shipped, examples=(lapsing,)), dict.fromkeys(STAFF, 50), per_day=2, days=3)
    assert report.outcomes == {"lapsed": report.arrived}
    assert report.statutory == 1.0  # thirty days waited, none of them the office's


def test_a_role_without_officials_leaves_its_cases_open_and_late() -> None:
    report = run(service(ONE_DESK, done("decide")), {"approver": 0}, days=2)
    assert report.finished == 0
    assert report.promised == 0
    assert report.role("approver").longest_queue == report.arrived


def test_minutes_in_the_drawing_are_used_and_the_caller_may_say_otherwise() -> None:
    made = service(ONE_DESK, done("decide"))
    short = run(made, STAFF).role("approver").work
    long = run(made, STAFF, minutes={"decide": 6.0}).role("approver").work
    assert long == pytest.approx(short / 2, rel=0.01)


def test_two_roles_of_one_task_share_its_queue() -> None:
    drawing = ONE_DESK.replace('candidateGroups="approver"', 'candidateGroups="approver,reviewer"')
    report = run(service(drawing, done("decide")), {"approver": 1, "reviewer": 1}, per_day=40)
    assert report.role("approver").tasks > 0
    assert report.role("reviewer").tasks > 0


SILENCE = bpmn(
    start(),
    user(
        "opinion", groups="reviewer", extension=headers(actions="agree") + properties(minutes="5")
    ),
    node("boundaryEvent", "silent", timer("duration", "P3D"), attachedToRef="opinion"),
    end("given", outcome="issued"),
    end("taken", outcome="lapsed"),
    flows("start > opinion > given", "silent > taken"),
)


def test_a_deadline_that_passes_in_the_queue_takes_the_task_away() -> None:
    """Nobody has the time: silence counts as consent, and the desk forgets the task."""
    made = service(SILENCE, done("opinion", "agree"))
    report = run(made, {"reviewer": 1}, per_day=60, days=5, minutes={"opinion": 120.0})
    assert report.outcomes["lapsed"] > report.outcomes["issued"] > 0
    assert report.finished == report.arrived


def test_what_the_example_leaves_to_a_timer_nobody_does() -> None:
    act = Act("timer", "silent", Place("examples/01.yaml", 1))
    report = run(service(SILENCE, act), {"reviewer": 5})
    assert report.outcomes == {"lapsed": report.arrived}
    assert report.role("reviewer").tasks == 0


BREAKS = bpmn(
    start(),
    user("opinion", groups="reviewer"),
    end("given", outcome="issued"),
    flows("start > opinion > given"),
).replace(
    "</bpmn:extensionElements>",
    '<zeebe:taskSchedule dueDate="=nobody.knows" /></bpmn:extensionElements>',
    1,
)


def test_a_case_that_cannot_go_on_is_named_with_the_reason() -> None:
    report = run(service(BREAKS), {"reviewer": 1}, days=1)
    [(example, why)] = report.stuck.items()
    assert example == "01-issued-same-day"
    assert "opinion" in why.en
    assert report.promised == 0


def test_a_mix_of_nothing_is_refused() -> None:
    made = service(ONE_DESK, done("decide"))
    with pytest.raises(ValueError, match="nobody"):
        plan_arrivals(
            made,
            timetable(),
            per_day=1,
            days=1,
            mix={made.examples[0].key: 0},
            source=Dice(1),
        )


def _search(per_day: float, target: float) -> tuple[Report, dict[str, int], int]:
    made, table = service(ONE_DESK, done("decide")), timetable()
    mix = {made.examples[0].key: 1.0}
    coming = plan_arrivals(made, table, per_day=per_day, days=10, mix=mix, source=Dice(1))
    office = Office(made, table)

    def try_(staff: dict[str, int]) -> Report:
        return simulated(office, coming, staff, days=10)

    found = smallest_staff(try_, try_({"approver": 1}), target)
    assert found.staff is not None
    return try_({"approver": found.staff["approver"] - 1}), dict(found.staff), found.tries


def test_the_smallest_staff_is_enough_and_one_less_is_not() -> None:
    one_less, staff, tries = _search(per_day=150, target=0.99)
    assert staff["approver"] >= 4  # 150 times 13.6 minutes are 4.9 days of work
    assert one_less.promised < 0.99
    assert tries < 8


def test_no_staff_is_named_where_people_are_not_the_reason() -> None:
    made, table = service(SILENCE, Act("timer", "silent", Place("e.yaml", 1))), timetable()
    short = replace(
        made, service=replace(made.service, promised=replace(made.service.promised, number=0))
    )
    coming = plan_arrivals(
        short, table, per_day=5, days=5, mix={made.examples[0].key: 1.0}, source=Dice(1)
    )
    office = Office(short, table)
    found = smallest_staff(
        lambda staff: simulated(office, coming, staff, days=5),
        simulated(office, coming, {"reviewer": 1}, days=5),
        0.99,
    )
    assert found.staff is None
    assert found.report.promised == 0


def test_a_promise_in_working_hours_is_measured_in_hours() -> None:
    made = service(ONE_DESK, done("decide"))
    shares = []
    for hours in (1, 3):
        promised = replace(made.service.promised, number=hours, unit="working_hour")
        short = replace(made, service=replace(made.service, promised=promised))
        report = run(short, {"approver": 50}, per_day=3, days=5, minutes={"decide": 100.0})
        shares.append((report.promised, report.statutory))
    (within_an_hour, law), (within_three, same_law) = shares
    assert within_an_hour < 0.2
    assert within_three > 0.8
    assert law == same_law == 1


def test_a_rule_that_asks_what_day_it_is_is_asked_each_day() -> None:
    asking = bpmn(
        start(),
        node(
            "businessRuleTask",
            "judge",
            extension='<zeebe:calledDecision decisionId="odd" resultVariable="odd" />',
        ),
        gate("exclusive", "which", default="f_which_even_2"),
        end("odd_day", outcome="issued"),
        end("even", outcome="refused"),
        flows("start > judge > which", "which > odd_day: =odd", "which > even"),
    )
    rules = read_model(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">'
        '<decision id="odd" name="odd"><variable name="odd"/>'
        "<literalExpression><text>odd(today().day)</text></literalExpression></decision>"
        "</definitions>"
    )
    made = replace(service(asking), rules=rules)
    report = run(made, {"approver": 1}, per_day=5, days=10)
    assert set(report.outcomes) == {"issued", "refused"}


def test_registers_of_an_example_are_read_by_their_declarations() -> None:
    """By a code of before nothing was found, and the clash of names that the example is about."""
    declared, made = registers_in(known()), pack()
    clash = next(each for each in made.examples if each.key.startswith("04"))
    renamed = {"companies": clash.registers["company"]}
    made = replace(made, examples=(replace(clash, registers=renamed),))
    table = timetable()
    coming = plan_arrivals(
        made, table, per_day=5, days=2, mix={clash.key: 1.0}, source=Dice(1), registers=declared
    )
    staff = dict.fromkeys(("acceptor", "reviewer", "approver"), 3)
    worked = Office(made, table, registers=declared).work(coming, staff)
    assert worked.filed
    for each in worked.filed:
        assert "letter_correction" in [step.element for step in each.running.trail]
