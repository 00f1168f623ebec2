"""A plan as a map: SVG with shapes that differ, so that it is read without colour and in print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import cos, pi, radians
from xml.sax.saxutils import escape

from xiangyun.kernel.language import Language
from xiangyun.kernel.siting.ground import EARTH, Spot
from xiangyun.kernel.siting.labels import SIZE, Label, placed
from xiangyun.kernel.siting.plan import Plan

WIDTH = 720
Named = Callable[[int, str], str]
"""How a division is called on the map: by its code, and its name where that is known."""


def _as_known(_: int, name: str) -> str:
    return name


def plan_map(plan: Plan, within: int = 0, *, language: Language, named: Named = _as_known) -> str:
    """The whole ground, or with `within` one county or town with its villages and all reaches.

    A square is a site there already, a disc a new one, a small dot a candidate; in a county or
    town a ring is a village, filled where it is near a site. Of the whole ground the counties are
    named, in a county the sites; `named` says how, and leaves out what it has no name for.
    Colours follow the text around (`currentColor`).
    """
    chosen = set(plan.sited.chosen)
    own = [place for place in plan.ground.places if within and _lies(place.code, within)]
    of = [
        (at, site)
        for at, site in enumerate(plan.ground.sites)
        if not within or site.county == within // 10**6 * 10**6
    ]
    town = bool(within % 10**6)
    frame = _Frame(
        own + [site for _, site in of if site.code == within or not town] if within else
        [site for _, site in of]
    )  # fmt: skip
    of = [(at, site) for at, site in of if frame.holds(site)]
    drawn = [*_places(plan, own, frame)]
    drawn.append(_dots(frame.at(site) for at, site in of if at not in chosen))
    taken = [site for at, site in of if at in chosen]
    drawn += [_site(plan, site, frame, bool(within), named) for site in taken]
    labels = _of_sites(taken, frame, named) if within else _of_counties(of, frame, named)
    marks = [frame.at(site) for site in taken]
    drawn += placed(labels, WIDTH, frame.height - 24, marks)  # below is the scale
    drawn.append(_scale(frame))
    title = escape(plan.asked.name.pick(language))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {frame.height}" role="img" '
        f'aria-label="{title}" font-size="{SIZE}" fill="currentColor">'
        f"<title>{title}</title>{''.join(drawn)}</svg>"
    )


def _lies(code: int, within: int) -> bool:
    size = 10**3 if within % 10**6 else 10**6
    return code // size == within // size


class _Frame:
    """Places spots on the paper: north is up, metres count alike both ways in the middle."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self.west = min(s.longitude for s in spots)
        self.north = max(s.latitude for s in spots)
        south = min(s.latitude for s in spots)
        self.narrow = cos(radians((self.north + south) / 2))
        wide = (max(s.longitude for s in spots) - self.west) * self.narrow or 0.01
        self.by = (WIDTH - 80) / max(wide, (self.north - south) * 0.8)
        self.height = round((self.north - south) * self.by) + 80

    def at(self, spot: Spot) -> tuple[float, float]:
        x = 40 + (spot.longitude - self.west) * self.narrow * self.by
        y = 40 + (self.north - spot.latitude) * self.by
        return round(x, 1), round(y, 1)

    def holds(self, spot: Spot) -> bool:
        x, y = self.at(spot)
        return 0 <= x <= WIDTH and 0 <= y <= self.height

    def pixels(self, metres: float) -> float:
        return metres / (EARTH * pi / 180) * self.by


def _places(plan: Plan, places: Iterable[Spot], frame: _Frame) -> Iterable[str]:
    near = plan.near
    for place in places:
        x, y = frame.at(place)
        size = 1.5 + place.people / 500
        fill = "currentColor" if place.code in near else "none"
        yield (
            f'<circle cx="{x}" cy="{y}" r="{size:.1f}" fill="{fill}" stroke="currentColor" '
            f'stroke-width="0.8" opacity="0.6"><title>{escape(place.name)} {place.people}</title>'
            "</circle>"
        )


def _dots(spots: Iterable[tuple[float, float]]) -> str:
    """All candidates as one path of points, which weighs a tenth of as many circles."""
    points = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in spots)
    return (
        f'<path d="{points}" stroke="currentColor" stroke-width="4" stroke-linecap="round" '
        'fill="none" opacity="0.35"/>'
    )


def _site(plan: Plan, site: Spot, frame: _Frame, reach: bool, named: Named) -> str:
    x, y = frame.at(site)
    around = ""
    if reach:
        far = frame.pixels(plan.asked.walk.reach)
        around = (
            f'<circle cx="{x}" cy="{y}" r="{far:.1f}" fill="none" stroke="currentColor" '
            'stroke-dasharray="3 3"/>'
        )
    if site.built:
        shape = f'<rect x="{x - 4.5}" y="{y - 4.5}" width="9" height="9">'
        end = "</rect>"
    else:
        shape = f'<circle cx="{x}" cy="{y}" r="5" class="new">'
        end = "</circle>"
    return f"{around}{shape}<title>{escape(named(site.code, site.name))}</title>{end}"


def _of_sites(sites: Iterable[Spot], frame: _Frame, named: Named) -> list[Label]:
    """The new sites first: where there is no room for all, they are what is looked for."""
    ordered = sorted(sites, key=lambda site: site.built)
    return [Label(*frame.at(site), named(site.code, site.name)) for site in ordered]


def _of_counties(sites: Iterable[tuple[int, Spot]], frame: _Frame, named: Named) -> list[Label]:
    """Each county in the middle of its sites, those with most of them first."""
    found: dict[int, list[tuple[float, float]]] = {}
    for _, site in sites:
        found.setdefault(site.county, []).append(frame.at(site))
    ordered = sorted(found.items(), key=lambda one: -len(one[1]))
    return [
        Label(sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots), name, 0)
        for county, spots in ordered
        if (name := named(county, ""))
    ]


def _scale(frame: _Frame) -> str:
    """A bar of a round number of kilometres."""
    kilometres = next(k for k in (500, 200, 100, 50, 20, 10, 5, 2, 1) if _fits(frame, k) or k == 1)
    wide = round(frame.pixels(kilometres * 1000), 1)
    y = frame.height - 12
    return (
        f'<path d="M40 {y - 5}v5h{wide}v-5" fill="none" stroke="currentColor"/>'
        f'<text x="{44 + wide}" y="{y}">{kilometres} km</text>'
    )


def _fits(frame: _Frame, kilometres: int) -> bool:
    return frame.pixels(kilometres * 1000) <= WIDTH / 4
