"""A fair: stable interviews without clashes, whoever comes; faults of its file at their lines."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to draw who takes part
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from xiangyun.adapters.highs import solve
from xiangyun.kernel.fair import (
    Demand,
    Exhibitor,
    Fair,
    FairPlan,
    Guests,
    Offer,
    make_plan,
    read_fair,
)
from xiangyun.kernel.fair.plan import wrong_in
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.pack import Known, check_pack
from xiangyun.kernel.pack.tests.shipped import files

CODE = "jobs/graduate-fair"
PACK = files(CODE)
PATH = "fairs/graduate_fair.yaml"


def read(text: str) -> tuple[Fair | None, list[Finding]]:
    faults: list[Finding] = []
    return read_fair(text, PATH, faults.append), faults


def shipped() -> Fair:
    found, faults = read(PACK[PATH])
    assert found is not None
    assert not faults
    return found


def drawn(seed: int) -> tuple[Fair, Guests]:
    """A small fair of whoever comes, crowded so that not all have what they wish for."""
    rng = random.Random(seed)
    fair = shipped()
    fair = replace(
        fair,
        interviews=replace(fair.interviews, number=rng.randint(2, 5)),
        most=rng.randint(1, 6),
    )
    exhibitors = [
        Exhibitor(f"Q{n}", f"Q{n}", rng.randint(0, 2), rng.choice("CGZ"), rng.random() < 0.4,
                  "talk" if rng.random() < 0.4 else "", rng.choice(["08", "12", ""]), 50)
        for n in range(8)
    ]  # fmt: skip
    offers = [Offer(f"G{n}", f"Q{rng.randrange(8)}", "", rng.randint(0, 5)) for n in range(16)]
    demands = [Demand(f"S{n}") for n in range(30)]
    fits = [(d.key, o.key) for d in demands for o in offers if rng.random() < 0.5]
    wishes = {d.key: [o for who, o in fits if who == d.key] for d in demands}
    ranks = {o.key: [who for who, offer in fits if offer == o.key] for o in offers}
    for some in (*wishes.values(), *ranks.values()):
        rng.shuffle(some)
    named = [Demand(d.key, tuple(rng.sample([o.key for o in offers], 3))) for d in demands]
    invited = [replace(o, invites=tuple(rng.sample([d.key for d in demands], 2))) for o in offers]
    return fair, Guests(exhibitors, invited, named, wishes, ranks)


@pytest.mark.parametrize("seed", range(12))
def test_no_two_would_rather_have_each_other_and_nobody_is_at_two_places(seed: int) -> None:
    fair, guests = drawn(seed)
    plan = make_plan(fair, guests, solve)
    assert list(wrong_in(fair, guests, plan)) == []
    assert make_plan(fair, guests, solve) == plan
    fits = {(who, offer) for who, some in guests.wishes.items() for offer in some}
    assert {(each.demand, each.offer) for each in plan.interviews} <= fits
    power = {hall.id: hall.power for hall in fair.halls}
    for each in guests.exhibitors:
        hall, number = plan.booths[each.key]
        assert not each.power or number <= power[hall]
        assert hall == {"C": "A", "G": "B", "Z": "C"}[each.group]


def test_what_is_wrong_in_a_plan_is_found_whoever_made_it() -> None:
    fair, guests = drawn(3)
    plan = make_plan(fair, guests, solve)
    first = plan.interviews[0]
    twice = replace(plan.interviews[1], demand=first.demand, slot=first.slot)
    for broken in (
        replace(plan, interviews=plan.interviews[1:]),
        replace(plan, interviews=(first, twice, *plan.interviews[2:])),
        replace(plan, interviews=(replace(first, slot=99), *plan.interviews[1:])),
        replace(plan, booths=dict(list(plan.booths.items())[1:])),
        replace(plan, talks=plan.talks[1:]),
    ):
        assert isinstance(broken, FairPlan)
        assert list(wrong_in(fair, guests, broken))


def test_what_is_named_comes_first_as_far_as_it_fits() -> None:
    fair = replace(shipped(), most=1)
    guests = Guests(
        [Exhibitor("Q", "Q", 1)],
        [Offer("dear", "Q", "", 1), Offer("best", "Q", "", 1, ("late",)), Offer("no", "Q", "", 9)],
        [Demand("early", ("no", "dear")), Demand("late", ())],
        {"early": ["best", "dear"], "late": ["best"]},
        {"dear": ["early"], "best": ["early", "late"]},
    )
    plan = make_plan(fair, guests, solve)
    assert {(each.demand, each.offer) for each in plan.interviews} == {
        ("early", "dear"),
        ("late", "best"),
    }


def test_tables_that_do_not_suffice_are_shared() -> None:
    fair = replace(shipped(), most=1)
    fair = replace(fair, interviews=replace(fair.interviews, number=3))
    offers = [Offer("a", "Q", "", 4), Offer("b", "Q", "", 2)]
    people = [f"S{n}" for n in range(9)]
    guests = Guests([Exhibitor("Q", "Q", 1)], offers, [Demand(who) for who in people],
                    {who: ["a", "b"] for who in people}, {"a": people, "b": people})  # fmt: skip
    plan = make_plan(fair, guests, solve)
    assert sorted(each.offer for each in plan.interviews) == ["a", "a", "b"]
    assert len(plan.without) == 6
    assert not list(wrong_in(fair, guests, plan))


def test_more_exhibitors_than_booths_are_refused() -> None:
    fair = shipped()
    fair = replace(fair, halls=(replace(fair.halls[2], booths=1),))
    guests = Guests([Exhibitor("Q", "Q", 1), Exhibitor("R", "R", 1)], [], [], {}, {})
    with pytest.raises(Refused, match=r"assignment\.E003"):
        make_plan(fair, guests, solve)


def test_slots_follow_each_other_by_the_clock_of_the_office() -> None:
    begins = shipped().interviews.begin(3, date(2026, 4, 18), ZoneInfo("Asia/Shanghai"))
    assert begins.isoformat() == "2026-04-18T09:45:00+08:00"


@pytest.mark.parametrize(
    ("old", "new", "id_"),
    [
        ("number: 24", "number: 80", "fair.E001"),
        ("id: B,", "id: A,", "fair.E002"),
        ("id: T2", "id: T1", "fair.E002"),
        ('begins: "09:00"', 'begins: "nine"', "pack.E006"),
        ("matching: graduate_post\n", "", "pack.E005"),
        ("minutes: 15", "minutes: 15\n  hours: 2", "pack.E004"),
    ],
)
def test_faults_of_a_fair_are_told(old: str, new: str, id_: str) -> None:
    assert old in PACK[PATH]
    _, faults = read(PACK[PATH].replace(old, new, 1))
    assert id_ in {each.id for each in faults}
    assert all(each.place and each.place.line for each in faults)


@pytest.mark.parametrize(
    ("old", "new", "id_"),
    [
        ("matching: graduate_post", "matching: graduate_pots", "pack.E360"),
        ("register: fair_company", "register: fair_firm", "pack.E360"),
        ("arrivals: fair_arrival", "arrivals: fair_arrivals", "pack.E360"),
        ("tables: tables", "tables: desks", "pack.E361"),
        ("tables: tables", "tables: name", "pack.E362"),
        ("wishes: wishes", "wishes: school", "pack.E362"),
        ("booths: fair_booth", "booths: fair_talk", "pack.E361"),
    ],
)
def test_what_a_fair_names_must_be_there(old: str, new: str, id_: str) -> None:
    assert old in PACK[PATH]
    changed = {**PACK, PATH: PACK[PATH].replace(old, new)}
    assert id_ in {each.id for each in check_pack(changed, CODE, Known(whole=True))}
