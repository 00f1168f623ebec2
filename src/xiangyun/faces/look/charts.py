"""Charts as SVG that the server makes: text as text, no script, readable when printed.

A chart never stands alone: the same values stand in a table beside it. There are no outlines of
divisions to draw a map from: `tiles` draws a schematic one, a tile for each division, where those
of the province lie roughly where they do and all others in the order of their codes. It says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import floor, log10
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from xiangyun.faces.look.languages import reader
from xiangyun.kernel.findings import Text

Number = Decimal | int | float
_WIDE: Final = 400
_HIGH: Final = 200
_LEFT: Final = 52
_TOP: Final = 22
_BOTTOM: Final = 26
_TILE: Final = 84
_CLASSES: Final = 5
# Where the prefectures lie, column and row; a scheme for the eye, not a survey.
_PREFECTURES: Final[Mapping[int, tuple[int, int]]] = {
    220800000000: (0, 0),
    220700000000: (1, 0),
    220100000000: (2, 1),
    220200000000: (3, 1),
    220300000000: (1, 2),
    220400000000: (2, 2),
    220500000000: (3, 3),
    220600000000: (4, 3),
    222400000000: (4, 1),
}
SCHEMATIC = Text("示意图：方块不表示面积和边界。", "Schematic: tiles show no area and no border.")


@dataclass(frozen=True, slots=True)
class Point:
    """A value with what it belongs to: a period, a place; None where there is none."""

    label: Text
    value: Number | None
    link: str = ""
    code: int = 0


def written(value: Number | None, decimals: int = 0) -> str:
    """A figure as people read it: 12,345.6; a dash where there is none."""
    return "—" if value is None else f"{value:,.{decimals}f}"


def line(points: Sequence[Point], *, title: Text, decimals: int = 0) -> SafeString:
    """Values over time as a line; gaps stay gaps, the last value is written beside its point."""
    known = [float(p.value) for p in points if p.value is not None]
    if not known:
        return _empty()
    low, high, step = _scale(min(0.0, *known), max(known))
    across = (_WIDE - _LEFT - 24) / max(len(points) - 1, 1)

    def at(number: int, value: float) -> tuple[float, float]:
        share = (value - low) / (high - low)
        return _LEFT + number * across, _TOP + (_HIGH - _TOP - _BOTTOM) * (1 - share)

    parts = []
    tick = low
    while tick <= high + step / 2:
        y = at(0, tick)[1]
        parts.append(f'<path class="rule" d="M{_LEFT} {y:.1f}H{_WIDE - 8}"/>')
        places = max(0, -floor(log10(step))) if step < 1 else 0
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" class="to">{tick:,.{places}f}</text>')
        tick += step
    places_of = [(n, at(n, float(p.value))) for n, p in enumerate(points) if p.value is not None]
    for run in _runs(places_of):
        drawn = " ".join(f"{x:.1f} {y:.1f}" for _, (x, y) in run)
        parts.append(f'<path class="curve" d="M{drawn.replace(" ", " ", 1)}"/>')
    for number, (x, y) in places_of:
        said = f"{_said(points[number].label)}: {written(points[number].value, decimals)}"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{said}</title></circle>')
    last, (x, y) = places_of[-1]
    value = written(points[last].value, decimals)
    parts.append(f'<text class="strong to" x="{min(x + 8, _WIDE)}" y="{y - 8:.1f}">{value}</text>')
    for number in sorted({0, len(points) // 2, len(points) - 1}):
        side = "to" if number == len(points) - 1 else ("mid" if number else "")
        x = _WIDE - 8 if side == "to" else _LEFT + number * across
        label = _said(points[number].label)
        parts.append(f'<text class="soft {side}" x="{x:.1f}" y="{_HIGH - 6}">{label}</text>')
    return _svg(_WIDE, _HIGH, title, parts)


def spark(points: Sequence[Point], *, title: Text) -> SafeString:
    """A line without axes, for many beside each other."""
    known = [float(p.value) for p in points if p.value is not None]
    if not known:
        return mark_safe("")
    low, high = min(known), max(known)
    spread = (high - low) or 1
    across = 112 / max(len(points) - 1, 1)
    places_of = [
        (n, (4 + n * across, 26 - 20 * (float(p.value) - low) / spread))
        for n, p in enumerate(points)
        if p.value is not None
    ]
    parts = [
        f'<path class="curve" d="M{" ".join(f"{x:.1f} {y:.1f}" for _, (x, y) in run)}"/>'
        for run in _runs(places_of)
    ]
    _, (x, y) = places_of[-1]
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>')
    return _svg(120, 30, title, parts, "spark")


def bars(points: Sequence[Point], *, title: Text, decimals: int = 0) -> SafeString:
    """Values side by side as bars that lie, each with its name and its figure."""
    known = [float(p.value) for p in points if p.value is not None]
    if not known:
        return _empty()
    most = max(max(map(abs, known)), 1e-9)
    parts, y = [], 4
    for point in points:
        wide = 0 if point.value is None else abs(float(point.value)) / most * 210
        kind = "bar minus" if point.value is not None and point.value < 0 else "bar"
        name = f'<text x="0" y="{y + 15}">{_cut(_said(point.label), 16)}</text>'
        parts.append(_linked(point.link, name))
        parts.append(f'<rect class="{kind}" x="128" y="{y + 2}" width="{wide:.1f}" height="16"/>')
        value = written(point.value, decimals)
        parts.append(f'<text class="num" x="{134 + wide:.1f}" y="{y + 15}">{value}</text>')
        y += 24
    return _svg(_WIDE, y, title, parts)


def tiles(points: Sequence[Point], *, title: Text, decimals: int = 0) -> SafeString:
    """A schematic map: a tile for each division, darker for more, with its figure in it."""
    if not points:
        return _empty()
    known = sorted(float(p.value) for p in points if p.value is not None)
    codes = {p.code for p in points}
    fixed = codes <= set(_PREFECTURES)
    across = 5 if fixed else min(5, max(2, len(points)))
    parts, rows = [], 0
    for number, point in enumerate(points):
        column, row = _PREFECTURES[point.code] if fixed else (number % across, number // across)
        rows = max(rows, row + 1)
        x, y = column * _TILE, row * 64
        share = _class_of(point.value, known)
        tile = f'<rect class="tile q{share}" x="{x}" y="{y}" width="{_TILE - 4}" height="60"/>'
        middle = x + (_TILE - 4) / 2
        dark = " on" if share >= 4 else ""
        name = _cut(_said(point.label), 9)
        tile += f'<text class="mid small{dark}" x="{middle}" y="{y + 24}">{name}</text>'
        value = written(point.value, decimals)
        tile += f'<text class="mid strong{dark}" x="{middle}" y="{y + 46}">{value}</text>'
        parts.append(_linked(point.link, tile))
    return _svg(across * _TILE, rows * 64, title, parts, "map")


def _class_of(value: Number | None, known: Sequence[float]) -> int:
    """0 without a value, else 1 to 5 by how many are below."""
    if value is None or not known:
        return 0
    below = sum(1 for each in known if each < float(value))
    return 1 + min(_CLASSES - 1, below * _CLASSES // len(known))


def _runs(
    places: Iterable[tuple[int, tuple[float, float]]],
) -> list[list[tuple[int, tuple[float, float]]]]:
    """The stretches without a gap."""
    found: list[list[tuple[int, tuple[float, float]]]] = []
    for number, place in places:
        if not found or found[-1][-1][0] != number - 1:
            found.append([])
        found[-1].append((number, place))
    return [run for run in found if len(run) > 1]


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """The ends and the step of an axis: round numbers, four steps or so."""
    spread = (high - low) or abs(high) or 1.0
    rough = spread / 4
    ten = 10.0 ** floor(log10(rough))
    step = next(ten * each for each in (1, 2, 5, 10) if ten * each >= rough * 0.999)
    return floor(low / step) * step, (floor((high - 1e-12 * spread) / step) + 1) * step, step


def _linked(link: str, drawn: str) -> str:
    return f'<a href="{escape(link)}">{drawn}</a>' if link else drawn


def _cut(words: str, most: int) -> str:
    """Words of at most so many Chinese characters' width; a Latin letter is half of one."""
    wide, kept = 0.0, ""
    for letter in words:
        wide += 1 if ord(letter) > 0x2E7F else 0.55
        if wide > most:
            return kept + "…"
        kept += letter
    return kept


def _said(text: Text) -> str:
    return escape(text.pick(reader()))


def _empty() -> SafeString:
    said = _said(Text("还没有数据。", "No figures yet."))
    return mark_safe(f'<p class="soft">{said}</p>')


def _svg(wide: int, high: int, title: Text, parts: Sequence[str], kind: str = "") -> SafeString:
    named, drawn = _said(title), "".join(parts)
    # What is a picture has no parts for a reader of the screen: links within would be lost.
    role = "group" if "<a " in drawn else "img"
    return mark_safe(
        f'<svg class="chart {kind}" viewBox="0 0 {wide} {high}" role="{role}" aria-label="{named}">'
        f"<title>{named}</title>{drawn}</svg>"
    )
