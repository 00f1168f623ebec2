"""A map of offices: SVG of shapes and numbers, read without colour, in print, and as a list.

Each office is a square with its number, which stands before it in the list beside; the places
around are dots, those with an office by their names. Equirectangular, north is up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from xml.sax.saxutils import escape

WIDTH, LEAST, MARGIN = 720, 280, 80
_SIDE, _STEP = 44, 50
"""A square's side, and how far offices of one place stand from each other."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something on the map, in degrees; `words` is its number, its name, or nothing."""

    words: str
    longitude: float
    latitude: float


def office_map(offices: Sequence[Spot], around: Sequence[Spot], title: str) -> str:
    """The offices among the places around; an empty text where none can be shown."""
    if not offices:
        return ""
    frame = _Frame([*offices, *around])
    drawn = [_place(frame, spot) for spot in around]
    seen: dict[tuple[float, float], int] = {}
    for spot in offices:
        at = frame.at(spot)
        nth = seen[at] = seen.get(at, -1) + 1
        drawn.append(_office(at[0] + nth * _STEP, at[1], spot.words))
    label = escape(title, {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {frame.height}" role="img" '
        f'aria-label="{label}" font-size="26" fill="currentColor">{"".join(drawn)}</svg>'
    )


class _Frame:
    def __init__(self, spots: Sequence[Spot]) -> None:
        lons = [spot.longitude for spot in spots]
        lats = [spot.latitude for spot in spots]
        self.west, self.north = min(lons), max(lats)
        self.narrow = cos(radians((max(lats) + min(lats)) / 2))
        across = max((max(lons) - self.west) * self.narrow, 0.05)
        down = max(self.north - min(lats), 0.05)
        self.scale = (WIDTH - 2 * MARGIN) / max(across, down)
        self.height = max(LEAST, round(down * self.scale + 2 * MARGIN))

    def at(self, spot: Spot) -> tuple[float, float]:
        x = MARGIN + (spot.longitude - self.west) * self.narrow * self.scale
        y = MARGIN + (self.north - spot.latitude) * self.scale
        return round(x, 1), round(y, 1)


def _place(frame: _Frame, spot: Spot) -> str:
    x, y = frame.at(spot)
    left = x > WIDTH / 2
    dot = f'<circle cx="{x}" cy="{y}" r="5" opacity=".5"/>'
    if not spot.words:
        return dot
    return (
        f'{dot}<text x="{x + 24 if left else x - 24}" y="{y + 52}" opacity=".75"'
        f"{' text-anchor=' + chr(34) + 'end' + chr(34) if left else ''}>{escape(spot.words)}</text>"
    )


def _office(x: float, y: float, number: str) -> str:
    half = _SIDE / 2
    return (
        f'<rect x="{x - half}" y="{y - half}" width="{_SIDE}" height="{_SIDE}" rx="3" '
        f'fill="none" stroke="currentColor" stroke-width="2"/>'
        f'<text x="{x}" y="{y + 9}" text-anchor="middle" font-weight="600">{escape(number)}</text>'
    )
