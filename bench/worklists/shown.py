"""The figures as a page of Markdown: percentiles of both sizes, their ratios, the plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from machine import Machine, revision

ROOT = Path(__file__).parents[2]
MEASURED = ("src/xiangyun/domain/cases",)
WANTED = 1.3
Group = tuple[str, str, str]
"""The instance, the official, the kind of page."""


@dataclass
class Figures:
    """Everything one run measured: milliseconds of each page, and the fewest lines on one."""

    took: dict[Group, list[float]]
    shortest: dict[Group, int]
    plans: dict[Group, list[str]] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    memory: str = ""

    def pooled(self, name: str, where: Callable[[Group], bool]) -> list[float]:
        """All pages of an instance that are meant, the fastest first."""
        return sorted(
            each
            for group, took in self.took.items()
            if group[0] == name and where(group)
            for each in took
        )

    def row(self, title: str, where: Callable[[Group], bool]) -> str:
        """A line of a table: the percentiles of both, and their ratio."""
        small, large = (self.pooled(name, where) for name in ("small", "large"))
        cells = [f"{_at(took, p):.1f}" for p in (0.5, 0.99) for took in (small, large)]
        lines = [
            min(n for group, n in self.shortest.items() if group[0] == name and where(group))
            for name in ("small", "large")
        ]
        return (
            f"| {title} | {cells[0]} | {cells[1]} | {cells[2]} | {cells[3]} |"
            f" {self.ratio(where, 0.5):.2f} | {self.ratio(where):.2f} | {lines[0]}, {lines[1]} |"
        )

    def ratio(self, where: Callable[[Group], bool] = lambda _: True, at: float = 0.99) -> float:
        """How much longer the large instance takes, at a percentile."""
        return _at(self.pooled("large", where), at) / _at(self.pooled("small", where), at)


def _at(took: list[float], share: float) -> float:
    return took[min(len(took) - 1, int(len(took) * share))]


def page(figures: Figures, sizes: dict[str, int], machine: Machine, each: int) -> str:
    """The figures as a page."""
    officials = list(dict.fromkeys(group[1] for group in figures.took))
    kinds = list(dict.fromkeys(group[2] for group in figures.took))
    by_official = [figures.row(o, lambda group, o=o: group[1] == o) for o in officials]  # type: ignore[misc]
    by_kind = [figures.row(k, lambda group, k=k: group[2] == k) for k in kinds]  # type: ignore[misc]
    everything = figures.row("**all**", lambda _: True)
    ratio = figures.ratio()
    met = "met" if ratio <= WANTED else "**not met**"
    large, small = sizes["large"], sizes["small"]
    return f"""\
# The queue of an office: ten million cases beside a hundred thousand

Written by `make bench-queue` on {datetime.now(UTC):%Y-%m-%d}; do not edit. All data is made up.

- Machine: {machine.processor}, {machine.cores} cores, {machine.gigabytes:.0f} GB, {machine.system};
  Python {machine.python}; the queue {revision(ROOT, MEASURED)}.
- One embedded PostgreSQL as `xiangyun` makes it ({figures.memory} of shared buffers) holds both
  instances: {small:,} cases \
({figures.sizes["small"]:.1f} GB) and {large:,} ({figures.sizes["large"]:.1f} GB); server and \
clients share the cores.
- Load {machine.load:.1f} before and {Machine.here().load:.1f} after, over {machine.cores} cores. \
The two took turns of a few pages.

| Target | Wanted | Measured |  |
|---|---|---|---|
| p99 of a page of the queue, {large:,} cases ÷ {small:,} | ≤ {WANTED} | {ratio:.2f} | {met} |

## By official

Milliseconds a page, as `cases.queries.queue` answers inside `acting_as`: rows, counts and the key
of the next page, under row-level security as `xiangyun_app`. {each} pages of each official and
kind.

{_HEAD}
{chr(10).join([*by_official, everything])}

## By kind of page

{_HEAD}
{chr(10).join(by_kind)}

## What is measured

- Every case has one open task, the hard case: in an office most cases are closed, and closed tasks
  are in no index of the queue. A quarter of the cases has a closed task besides.
- Seven cases in ten lie in the counties of Jilin (or above them), two in its towns, one in its
  villages. Of towns and villages the n-th largest has 1/n of the largest, so that the same offices
  have work in both instances. Roles: 40 % `acceptor`, down to 0.3 % `reviewer:fire`, 1 % of the
  tasks for two roles at once. An eighth is overdue.
- Lines lie in the table in an order that has nothing to do with division, role or deadline.
- The officials: `acceptor` or `reviewer` of the province; `acceptor` of 4 cities, 8 counties, the 8
  busiest towns and the 4 busiest villages, drawn for each page; one with four mandates; and
  `reviewer:fire` of the province. "Page anywhere" begins behind a line drawn anew each time. "One
  service" is that of one case in twenty.
- "Lines": the fewest lines a page had. Where a page of the small instance is not full, the large
  one shows more, and that is part of its time.

## Plans

As `EXPLAIN (ANALYZE, BUFFERS)` tells them. A `loop` is a lane
([decision 0013](../decisions/0013-a-queue-is-merged-from-lanes.md)).

{chr(10).join(_plans(figures, sizes))}"""


_HEAD = """\
| | p50 small | p50 large | p99 small | p99 large | p50 ratio | p99 ratio | Lines |
|---|---|---|---|---|---|---|---|"""


def _plans(figures: Figures, sizes: dict[str, int]) -> Iterator[str]:
    for (name, official, kind), plans in figures.plans.items():
        yield f"### {official}, {kind}: {sizes[name]:,} cases\n"
        for plan in plans:
            if "cases_workitem" in plan:
                lines = "\n".join(line[:140] for line in plan.splitlines())
                yield f"```text\n{lines}\n```\n"
