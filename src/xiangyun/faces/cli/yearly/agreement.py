"""What must agree when a year is over, each counted twice by ways that share nothing.

What the journal says is counted from its entries alone; the other side from tables, from figures
that were computed by night, from releases of open data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.datasets import actions as publishing
from xiangyun.domain.datasets import queries as figures
from xiangyun.domain.datasets import releases
from xiangyun.domain.datasets.building import all_declared, period_due
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as entries
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.registers import exporting
from xiangyun.kernel.findings import Text

BEGUN = ("case.submitted", "case.opened")
_MONTHS = 14


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two counts of one thing."""

    what: Text
    one: int
    other: int

    @property
    def agrees(self) -> bool:
        """Whether both sides say the same."""
        return self.one == self.other


def compared(province: int, progress: Callable[[float], None]) -> list[Agreement]:
    """All comparisons for a province; `progress` is told the share of the audit that is done."""
    with acting_as(SYSTEM):
        while journal.seal(timezone.now(), signer()):
            pass
        audit = journal.audit_whole(signer().trusted, timezone.now, progress)
        made = [Agreement(Text("审计发现的问题", "Findings of the audit"), len(audit.findings), 0)]
        for part in (_cases, _registers, _released):
            made += part()
        return [*made, *_statistics(province), *_opened()]


def _cases() -> Iterator[Agreement]:
    begun = {entry.subject for entry in entries.entries_of(*BEGUN)}
    there = access.cases_of(SYSTEM).count()
    yield Agreement(Text("日志与办件", "Journal and cases"), len(begun), there)


def _statistics(province: int) -> Iterator[Agreement]:
    """The months of every count of all cases by the day they were sent, beside the journal."""
    by_month: Counter[date] = Counter()
    for entry in entries.entries_of(*BEGUN):
        if entry.need == 0:
            by_month[timezone.localdate(entry.at).replace(day=1)] += 1
    for id_, indicator in figures.indicators().items():
        over, measure = indicator.over, indicator.measure
        if over is None or measure is None or measure.kind != "count" or indicator.when:
            continue
        if (over.kind, over.code, over.at, over.secret) != ("cases", "all", "submitted", False):
            continue
        board = figures.board(province, timezone.localdate(), only=(id_,), periods=_MONTHS)
        told = {period.first: int(value or 0) for period, value in board.figures[0].series}
        yield Agreement(
            Text("日志与统计：{name}", "Journal and statistics: {name}", name=indicator.name),
            sum(number for month, number in by_month.items() if month in told),
            sum(told.values()),
        )


def _registers() -> Iterator[Agreement]:
    """Whoever follows the feed of changes knows what a register holds, and nothing more."""
    fed, held = 0, 0
    today = timezone.localdate()
    for each in catalogue.declared("register"):
        newest: dict[str, tuple[date, int, bool]] = {}
        for change in exporting.changes(each.code, batches=10**9):
            state = change.state
            over = state.valid_to is not None and state.valid_to <= today
            if state.superseded_by is None and state.valid_from <= today and not over:
                last = (state.valid_from, state.fact, state.data is not None)
                newest[state.key] = max(last, newest.get(state.key, last))
        fed += sum(there for *_, there in newest.values())
        held += sum(1 for _ in exporting.records(each.code))
    yield Agreement(Text("变更流与登记库", "Feed of changes and registers"), fed, held)


def _released() -> Iterator[Agreement]:
    published = sum(1 for _ in entries.entries_of("dataset.published"))
    given = sum(
        release.published_at is not None
        for standing in releases.standings(timezone.localdate())
        for release in standing.releases
    )
    yield Agreement(Text("日志与开放数据的版本", "Journal and releases"), published, given)


def _opened() -> Iterator[Agreement]:
    """A data set of all rows of a register has as many as the register had on its last day."""
    for declared in all_declared():
        dataset = declared.value
        over = dataset.over
        if over.kind != "register" or over.at or dataset.measured or dataset.when is not None:
            continue
        latest = publishing.last_published(dataset.code)
        if latest is None:
            continue
        built = timezone.localdate(latest.built_at)
        period = None if dataset.forgets else period_due(dataset, built)
        day = period.last if period else built
        then = exporting.records(over.code, as_of=day, known_on=built)
        yield Agreement(
            Text("开放数据与登记库：{name}", "Open data and register: {name}", name=dataset.name),
            latest.rows,
            sum(1 for _ in then),
        )
