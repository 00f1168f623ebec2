"""What a table looks like: a line over time, a map of divisions, or bars, by its columns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from xiangyun.adapters import openquery
from xiangyun.domain.datasets.releases import Standing
from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look import charts
from xiangyun.faces.look.charts import Point
from xiangyun.faces.look.languages import reader
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection.filters import Asked

_POINTS, _TILES = 60, 100
_LEVELS = (("____00000000", "__0000000000"), ("______000000", "____00000000"))
"""Codes of prefectures and of counties, as patterns: which, and which not."""


def chart(standing: Standing, asked: Asked, tables: dict[str, str]) -> SafeString:
    """The first figure of the rows that are asked for: over time, and by place."""
    latest, dataset = standing.latest, standing.dataset
    assert latest is not None
    number = next((c for c in dataset.columns if c.type in ("integer", "number")), None)
    day = next((c for c in dataset.columns if c.type == "date"), None)
    if number is None or day is None or not dataset.is_over_time:
        return mark_safe("")
    place = next((c for c in dataset.columns if c.type == "division"), None)
    totals = [f"{_q(c.name)} = '*'" for c in dataset.columns if c.total]
    parts = list[str]()
    whole = [*totals]
    if place is not None:
        whole.append(f"{_q(place.name)} = (SELECT min({_q(place.name)}) FROM ({asked.sql}) AS w)")
    where = f"WHERE {' AND '.join(whole)}" if whole else ""
    sql = (
        f"SELECT {_q(day.name)}, sum({_q(number.name)}) FROM ({asked.sql}) AS f {where}"
        f" GROUP BY 1 ORDER BY 1 DESC LIMIT {_POINTS}"
    )
    times = asked.parameters * (2 if place is not None else 1)
    rows = openquery.ask(Asked(sql, asked.tables, times), tables, most=_POINTS).rows[::-1]
    title = Text("{name}：{what}", "{name}: {what}", name=dataset.name, what=number.words)
    points = [Point(_month(value), figure) for value, figure in rows]
    if len(points) > 1:
        drawn = charts.line(points, title=title, decimals=number.decimals)
        parts.append(_figure(title, drawn))
    if place is not None and rows:
        said = Text("{title}，{when}", "{title}, {when}", title=title, when=points[-1].label)
        parts.append(_map(asked, tables, (day.name, place.name, number.name), totals, said,
                          number.decimals))  # fmt: skip
    return mark_safe(f'<div class="drawn">{"".join(parts)}</div>' if any(parts) else "")


def _figure(title: Text, drawn: str, note: str = "") -> str:
    """A drawing under what it shows, in words that everybody sees."""
    said = escape(title.pick(reader()))
    return f"<figure><figcaption>{said}</figcaption>{drawn}{note}</figure>"


def _map(
    asked: Asked,
    tables: dict[str, str],
    names: tuple[str, str, str],
    totals: list[str],
    title: Text,
    decimals: int,
) -> str:
    """The prefectures in the last period; where there are none, as in one of them, the counties.

    A prefecture leads to its counties, a county to its rows.
    """
    day, place, number = (_q(name) for name in names)
    also = "".join(f" AND {each}" for each in totals)
    rows = list[Any]()
    for level, above in _LEVELS:
        sql = (
            f"SELECT {place}, {number} FROM ({asked.sql}) AS f WHERE {day} ="
            f" (SELECT max({day}) FROM ({asked.sql}) AS l) AND {place} LIKE '{level}'"
            f" AND {place} NOT LIKE '{above}'{also} ORDER BY 1 LIMIT {_TILES}"
        )
        twice = Asked(sql, asked.tables, asked.parameters * 2)
        rows = list(openquery.ask(twice, tables, most=_TILES).rows)
        if len(rows) > 1:
            break
    if len(rows) < 2:
        return ""
    digits = 4 if str(rows[0][0]).endswith("00000000") else 6
    points = [
        Point(
            place_words(str(code)) or Text.given(str(code), str(code)),
            value,
            link=f"?{urlencode({f'{names[1]}__starts': str(code)[:digits]})}",
            code=int(code),
        )
        for code, value in rows
    ]
    drawn = charts.tiles(points, title=title, decimals=decimals)
    note = f'<p class="soft small">{charts.SCHEMATIC.pick(reader())}</p>'
    return _figure(title, drawn, note)


def shown(value: Any, field: dict[str, Any]) -> str:
    """A value as a table shows it: a division with its name, a figure with its groups."""
    if value is None:
        return ""
    if field.get("pattern") == "[0-9]{12}":
        words = place_words(str(value))
        return f"{words.pick(reader())} {value}" if words else str(value)
    if isinstance(value, bool):
        said = Text("是", "yes") if value else Text("否", "no")
        return said.pick(reader())
    if isinstance(value, int) and field["type"] == "integer":
        return f"{value:,}"
    if isinstance(value, float):
        return f"{Decimal(str(value)).normalize():,f}"
    if value == "*":
        return Text("合计", "All").pick(reader())
    return str(value)


def place_words(code: str) -> Text | None:
    """The name of a division; None for a code that is none."""
    if not codes.typed(code) or not divisions.is_there(int(code)):
        return None
    return divisions.division(code).words


def _month(value: Any) -> Text:
    day = date.fromisoformat(str(value)[:10])
    return Text.given(f"{day.year}-{day.month:02}", f"{day.year}-{day.month:02}")


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
