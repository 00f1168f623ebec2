"""The queues through time as SVG: a panel a role, all on one scale, so that the longest is seen.

The horizontal axis counts open office hours: nights and days off take no room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from math import ceil, log10

from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import CHINESE, Language

from .hours import Timetable
from .report import Report, RoleFigures

_WIDTH, _LEFT, _RIGHT, _TOP, _PANEL, _PLOT, _FOOT = 720, 44, 12, 56, 112, 76, 34
_COLUMNS = _WIDTH - _LEFT - _RIGHT
_LABELS = 8
"""At most so many days are written under the axis."""

_STYLE = """
.q{--q1:var(--x-ink,#1b2a33);--q2:var(--x-soft,#5b6b75);--q3:var(--x-line,#c3ccd1);
--q4:var(--x-accent,#0b6b74);font-size:14px;max-width:100%;height:auto;
font-family:var(--x-font,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif)}
@media (prefers-color-scheme:dark){.q{--q1:var(--x-ink,#e4ecf0);--q2:var(--x-soft,#9fb0ba);
--q3:var(--x-line,#3a474e);--q4:var(--x-accent,#5cc3cb)}}
.q text{fill:var(--q1)}
.q .q-title{font-size:18px;font-weight:600}
.q .q-soft{fill:var(--q2);font-size:12.5px;font-variant-numeric:tabular-nums}
.q .q-axis{stroke:var(--q3);stroke-width:1;fill:none}
.q .q-line{stroke:var(--q4);stroke-width:1.5;fill:none;stroke-linejoin:round}
.q .q-area{fill:var(--q4);fill-opacity:.14;stroke:none}
@media print{.q .q-area{fill-opacity:.1}}
"""

TITLE = Text("各岗位等候办理的件数（仿真）", "Tasks waiting at each desk (simulated)")
_DESCRIPTION = Text(
    "每个岗位一栏，纵轴同一刻度；横轴只计办公时间。",
    "A panel a role, all on one scale; the horizontal axis counts office hours only.",
)


def queue_chart(
    report: Report, timetable: Timetable, words: Mapping[str, Text], language: Language = CHINESE
) -> str:
    """The chart of a report. `words`: names of the roles; roles without any task are left out."""
    roles = [figures for figures in report.roles if figures.tasks or figures.longest_queue]
    columns = {f.role: _columns(f.queue, timetable, report) for f in roles}
    top = _scale(max((max(each) for each in columns.values()), default=1))
    height = _TOP + _PANEL * len(roles) + _FOOT
    parts = [
        f'<svg class="q" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' width="{_WIDTH}" height="{height}" role="img" aria-labelledby="q-title q-desc"'
        f' lang="{language.tag}">',
        f'<title id="q-title">{escape(TITLE.pick(language))}</title>',
        f'<desc id="q-desc">{escape(_described(roles, words, language))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<text class="q-title" x="{_LEFT}" y="26">{escape(TITLE.pick(language))}</text>',
    ]
    for number, figures in enumerate(roles):
        name = words.get(figures.role, Text.given(figures.role, figures.role))
        parts.append(_panel(figures, name, columns[figures.role], top, number, language))
    parts += [_days(report, timetable, height - _FOOT), "</svg>"]
    return "\n".join(parts) + "\n"


def _panel(
    figures: RoleFigures,
    name: Text,
    lengths: Sequence[int],
    top: int,
    number: int,
    language: Language,
) -> str:
    begin = _TOP + _PANEL * number
    base = begin + _PANEL - 12
    points = " ".join(
        f"{_LEFT + at} {base - _PLOT * length / top:.1f}"
        for at, length in enumerate(lengths)
        if at == 0 or at == len(lengths) - 1 or not lengths[at - 1] == length == lengths[at + 1]
    )
    mean = f"{figures.mean_queue:.1f}"
    said = Text(
        "{staff} 人 · 平均 {mean} 件 · 最多 {longest_queue} 件",
        "staff {staff} · mean {mean} · longest {longest_queue}",
        staff=figures.staff,
        mean=mean,
        longest_queue=figures.longest_queue,
    ).pick(language)
    return "\n".join(
        (
            f'<text x="{_LEFT}" y="{begin + 14}">{escape(name.pick(language))}'
            f'<tspan class="q-soft" dx="10">{escape(said)}</tspan></text>',
            f'<path class="q-axis" d="M{_LEFT} {base - _PLOT}H{_WIDTH - _RIGHT}'
            f'M{_LEFT} {base}H{_WIDTH - _RIGHT}"/>',
            f'<text class="q-soft" text-anchor="end" x="{_LEFT - 6}"'
            f' y="{base - _PLOT + 4}">{top}</text>',
            f'<text class="q-soft" text-anchor="end" x="{_LEFT - 6}" y="{base + 4}">0</text>',
            f'<path class="q-area" d="M{_LEFT} {base}L{points}V{base}Z"/>',
            f'<path class="q-line" d="M{points}"/>',
        )
    )


def _days(report: Report, timetable: Timetable, base: int) -> str:
    """Days under the axis, as many as there is room for."""
    minutes = timetable.hours.minutes
    days = max(1, round(timetable.minutes(report.last) / minutes))
    every = ceil(days / _LABELS)
    labels = []
    for day in range(0, days, every):
        moment = timetable.moment(day * minutes + 1)
        x = _LEFT + _COLUMNS * day / days
        labels.append(f'<path class="q-axis" d="M{x:.1f} {base - 12}v5"/>')
        labels.append(
            f'<text class="q-soft" x="{x:.1f}" y="{base + 8}">{moment.month}-{moment.day:02}</text>'
        )
    return "\n".join(labels)


def _columns(
    queue: Sequence[tuple[datetime, int]], timetable: Timetable, report: Report
) -> list[int]:
    """The longest queue in each column of the plot, over the days on which cases come."""
    end = timetable.minutes(report.last)
    found = [0] * _COLUMNS
    before, length = 0, 0
    for at, now in queue:
        column = int(timetable.minutes(at) / end * _COLUMNS)
        for each in range(before, min(column, _COLUMNS - 1) + 1):
            found[each] = max(found[each], length)
        before, length = column, now
        if column >= _COLUMNS:
            return found
        found[column] = max(found[column], now)
    for each in range(before, _COLUMNS):
        found[each] = max(found[each], length)
    return found


def _scale(longest: int) -> int:
    """A round number at or above the longest queue: 1, 2 or 5 times a power of ten."""
    power = 10 ** int(log10(max(longest, 1)))
    return int(next(step * power for step in (1, 2, 5, 10) if step * power >= longest))


def _described(roles: Sequence[RoleFigures], words: Mapping[str, Text], language: Language) -> str:
    lines = [_DESCRIPTION.pick(language)]
    for figures in roles:
        name = words.get(figures.role, Text.given(figures.role, figures.role)).pick(language)
        lines.append(
            Text(
                "{name}：最多 {longest_queue} 件。",
                "{name}: at most {longest_queue}.",
                name=name,
                longest_queue=figures.longest_queue,
            ).pick(language)
        )
    return " ".join(lines)
