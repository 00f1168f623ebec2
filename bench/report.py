"""The figures as a page of Markdown: absolute numbers, ratios, targets, and what they hide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from machine import Machine

OURS, TRACED = "xiangyun", "xiangyun, trace"
COMPILED, BY_HAND, COLUMN = (
    "DuckDB, compiled from DMN",
    "DuckDB, CASE by hand",
    "DuckDB, a column only",
)


@dataclass
class Figures:
    """Everything one run measured, and every place where answers differ."""

    people: int
    rows: int
    small_rows: int
    rounds: int
    rates: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    small: dict[str, list[float]] = field(default_factory=dict)
    large: dict[str, list[float]] = field(default_factory=dict)
    register_rows: int = 0
    register: dict[str, list[float]] = field(default_factory=dict)
    duckdb: str = ""
    kernel: str = ""
    answers: list[int] | None = None
    compared: set[str] = field(default_factory=set)
    disagreements: list[str] = field(default_factory=list)

    def answered(self, answers: dict[str, list[int]]) -> None:
        """Compare each engine's answers with the first engine's."""
        for name, given in answers.items():
            self.answers = given if self.answers is None else self.answers
            self.compared.add(name)
            self.agree(name, given == self.answers)

    def agree(self, what: str, same: bool) -> None:
        """Remember a disagreement, once."""
        if not same and what not in self.disagreements:
            self.disagreements.append(what)

    def best(self, name: str, measure: str = "rate") -> float:
        """The best round of one engine."""
        return max(each[measure] for each in self.rates[name])

    @property
    def openfisca(self) -> list[str]:
        """Its names among the populations: the formula alone, then with the inputs set."""
        return [name for name in self.small if name.startswith("openfisca")]


def page(figures: Figures, machine: Machine, load_after: float) -> str:
    """The whole page."""
    parts = [
        _head(figures, machine, load_after),
        _targets(figures),
        _one_by_one(figures),
        _population(figures),
        _register(figures),
        NOTES,
    ]
    return "\n\n".join(parts) + "\n"


def _head(figures: Figures, machine: Machine, load_after: float) -> str:
    same = (
        f"All {len(figures.compared)} ways gave the same answers: for {figures.people:,} persons "
        f"one by one, by checksum for {figures.small_rows:,} rows, and row by row (both SQL "
        f"texts) for {figures.rows:,}."
        if not figures.disagreements
        else f"**Answers differ**: {'; '.join(figures.disagreements)}."
    )
    idle = 0.3  # of one core: what a system does by itself
    load = f"load {machine.load:.1f} before and {load_after:.1f} after, over {machine.cores} cores"
    shared = (
        f"The machine was shared with other work ({load}): the ratios, from runs that took "
        "turns, say more than the absolute numbers."
        if machine.load > idle
        else f"The machine did nothing else ({load})."
    )
    return f"""# Rules: this kernel beside other engines

Written by `make bench-rules` on {datetime.now(UTC):%Y-%m-%d}; do not edit. All data is made up.

- Machine: {machine.processor}, {machine.cores} cores, {machine.gigabytes:.0f} GB, {machine.system};
  Python {machine.python}, DuckDB {figures.duckdb}; the kernel {figures.kernel}.
- {shared}
- {same}"""


def _targets(figures: Figures) -> str:
    compiled, by_hand = median(figures.large[COMPILED]), median(figures.large[BY_HAND])
    small, *openfisca = (median(figures.small[name]) for name in (COMPILED, *figures.openfisca))
    rows = [
        ("decisions a second, one core, no trace", "≥ 300,000", _number(figures.best(OURS)),
         figures.best(OURS) >= 300_000),
        ("the same with the trace", "≥ 50,000", _number(figures.best(TRACED)),
         figures.best(TRACED) >= 50_000),
        (f"{figures.rows:,} rows, compiled ÷ hand-written", "≤ 1.30",
         f"{compiled / by_hand:.2f}", compiled <= 1.3 * by_hand),
        *(
            (f"per row on one thread, compiled ÷ {name}", "< 1", f"{small / theirs:.2f}",
             small < theirs)
            for name, theirs in zip(figures.openfisca, openfisca, strict=True)
        ),
    ]  # fmt: skip
    return "## Targets\n\n" + _table(
        ("Target", "Wanted", "Measured", ""),
        [(*row[:3], "met" if row[3] else "**not met**") for row in rows],
    )


def _one_by_one(figures: Figures) -> str:
    ours = figures.best(OURS)
    rows = [
        (
            name,
            _number(figures.best(name)),
            _number(median(each["rate"] for each in figures.rates[name])),
            _number(figures.best(name, "cpu_rate")),
            f"{ours / figures.best(name):.1f}",
        )
        for name in sorted(figures.rates, key=figures.best, reverse=True)
    ]
    return f"""## One person at a time

An 8-row, 4-input table (`bench/tables/allowance.dmn`) for {figures.people:,} different persons;
decisions a second on one core, {figures.rounds} rounds in turn. The last column is how many times
faster the kernel without trace is, by the best rounds.

""" + _table(("Engine", "Best", "Median", "Best, a CPU second", "Kernel ÷ it"), rows)


def _population(figures: Figures) -> str:
    return f"""## A population

The sum of the allowance over {figures.rows:,} rows in memory, all cores; median of
{figures.rounds} rounds in turn. “{COLUMN}” sums a stored column: what the query costs without
the decision.

{_medians(figures.large, figures.rows, BY_HAND)}

Over {figures.small_rows:,} rows on one thread, beside openfisca-core:

{_medians(figures.small, figures.small_rows, figures.openfisca[0])}"""


def _register(figures: Figures) -> str:
    return f"""## A whole register

The sixteen items of `eldercare/basic-services` for each of {figures.register_rows:,} made-up
persons, from a Parquet file into one, with totals by county: what `xiangyun eligible` does, without
the start of the engine. Spark on one machine shows what it costs, not what it is for.

{_medians(figures.register, figures.register_rows, "DuckDB")}"""


def _medians(seconds: dict[str, list[float]], rows: int, reference: str) -> str:
    against = median(seconds[reference])
    return _table(
        ("Way", "Median, ms", "Best, ms", "ns a row", f"÷ {reference}"),
        [
            (
                name,
                f"{median(taken) * 1e3:,.1f}",
                f"{min(taken) * 1e3:,.1f}",
                f"{median(taken) / rows * 1e9:.1f}",
                f"{median(taken) / against:.2f}",
            )
            for name, taken in seconds.items()
        ],
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def lines() -> Iterator[str]:
        yield f"| {' | '.join(head)} |"
        yield f"|{'---|' * len(head)}"
        for row in rows:
            yield f"| {' | '.join(row)} |"

    return "\n".join(lines())


def _number(value: float) -> str:
    return f"{value:,.0f}"


NOTES = """## What the figures do not say

- **Numbers.** The kernel decides in decimals of 34 digits and takes `Decimal`; zen-engine and
  SpiffWorkflow are given Python's binary floats; openfisca-core holds amounts as 32-bit floats.
  Each gets its inputs ready in its own form, outside the clock.
- **Nulls and undeclared values.** The compiled SQL means what the interpreter means for a null and
  for a kind outside the declared ones; the CASE by hand is what one would write when there are
  none, and the bench's rows have none.
- **Hit policy.** The table is UNIQUE. The kernel finds rows by look-up in each column, keeps what
  a set of matching rows comes to, and would notice two that match. zen-engine's model says
  “first”; SpiffWorkflow stops at the first match in UNIQUE.
- **Notation.** The kernel reads the DMN file as it stands. zen-engine gets a JSON model made from
  it, cell by cell alike. SpiffWorkflow reads the file too, but with its cells in Python
  (`60 <= ? < 80`); its engine is called as a business rule task calls it, without a process.
- **zen-engine 2** is quick only where a loader holds the model; a decision from
  `create_decision` costs many times more at every call. Both are shown; the loader is the fair
  comparison. Its `evaluate_batch` is not measured.
- **openfisca-core** is made for populations and for rules that depend on each other over time:
  one simulation a person is not what it is for, and is shown to be complete. Of a population its
  first line counts the formula alone, over columns in place (texts already numbered, where DuckDB
  compares texts); the second counts setting them too. DuckDB was held to one thread beside it.
- **DuckDB** reads the population from memory; `xiangyun eligible` reads Parquet.
- The peers (MIT, LGPL-3.0, AGPL-3.0) are installed under `build/bench/` for this run alone."""
