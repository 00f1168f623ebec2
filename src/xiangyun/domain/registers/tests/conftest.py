"""A small made-up population, and the pack that is run over it."""

from datetime import date
from pathlib import Path

import pytest

from xiangyun.adapters.duck import duck
from xiangyun.domain.registers.sql import population
from xiangyun.kernel.pack import read_pack

ON = date(2026, 1, 1)
PACKS = Path(__file__).parents[5] / "packs"


def files_of(code):
    folder = PACKS / code
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def make(database, size, seed, file, on=ON):
    database.run("DROP TABLE IF EXISTS slots")
    database.run(population.SLOTS_SQL, population.slots(seed))
    sql = population.population_sql(size, seed, on)
    database.write(sql, file, {"xiangyun.synthetic": "true"})
    return file


@pytest.fixture(scope="session")
def basic_services():
    return read_pack(files_of("eldercare/basic-services"))


@pytest.fixture
def database():
    with duck("500MB", threads=1) as opened:
        yield opened


@pytest.fixture(scope="session")
def people(tmp_path_factory):
    """Thirty thousand persons in a Parquet file."""
    file = tmp_path_factory.mktemp("people") / "people.parquet"
    with duck("500MB", threads=1) as opened:
        return make(opened, 30_000, 1, file)
