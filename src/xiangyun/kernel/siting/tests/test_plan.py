"""A plan explains itself: who gains, what an exchange costs, what is left to do, who pays."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from xiangyun.adapters.highs import solve
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.language import COMPLETE
from xiangyun.kernel.siting.declaration import SitingDeclaration, read_siting
from xiangyun.kernel.siting.drawing import plan_map
from xiangyun.kernel.siting.ground import Ground, Known, Spot, invented, metres
from xiangyun.kernel.siting.plan import make_plan
from xiangyun.kernel.siting.report import plan_csv, plan_json
from xiangyun.kernel.siting.table import read_spots

WRITTEN = """
name: {zh-Hans: 布点, en: Sites}
about: {zh-Hans: 示例。, en: An example.}
within: "220000000000"
objective: coverage
choose: 2
least: 1
walk: {minutes: 15, metres_a_minute: 60, road_factor: 1.5}
target: 80
facilities:
  - id: centre
    name: {zh-Hans: 中心, en: centre}
    at: site
    number: 1
    build: 1001
    yearly: 10
    bears: {province: 33, county: 67}
  - id: point
    name: {zh-Hans: 互助点, en: point}
    at: uncovered
    number: 1
    people: 20
    build: 100
    yearly: 1
    bears: {town: 100}
basis: {zh-Hans: 示例。, en: Examples.}
verified: false
"""
METRE = 1 / 111_195
"""A metre to the north, in degrees."""


def _asked(**changed: object) -> SitingDeclaration:
    found = read_siting(WRITTEN, _never)
    assert found is not None
    return replace(found, **changed)


def _never(finding: Finding) -> None:
    raise AssertionError(finding)


def _at(code: int, name: str, north: float, people: int = 0, built: bool = False) -> Spot:
    return Spot(code, name, 125.0, 43.0 + north * METRE, people, built)


# Two counties on a line: towns at 0, 2,000, 4,000 and, in the other, at 50,000 and 52,000 metres.
SITES = (
    _at(220102001000, "甲", 0, built=True),
    _at(220102002000, "乙", 2_000),
    _at(220102003000, "丙", 4_000),
    _at(220103001000, "丁", 50_000),
    _at(220103002000, "戊", 52_000),
)
PLACES = (
    _at(220102001001, "甲一", 100, 50),
    _at(220102002001, "乙一", 2_500, 200),
    _at(220102003001, "丙一", 4_100, 120),
    _at(220102003002, "丙二", 5_200, 40),
    _at(220103001001, "丁一", 50_000, 30),
    _at(220103002001, "戊一", 52_100, 10),
)
GROUND = Ground(SITES, PLACES, False)


def test_every_county_has_its_minimum_and_most_people_are_near() -> None:
    plan = make_plan(_asked(), GROUND, solve)
    assert [one.site.name for one in plan.new] == ["乙", "丁"]
    assert (plan.people, plan.before, plan.after) == (450, 50, 280)
    assert (plan.sited.objective, plan.sited.gap) == (280, 0)
    # Without the minimum the second goes where more people live.
    free = make_plan(_asked(least=0), GROUND, solve)
    assert [one.site.name for one in free.new] == ["乙", "丙"]


def test_a_site_says_who_gains_and_what_an_exchange_costs() -> None:
    first = make_plan(_asked(), GROUND, solve).new[0]
    assert (first.gains, [place.name for place in first.places], first.loses) == (
        200,
        ["乙一"],
        200,
    )
    assert [(one.site.name, one.loses) for one in first.alternatives] == [("丙", 80)]


def test_a_site_that_is_decided_stays_and_the_rest_is_chosen_around_it() -> None:
    plan = make_plan(_asked(least=0, decided=(220103002000,)), GROUND, solve)
    assert [one.site.name for one in plan.new] == ["乙", "戊"]
    assert (plan.after, plan.sited.gap) == (260, 0)
    assert plan_json(plan)["decided"] == ["220103002000"]
    # It counts for the minimum of its county.
    both = make_plan(_asked(decided=(220103002000,)), GROUND, solve)
    assert [one.site.name for one in both.new] == ["乙", "戊"]


@pytest.mark.parametrize(
    "codes",
    [(220102001000,), (110101001000,), (220102002000, 220102003000, 220103001000)],
    ids=["built", "elsewhere", "more than are chosen"],
)
def test_what_cannot_be_decided_beforehand_is_refused(codes: tuple[int, ...]) -> None:
    with pytest.raises(Refused) as refused:
        make_plan(_asked(decided=codes), GROUND, solve)
    assert [one.id for one in refused.value.findings] == ["siting.E013"]


def test_the_target_says_how_many_more_it_takes() -> None:
    plan = make_plan(_asked(), GROUND, solve)
    assert (plan.towns, plan.wanted, plan.more) == (5, 4, 1)
    assert make_plan(_asked(share=60), GROUND, solve).more == 0
    assert make_plan(_asked(share=61), GROUND, solve).wanted == 4


def test_each_cost_is_borne_whole() -> None:
    centre, point = make_plan(_asked(), GROUND, solve).costs
    assert (centre.number, centre.build, centre.yearly) == (2, 2002, 20)
    assert centre.bears == {"province": 660, "county": 1342}
    assert centre.counties == {220102000000: 1001, 220103000000: 1001}
    assert [place.name for place in point.places] == ["丙一"]
    assert point.bears == {"town": 100}


def test_the_shortest_ways_in_all_are_chosen_where_distance_is_asked() -> None:
    plan = make_plan(_asked(objective="distance", least=0, choose=1), GROUND, solve)
    every = {}
    for at in range(1, 5):
        far = metres(PLACES, [SITES[0], SITES[at]]).min(axis=1) * 1.5
        every[SITES[at].name] = sum(
            round(way) * place.people for way, place in zip(far, PLACES, strict=True)
        )
    assert plan.new[0].site.name == min(every, key=every.__getitem__)
    assert plan.sited.objective == min(every.values())
    assert plan.distance[0] > plan.distance[1]


def test_a_degree_is_as_long_as_it_is() -> None:
    north = metres([Spot(1, "", 125, 43)], [Spot(2, "", 125, 44), Spot(3, "", 126, 43)])[0]
    assert north == pytest.approx([111_195, 81_322], abs=2)


def test_an_invented_ground_is_the_same_everywhere_and_says_so() -> None:
    known = [
        Known(220100000000, "长春市", None, None),
        Known(220102000000, "南关区", 125.35, 43.86),
        Known(220171000000, "开发区", None, None),
        Known(220102001000, "南岭街道", None, None),
        Known(220171001000, "镇", None, None),
        Known(220102001001, "一社区", None, None),
        Known(220171001200, "二村", None, None),
        Known(230102001001, "外省", None, None),
    ]
    ground = invented(known, 220000000000, 1)
    assert ground == invented(known, 220000000000, 1)
    assert ground.invented
    assert [(site.name, site.built) for site in ground.sites] == [("南岭街道", True), ("镇", False)]
    assert [place.name for place in ground.places] == ["一社区", "二村"]
    seat = metres([ground.sites[0]], [Spot(1, "", 125.35, 43.86)])[0, 0]
    assert seat < 4_100


def test_a_plan_is_drawn_and_told_to_machines() -> None:
    plan = make_plan(_asked(), GROUND, solve)
    for within, shapes in ((0, 0), (220102000000, 4), (220102003000, 2)):
        svg = plan_map(plan, within, language=COMPLETE["en"])
        assert svg.count("<title>") - svg.count("</rect>") - svg.count('class="new"') == shapes + 1
    told = json.loads(json.dumps(plan_json(plan)))
    assert (told["after"], told["more"], told["gap"]) == (280, 1, 0)
    assert plan_csv(told).splitlines()[1].startswith("220102002000,乙,220102000000,125.0,43.017")


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("road_factor: 1.5", "road_factor: 0.5", "siting.E010"),
        ("minutes: 15", "minutes: 0", "siting.E010"),
        ("county: 67", "county: 66", "siting.E011"),
        ('within: "220000000000"', 'within: "22"', "pack.E006"),
        ("choose: 2", "choose: -2", "pack.E006"),
        ("target: 80", "target: 101", "pack.E006"),
        ("least: 1", "at_least: 1", "pack.E004"),
        ("objective: coverage", "objective: beauty", "pack.E006"),
    ],
)
def test_a_fault_of_a_declaration_has_a_line(old: str, new: str, id: str) -> None:
    faults: list[Finding] = []
    assert old in WRITTEN
    read_siting(WRITTEN.replace(old, new), faults.append)
    assert [(one.id, bool(one.place and one.place.line)) for one in faults] == [(id, True)]


@pytest.mark.parametrize(
    ("text", "id", "line"),
    [
        ("code,name\n1,a", "siting.E008", 1),
        ("code,name,longitude,latitude\n", "siting.E009", 2),
        ("code,name,longitude,latitude\n220102001000,甲,east,43", "siting.E009", 2),
        ("code,name,longitude,latitude\n220102001000,甲,125,143", "siting.E009", 2),
        ("code,name,longitude,latitude\n" + "220102001000,甲,125,43\n" * 2, "siting.E009", 3),
    ],
)
def test_a_table_is_refused_with_its_line(text: str, id: str, line: int) -> None:
    with pytest.raises(Refused) as refused:
        read_spots(text, "sites.csv")
    finding = refused.value.findings[0]
    assert (finding.id, finding.place and finding.place.line) == (id, line)


def test_a_table_says_what_is_built() -> None:
    text = "\ufeffcode,name,longitude,latitude,built\n220102001000,甲,125,43,是\n"
    assert read_spots(text, "sites.csv") == (Spot(220102001000, "甲", 125, 43, 0, True),)
