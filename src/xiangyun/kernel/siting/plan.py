"""A plan: the sites chosen, who gains by each, what an exchange would cost, and who pays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xiangyun.kernel.assignment.program import Solver
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.siting.covering import covering
from xiangyun.kernel.siting.declaration import Facility, SitingDeclaration
from xiangyun.kernel.siting.ground import Ground, Spot, metres
from xiangyun.kernel.siting.median import median
from xiangyun.kernel.siting.model import Flags, Indexes, Matrix, Sited, Sites, Vector

ALTERNATIVES = 3
"""Sites named instead of a chosen one."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another site of the county, and what the objective loses if it is taken instead."""

    site: Spot
    loses: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A new site: the people who have it nearest and gain, where they live, what if not."""

    site: Spot
    gains: int
    places: tuple[Spot, ...]
    loses: int
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class County:
    """A county in the plan: people, those near a site before and after, sites before and new."""

    code: int
    people: int
    before: int
    after: int
    built: int
    new: int


@dataclass(frozen=True, slots=True)
class Cost:
    """How many of a facility, yuan to build and for each year, and to build by who bears it."""

    facility: Facility
    number: int
    build: int
    yearly: int
    bears: Mapping[str, int]
    counties: Mapping[int, int]
    places: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to a declaration on a ground.

    `people`, `before` and `after` are of those asked for: all, near a site before, and after.
    `distance`: metres of road to the nearest site, on average, before and after (0 without one).
    `towns`: sites in all; `more`: how many the target takes beyond this plan.
    `near`: the codes of the places near a site.
    """

    asked: SitingDeclaration
    ground: Ground
    sited: Sited
    people: int
    before: int
    after: int
    distance: tuple[int, int]
    new: tuple[Chosen, ...]
    counties: tuple[County, ...]
    costs: tuple[Cost, ...]
    towns: int
    wanted: int
    more: int
    near: frozenset[int]


def make_plan(asked: SitingDeclaration, ground: Ground, solve: Solver) -> Plan:
    """Choose, prove and explain. Refused where the numbers cannot be (see `Sites.needs`)."""
    built = [at for at, site in enumerate(ground.sites) if site.built]
    decided = _decided(asked, ground)
    counties = sorted({site.county for site in ground.sites})
    sites = Sites(
        len(ground.sites),
        asked.choose - len(decided),
        (*built, *decided),
        tuple(site.county for site in ground.sites),
        dict.fromkeys(counties, asked.least) if asked.least else {},
    )
    far = metres(ground.places, ground.sites)
    people = np.array([place.people for place in ground.places], dtype=np.float64)
    near = far <= asked.walk.reach
    cost = _cost(asked, far, near, people)
    if asked.objective == "coverage":
        reached = [np.flatnonzero(row).tolist() for row in near]
        sited = covering(reached, [place.people for place in ground.places], sites, solve)
    else:
        sited = median(cost, sites, solve)
    before, after = _covered(near, built), _covered(near, sited.chosen)
    road = float(asked.walk.road)
    wanted = -(-asked.share * len(ground.sites) // 100)
    return Plan(
        asked,
        ground,
        sited,
        int(people.sum()),
        int(people[before].sum()),
        int(people[after].sum()),
        (_mean(far, built, people, road), _mean(far, sited.chosen, people, road)),
        _explained(ground, built, sited, cost, far),
        _counties(ground, counties, sited, before, after),
        _costs(asked, ground, sited, after),
        len(ground.sites),
        wanted,
        max(0, wanted - len(sited.chosen)),
        frozenset(ground.places[at].code for at in np.flatnonzero(after)),
    )


def _decided(asked: SitingDeclaration, ground: Ground) -> list[int]:
    """Where the decided sites stand in the ground. Refused where one is no candidate."""
    free = {site.code: at for at, site in enumerate(ground.sites) if not site.built}
    unknown = [f"{code:012}" for code in asked.decided if code not in free]
    if unknown or len(asked.decided) > asked.choose:
        raise Refused([_undecidable(unknown, len(asked.decided), asked.choose)])
    return [free[code] for code in asked.decided]


def _undecidable(unknown: list[str], decided: int, choose: int) -> Finding:
    return Finding(
        "siting.E013",
        "error",
        Text(
            "已定的地点不能这样定：{unknown}。",
            "These sites cannot be decided beforehand: {unknown}.",
            unknown=", ".join(unknown),
        )
        if unknown
        else Text(
            "已定 {decided} 个，多于要选的 {choose} 个。",
            "{decided} sites are decided beforehand, more than the {choose} to be chosen.",
            decided=decided,
            choose=choose,
        ),
        Place(question="decided"),
        Text(
            "写候选乡镇（街道）的 12 位代码；已有中心的不写。",
            "Codes of 12 digits of candidates; those that have a centre already are left out.",
        ),
    )


def _cost(asked: SitingDeclaration, far: Matrix, near: Flags, people: Vector) -> Matrix:
    """What a place adds to what is made small: metres by people, or the people left out."""
    if asked.objective == "coverage":
        return np.where(near, 0.0, people[:, None])
    found: Matrix = np.round(far * float(asked.walk.road)) * people[:, None]
    return found


def _covered(near: Flags, chosen: tuple[int, ...] | list[int]) -> Flags:
    found: Flags = np.asarray(near[:, list(chosen)].any(axis=1))
    return found


def _mean(far: Matrix, chosen: tuple[int, ...] | list[int], people: Vector, road: float) -> int:
    if not len(chosen) or not people.sum():
        return 0
    return round(float((far[:, list(chosen)].min(axis=1) * people).sum() / people.sum()) * road)


def _explained(
    ground: Ground, built: list[int], sited: Sited, cost: Matrix, far: Matrix
) -> tuple[Chosen, ...]:
    chosen, fixed = np.array(sited.chosen, dtype=np.intp), set(built)
    before = cost[:, built].min(axis=1) if built else np.full(len(cost), np.inf)
    nearest = chosen[far[:, chosen].argmin(axis=1)]
    nearest_new = _nearest_new(chosen, fixed, far)
    first, now, second = _two_best(cost, chosen)
    better = now < before
    found = []
    for site in (at for at in sited.chosen if at not in fixed):
        without = np.where(first == site, second, now)
        mine = better & (cost[:, site] == now) & ((nearest == site) | (nearest_new == site))
        gains = tuple(ground.places[at] for at in np.flatnonzero(mine))
        other = _alternatives(ground, chosen, site, without, now, cost)
        lost = float((without - now).sum())
        found.append(
            Chosen(
                ground.sites[site],
                sum(place.people for place in gains),
                gains,
                int(lost) if np.isfinite(lost) else 0,
                other,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.gains, one.site.code)))


def _two_best(cost: Matrix, chosen: Indexes) -> tuple[Indexes, Vector, Vector]:
    """By place, the cheapest of the chosen sites, its cost, and the cost of the next."""
    own = cost[:, chosen]
    rows = np.arange(len(own))
    first = own.argmin(axis=1)
    now = own[rows, first].copy()
    own[rows, first] = np.inf
    return chosen[first], now, own.min(axis=1)


def _nearest_new(chosen: Indexes, fixed: set[int], far: Matrix) -> Indexes:
    new = np.array([site for site in chosen.tolist() if site not in fixed], dtype=np.intp)
    if not len(new):
        return np.full(len(far), -1, dtype=np.intp)
    found: Indexes = new[far[:, new].argmin(axis=1)]
    return found


def _alternatives(
    ground: Ground, chosen: Indexes, site: int, without: Vector, now: Vector, cost: Matrix
) -> tuple[Alternative, ...]:
    """Other towns of the county: an exchange there leaves every minimum as it is."""
    county = ground.sites[site].county
    taken = set(chosen.tolist())
    own = [at for at, s in enumerate(ground.sites) if s.county == county and at not in taken]
    if not own:
        return ()
    values = np.minimum(cost[:, own], without[:, None]).sum(axis=0) - now.sum()
    order = np.argsort(values, kind="stable")[:ALTERNATIVES]
    return tuple(Alternative(ground.sites[own[at]], int(values[at])) for at in order)


def _counties(
    ground: Ground, codes: list[int], sited: Sited, before: Flags, after: Flags
) -> tuple[County, ...]:
    everybody, then, now = Counter[int](), Counter[int](), Counter[int]()
    for at, place in enumerate(ground.places):
        everybody[place.county] += place.people
        then[place.county] += place.people if before[at] else 0
        now[place.county] += place.people if after[at] else 0
    chosen = [ground.sites[at] for at in sited.chosen]
    built = Counter(site.county for site in chosen if site.built)
    new = Counter(site.county for site in chosen if not site.built)
    return tuple(
        County(code, everybody[code], then[code], now[code], built[code], new[code])
        for code in codes
    )


def _costs(
    asked: SitingDeclaration, ground: Ground, sited: Sited, after: Flags
) -> tuple[Cost, ...]:
    new = [ground.sites[at] for at in sited.chosen if not ground.sites[at].built]
    left = [place for at, place in enumerate(ground.places) if not after[at]]
    left.sort(key=lambda place: (-place.people, place.code))
    found = []
    for facility in asked.facilities:
        if facility.at == "site":
            at, times = new, facility.number
        else:
            at = [one for one in left if one.people >= facility.people][: facility.number]
            times = 1
        number = len(at) * times
        build = number * facility.build
        found.append(
            Cost(
                facility,
                number,
                build,
                number * facility.yearly,
                shares(build, facility.bears),
                {
                    county: count * times * facility.build
                    for county, count in sorted(Counter(one.county for one in at).items())
                },
                tuple(at),
            )
        )
    return tuple(found)


def shares(amount: int, bears: Mapping[str, int]) -> dict[str, int]:
    """An amount in yuan by who bears it; what rounding leaves is borne by the last."""
    found = {key: amount * percent // 100 for key, percent in bears.items()}
    if found:
        found[list(found)[-1]] += amount - sum(found.values())
    return found
