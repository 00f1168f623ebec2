"""How long a case stays after its end (保管期限): `retention` in service.yaml.

First it stays in the database, where pages show it (`online_months`). Then it moves to the archive:
one file. There it is kept for so many years (`kept_years`) or for good (`kept_years: permanent`),
counted from the end of the case. Terms of archives of government bodies are permanent, thirty or
ten years (Order 8 of the National Archives Administration, 2006; from memory, so a pack says
`verified: false`).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.laws import law_of

PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Retention:
    """The terms of a service's cases, counted from the end of each.

    `kept_years`: none for good. `basis`: the rule that says so.
    """

    online_months: int
    kept_years: int | None
    basis: str
    verified: bool

    def moves_on(self, ended: date) -> date:
        """The first day on which a case that ended on a day moves to the archive."""
        return months_after(ended, self.online_months)

    def kept_until(self, ended: date) -> date | None:
        """The first day on which its file need not be kept any more; none for good."""
        return None if self.kept_years is None else months_after(ended, 12 * self.kept_years)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that lacks it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read_retention(f: Fields) -> Retention | None:
    """The terms; none where the service says nothing: then its cases stay where they are.

    Reports `pack.E680` where the file would go before the case comes to it.
    """
    s = f.section("retention", required=False)
    if s is None:
        return None
    kept = s.node.get("kept_years")
    permanent = kept is not None and kept.value == PERMANENT
    if permanent:
        s.take("kept_years")
    found = Retention(
        whole(s, "online_months"),
        None if permanent else whole(s, "kept_years"),
        law_of(s, s.node),
        s.boolean("verified"),
    )
    s.done()
    if found.kept_years is not None and found.online_months >= 12 * found.kept_years > 0:
        f.report(
            fault(
                "pack.E680",
                Text(
                    "办结后在线保存 {months} 个月，不短于档案保管期限 {years} 年，归档就没有意义。",
                    "Cases stay online for {months} {months|month|months}, not less than the "
                    "{years} {years|year|years} for which their files are kept.",
                    months=found.online_months,
                    years=found.kept_years,
                ),
                s.place("online_months"),
                Text(
                    "请缩短 online_months，或加长 kept_years（可写 permanent）。",
                    "Make online_months shorter or kept_years longer; it may be permanent.",
                ),
            )
        )
    return found
