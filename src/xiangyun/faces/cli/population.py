"""`xiangyun population`: a made-up province of persons, to try rules on."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from xiangyun.adapters.duck import duck
from xiangyun.domain.registers.sql import population as made_up
from xiangyun.domain.registers.sql.places import villages
from xiangyun.kernel.findings import Text

from .progress import under_way
from .telling import WrongUsage, beside, help_of

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--size",
    type=click.IntRange(1, 2_000_000_000),
    default=made_up.SIZE,
    show_default=True,
    help=help_of(Text("人数。", "How many persons.")),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("population.parquet"),
    show_default=True,
    help=help_of(Text("写到这个 Parquet 文件。", "The Parquet file to write.")),
)
@click.option(
    "--within",
    type=click.IntRange(1),
    help=help_of(
        Text("只在这个区划里，写代码。", "Only in this division, by its code; else in all known.")
    ),
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="种子.")
@click.option(
    "--on",
    type=DAY,
    default="2026-01-01",
    show_default=True,
    help=help_of(Text("快照的日期。", "The day of the snapshot.")),
)
@click.option("--memory", default="2GB", show_default=True, help="Most memory of the database.")
def population(
    size: int, out: Path, within: int | None, seed: int, on: datetime, memory: str
) -> None:
    """Make a snapshot of SIZE invented persons in real villages.

    The same seed gives the same persons. Names and identity numbers are not made up at all.
    """
    if within is not None and not villages(within):
        raise WrongUsage(
            Text(
                "没有区划“{code}”，或者那里没有村和社区；例如 2224、222404。",
                "There is no division “{code}” with villages in it; such as 2224 or 222404.",
                code=within,
            )
        )
    _make(size, out, within, seed, on.date(), memory)
    megabytes = out.stat().st_size / 1e6
    people = Text("{size:,} 人（虚构）", "{size:,} persons (fictitious)", size=size)
    click.echo(f"✓ {out}  {beside(people)}  {megabytes:,.0f} MB  {on:%Y-%m-%d}  seed {seed}")


def _make(size: int, out: Path, within: int | None, seed: int, on: date, memory: str) -> None:
    notes = {
        "xiangyun.synthetic": "true",
        "xiangyun.about": "Invented persons in real villages; no rate in it is a statistic.",
        "xiangyun.seed": str(seed),
        "xiangyun.on": on.isoformat(),
    }
    with duck(memory) as database, under_way() as steps:
        with steps(Text("安排村和社区", "Villages and communities")) as report:
            database.run(made_up.SLOTS_SQL, made_up.slots(seed, within), report)
        with steps(Text("生成虚构人口", "Inventing persons")) as report:
            database.write(made_up.population_sql(size, seed, on), out, notes, report)
