"""A whole run of `xiangyun eligible` over a made-up population, by the engine that is named."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from xiangyun.adapters.duck import duck
from xiangyun.adapters.engines import Settings, engine
from xiangyun.domain.registers.sql import entitlements, population
from xiangyun.domain.registers.sql.snapshots import Run
from xiangyun.kernel.pack import read_pack

PACK = Path(__file__).parents[2] / "packs" / "eldercare" / "basic-services"
ON = date(2026, 1, 1)


def main() -> None:
    """Measure each step and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", default="duckdb")
    parser.add_argument("--master", default="local[*]")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args()
    files = {
        path.relative_to(PACK).as_posix(): path.read_text("utf-8")
        for path in sorted(PACK.rglob("*"))
        if path.is_file()
    }
    pack = read_pack(files)
    assert pack.population is not None
    seconds: list[float] = []
    totals: list[tuple[object, ...]] = []
    with TemporaryDirectory() as folder:
        people = Path(folder) / "people.parquet"
        with duck() as database:
            database.run(population.SLOTS_SQL, population.slots(1))
            database.write(population.population_sql(chosen.rows, 1, ON), people, {})
        with engine(chosen.engine, Settings("4GB", str, chosen.master)) as opened:
            for number in range(chosen.rounds + 1):
                started = perf_counter()
                run = Run(opened.table(str(people)), opened.dialect, ON, {}, "Asia/Shanghai")
                query, (plan,) = entitlements.planned([pack], pack.population, run)
                prepared = opened.keep(f"prepared{number}", query, _nobody)
                listed = entitlements.listed(plan, prepared, opened.columns)
                out = Path(folder) / f"{number}.parquet"
                written = opened.write(listed, str(out), {}, (), _nobody)
                totals = opened.rows(entitlements.totals(plan, written), _nobody)
                if number:  # the first only warms up
                    seconds.append(perf_counter() - started)
    until = 2 + len(plan.population.groups)
    answers = sorted(
        [str(row[0]), str(row[1]), int(row[until]), format(float(row[until + 1] or 0), ".2f")]
        for row in totals
    )
    print(json.dumps({"seconds": seconds, "answers": answers}))


def _nobody(share: float) -> None:
    """Nobody is told."""


if __name__ == "__main__":
    main()
