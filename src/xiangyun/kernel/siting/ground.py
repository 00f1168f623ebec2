"""Where people live and where could be built: spots with coordinates, and their distances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import cos, pi, radians, sin

import numpy as np

from xiangyun.kernel.siting.model import Matrix

EARTH = 6_371_000.0
"""Metres: the mean radius."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A town or village by its division code; `people` of the age asked for; `built`: a site that
    is there already."""

    code: int
    name: str
    longitude: float
    latitude: float
    people: int = 0
    built: bool = False

    @property
    def county(self) -> int:
        """The code of its county."""
        return self.code // 10**6 * 10**6


@dataclass(frozen=True, slots=True)
class Ground:
    """Sites that could be chosen, places where people live; `invented`: not measured."""

    sites: tuple[Spot, ...]
    places: tuple[Spot, ...]
    invented: bool


def metres(places: Sequence[Spot], sites: Sequence[Spot]) -> Matrix:
    """Straight lines on a globe from each place (row) to each site, to the decimetre.

    By the product of directions in space: twelve million of them take 0.3 s.
    """
    found: Matrix = _directions(places) @ _directions(sites).T
    np.clip(2 - 2 * found, 0, 4, out=found)  # the square of the chord
    np.sqrt(found, out=found)
    np.arcsin(found / 2, out=found)
    found *= 2 * EARTH
    return found


def _directions(spots: Sequence[Spot]) -> Matrix:
    angles = np.radians(np.array([(s.longitude, s.latitude) for s in spots]).reshape(-1, 2))
    east, north = angles[:, 0], angles[:, 1]
    flat = np.cos(north)
    found: Matrix = np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """A division as a package gives it; counties have coordinates, most of them."""

    code: int
    name: str
    longitude: float | None
    latitude: float | None


def invented(divisions: Iterable[Known], within: int, built: int) -> Ground:
    """A ground over real towns and villages whose coordinates and people are made up.

    County seats lie where the package says. Subdistricts are put near the seat, towns around it,
    villages around their town, all by a digest of the code: the same on every machine. So are the
    people, and which `built` towns have a centre. Nothing of it is a statistic.
    """
    own = [one for one in divisions if _lies(one.code, within)]
    seats = _seats(own)
    towns = [one for one in own if one.code % 10**6 and not one.code % 1000]
    sites = {town.code: _town(town, seats) for town in towns}
    places = [
        _village(one, sites[one.code // 1000 * 1000])
        for one in own
        if one.code % 1000 and one.code // 1000 * 1000 in sites
    ]
    streets = sorted(sites, key=lambda code: (not _urban(sites[code].name), _part(code, "built")))
    there = set(streets[:built])
    marked = (
        Spot(s.code, s.name, s.longitude, s.latitude, 0, s.code in there) for s in sites.values()
    )
    return Ground(tuple(marked), tuple(places), True)


def _lies(code: int, within: int) -> bool:
    digits = str(within)
    while len(digits) > 2 and digits.endswith("00" if len(digits) <= 6 else "000"):
        digits = digits[:-2] if len(digits) <= 6 else digits[:-3]
    return str(code).startswith(digits)


def _seats(own: Iterable[Known]) -> dict[int, tuple[float, float]]:
    """Where counties lie: by the package, else at a seat of the same prefecture."""
    counties = [one for one in own if one.code % 10**8 and not one.code % 10**6]
    known = {
        one.code: (one.longitude, one.latitude)
        for one in counties
        if one.longitude is not None and one.latitude is not None
    }
    for one in counties:
        if one.code not in known:
            near = [at for code, at in known.items() if code // 10**8 == one.code // 10**8]
            start = near[0] if near else (125.3, 43.9)
            known[one.code] = _moved(start, 9_000, _part(one.code, "seat"))
    return known


def _town(town: Known, seats: dict[int, tuple[float, float]]) -> Spot:
    seat = seats.get(town.code // 10**6 * 10**6, (125.3, 43.9))
    near, far = (300, 4_000) if _urban(town.name) else (7_000, 38_000)
    at = _moved(seat, _between(town.code, "far", near, far), _part(town.code, "way"))
    return Spot(town.code, town.name, *at)


def _village(one: Known, town: Spot) -> Spot:
    community = any(words in one.name for words in ("社区", "居委会", "居民委员会"))
    near, far = (50, 1_500) if community else (300, 9_000)
    at = _moved(
        (town.longitude, town.latitude),
        _between(one.code, "far", near, far),
        _part(one.code, "way"),
    )
    people = _between(one.code, "people", *((400, 1_500) if community else (90, 450)))
    return Spot(one.code, one.name, *at, people=int(people))


def _urban(name: str) -> bool:
    return name.endswith("街道") or name.endswith("街道办事处")


def _part(code: int, of: str) -> float:
    """A number from 0 up to 1 that nobody could guess and everybody gets."""
    return int.from_bytes(sha256(f"{of} {code}".encode()).digest()[:6], "big") / 2**48


def _between(code: int, of: str, least: float, most: float) -> float:
    return least + (most - least) * _part(code, of)


def _moved(start: tuple[float, float], far: float, way: float) -> tuple[float, float]:
    """So many metres away, on a way from 0 (east) around to 1."""
    longitude, latitude = start
    degree = EARTH * pi / 180
    return (
        round(longitude + far * cos(2 * pi * way) / (degree * cos(radians(latitude))), 6),
        round(latitude + far * sin(2 * pi * way) / degree, 6),
    )
