"""Every engine gives what the interpreter gives, row for row: DuckDB, PostgreSQL, Spark.

Spark's part is slow and needs pyspark and Java: `make test-spark`.
"""

import random
import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from django.db import connections

from xiangyun.adapters.duck import duck
from xiangyun.adapters.engines import Settings, engine
from xiangyun.adapters.engines.duckdb import DuckEngine
from xiangyun.adapters.engines.spark import SparkEngine
from xiangyun.adapters.postgres import owner_of
from xiangyun.domain.registers.sql import entitlements, reforms
from xiangyun.domain.registers.sql.interpreted import interpreted
from xiangyun.domain.registers.sql.snapshots import Run
from xiangyun.domain.registers.tests.conftest import files_of, make
from xiangyun.kernel.dmn import read_model
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import read_pack
from xiangyun.kernel.projection import PlaceColumn, Population, Sum, Written

ON = date(2026, 2, 28)
SEED, ROWS = 11, 150
COLUMNS = {
    "code": "VARCHAR", "region": "VARCHAR", "name": "VARCHAR", "small": "TINYINT",
    "count": "BIGINT", "capital": "DECIMAL(20, 2)", "fine": "DECIMAL(20, 6)",
    "large": "DECIMAL(38, 0)", "flag": "BOOLEAN", "founded": "DATE",
    "filed": "TIMESTAMP WITH TIME ZONE", "seen": "TIMESTAMP",
}  # fmt: skip
RULES = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">
<inputData id="company" name="company"><variable name="company"/></inputData>
<decision id="d" name="d"><variable name="d"/>
<informationRequirement><requiredInput href="#company"/></informationRequirement>
<literalExpression><text>if company.capital &gt; 100 then company.large else company.fine</text>
</literalExpression></decision>
<decision id="list" name="list"><variable name="list"/>
<informationRequirement><requiredInput href="#company"/></informationRequirement>
<decisionTable hitPolicy="COLLECT">
<input><inputExpression><text>company.small</text></inputExpression></input>
<output name="fired"/><output name="share"/>
<rule><inputEntry><text>&gt; 0</text></inputEntry>
<outputEntry><text>"above"</text></outputEntry>
<outputEntry><text>company.fine * 0.5</text></outputEntry></rule>
<rule><inputEntry><text>not(null)</text></inputEntry>
<outputEntry><text>"known"</text></outputEntry><outputEntry><text>1</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
KEPT = {
    "value": "value",
    "years": 'years and months duration(founded, date("2024-02-29")).years',
    "months": "years and months duration(founded, on).months",
    "weekday": "founded.weekday",
    "day": "day of week(founded)",
    "week": "week of year(founded) * 1000 + day of year(founded)",
    "next": 'founded + duration("P1M")',
    "before": 'founded - duration("P9D")',
    "filed_on": "date(filed)",
    "seen_on": "seen.day",
    "square": "small * small * 100",
    "quarter": "count / 4",
    "both": "if flag then large else fine",
    "most": "max(small, fine, capital)",
    "whole": "floor(fine) + ceiling(capital)",
    "sum": "large + fine",
    "less": 'name < "b"',
    "same": 'name = "A"',
    "longer": 'name + "!"',
    "letters": "string length(name)",
    "within": 'contains(name, "\\\\") or starts with(name, "長")',
    "range": "fine in [0..1) or small in (1, 2, > 100)",
    "nothing": "null",
}
TEXTS = ["", "a", "A", "b", "B", "ä", "長春", "长春", "😀", "O'Brien", 'say "x", y', "line\nbreak",
         "back\\slash", "\\N", "NULL", " a ", None]  # fmt: skip


def rows(seed=SEED, count=ROWS):
    """Rows around every edge; each sixth value is null."""
    chance = random.Random(seed)

    def maybe(make_):
        return None if chance.random() < 1 / 6 else make_()

    regions = ["220102000000", "220102001001", "222404", "222404001000", "unknown"]
    days = [date(2024, 2, 29), date(2020, 12, 31), date(2021, 1, 3), date(1900, 1, 1)]
    return [
        (
            f"{number:04d}",
            maybe(lambda: chance.choice(regions)),
            chance.choice(TEXTS),
            maybe(lambda: chance.choice([-128, -1, 0, 1, 2, 127])),
            maybe(lambda: chance.choice([0, 7, -7, 10**15 + 1])),
            maybe(lambda: Decimal(chance.randint(-20_000, 20_000)).scaleb(-2)),
            maybe(lambda: Decimal(chance.randint(-2_000_000, 2_000_000)).scaleb(-6)),
            maybe(lambda: Decimal(chance.choice([0, 3, 10**25 + 7, -(10**25)]))),
            maybe(lambda: chance.random() < 0.5),
            maybe(lambda: chance.choice(
                [*days, date(2023, 1, 1) + timedelta(chance.randint(0, 900))])),
            maybe(lambda: datetime(2026, 2, 28, chance.randint(0, 23), 59, tzinfo=UTC)),
            maybe(lambda: datetime(2026, 2, chance.randint(1, 28), 23, 30)),
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """The rows in a folder of two parts."""
    folder = tmp_path_factory.mktemp("rows") / "companies"
    folder.mkdir()
    declared = ", ".join(f"{name} {type_}" for name, type_ in COLUMNS.items())
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE t ({declared})")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO t VALUES ({marks})", rows())
        for number in range(2):
            part = f"SELECT * FROM t WHERE (code < '0075') = ({number} = 0)"
            connection.execute(f"COPY ({part}) TO '{folder}/{number}.parquet'")
    return folder


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: make test-spark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java: apt install default-jre-headless")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "America/New_York")  # the engine sets its own
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(params=["duckdb", "postgresql",
                        pytest.param("spark", marks=pytest.mark.slow(minutes=4))])  # fmt: skip
def opened(request):
    """A way to open each engine."""
    if request.param == "spark":
        session = request.getfixturevalue("spark")
        return lambda: as_it_is(SparkEngine(session))
    if request.param == "postgresql":
        request.getfixturevalue("django_db_setup")
    name = connections["default"].settings_dict["NAME"]
    address = lambda: owner_of(connections, name)  # noqa: E731
    return lambda: engine(request.param, Settings("400MB", address))


@contextmanager
def as_it_is(found):
    yield found


def nobody(share):
    assert 0 <= share <= 1


def rules(decisions=("d",)):
    """A pack as far as a run looks at it, and what is asked of it."""
    pack = SimpleNamespace(
        code="test", digest="0", rules=read_model(RULES), words=lambda key, name: Text(name, name),
        parameters=SimpleNamespace(on=lambda day: {}),
    )  # fmt: skip
    asked = Population(
        key="code", place=PlaceColumn("region", "county"), decisions=decisions,
        when=Written('name = null or name != "nobody"'),
        columns={name: Written(source) for name, source in KEPT.items()},
        sums={"total": Sum(Text("总", "total"), Written("fine"))},
        groups={"grade": Written("if small > 0 then \"up\" else name")},
    )  # fmt: skip
    return pack, asked


def ran(found, pack, asked, source, out, by=()):
    """What an engine writes, and its totals and counts."""
    run = Run(found.table(str(source)), found.dialect, ON, {}, "Asia/Shanghai")
    query, (plan,) = entitlements.planned([pack], asked, run)
    prepared = found.keep("prepared", query, nobody)
    listed = entitlements.listed(plan, prepared, found.columns)
    written = found.write(listed, str(out), {"xiangyun.on": "2026"}, by, nobody)
    totals = found.rows(entitlements.totals(plan, written), nobody)
    counts = found.rows(entitlements.counted(plan, prepared), nobody)
    return plan, sorted(totals, key=repr), sorted(counts, key=repr)


def read(path):
    """The rows of a result by DuckDB, as dictionaries."""
    with duck("400MB", threads=1) as local:
        found = DuckEngine(local).table(str(path))
        local.run("SET TimeZone = 'UTC'")
        names = list(found.columns)
        return [dict(zip(names, row, strict=True)) for row in local.rows(f"FROM {found.sql}")]


def by_interpreter(plan, given):
    """What the interpreter says of rows: (code, item, what is kept), as often as it is there."""
    names = list(COLUMNS)
    return [
        (row[0], item, kept)
        for row in given
        for item, all_ in interpreted(plan, dict(zip(names, row, strict=True))).items()
        for kept in all_
    ]


def test_every_column_of_every_row_is_what_the_interpreter_says(opened, snapshot, tmp_path):
    pack, asked = rules()
    with opened() as found:
        plan, totals, counts = ran(found, pack, asked, snapshot, tmp_path / "out.parquet")
    expected = {code: kept for code, _, kept in by_interpreter(plan, rows())}
    written = read(tmp_path / "out.parquet")
    assert len(written) == len(expected) > 100
    for row in written:
        got = {name: row[name] for name in expected[row["code"]]}
        assert got == expected[row["code"]], row["code"]
    assert sum(row[1] for row in counts) == ROWS
    assert {row[0] for row in counts} == {None, "220102000000", "222404000000", "unknow000000"}
    assert sum(row[3] for row in totals) == len(expected)
    whole = sum(kept["total"] for kept in expected.values() if kept["total"] is not None)
    assert sum(row[4] for row in totals if row[4] is not None) == whole


def test_a_list_gives_a_row_for_each_of_its_findings(opened, snapshot, tmp_path):
    pack, asked = rules(("list",))
    columns = {"fired": Written("fired"), "share": Written("share")}
    asked = replace(asked, columns=columns, groups={}, place=None, when=None, sums={})
    with opened() as found:
        plan, totals, counts = ran(found, pack, asked, snapshot, tmp_path / "out.parquet")
    expected = by_interpreter(plan, rows())
    key = lambda each: (each[0], each[2]["fired"])  # noqa: E731
    written = [(row["code"], row["item"], {"fired": row["fired"], "share": row["share"]})
               for row in read(tmp_path / "out.parquet")]  # fmt: skip
    assert sorted(written, key=key) == sorted(expected, key=key)
    assert totals == [("list", None, len({code for code, _, _ in expected}))]
    assert [row[1:] for row in counts] == [(ROWS, len({code for code, _, _ in expected}))]


def test_a_result_may_be_parted_and_read_again_with_its_codes_whole(opened, snapshot, tmp_path):
    pack, asked = rules()
    asked = replace(asked, columns={"flagged": Written("flag")}, groups={}, sums={})
    out = tmp_path / "parted"
    with opened() as found:
        ran(found, pack, asked, snapshot, out, by=("region",))
        again = found.table(str(out)) if found.dialect != "postgres" else None
    parts = {each.name for each in out.iterdir() if each.is_dir()}
    assert {"region=222404", "region=220102000000"} <= parts
    if again is not None:
        assert again.kind("region") == again.kind("code") == "string"
    assert {row["code"] for row in read(out)} == {row[0] for row in rows() if row[2] != "nobody"}


def test_a_shipped_pack_and_its_reform_come_out_alike(opened, tmp_path):
    files = files_of("eldercare/basic-services")
    chosen = ("old_age_allowance", "nursing_subsidy", "minimum_living", "employee_pension")
    dearer = files["parameters.yaml"].replace("value: 50\n", "value: 60.5\n", 1)
    packs = [read_pack(files), read_pack({**files, "parameters.yaml": dearer})]
    asked = replace(packs[0].population, decisions=chosen)
    with duck("400MB", threads=1) as local:
        people = make(local, 3000, 3, tmp_path / "people.parquet")

    def compared(found, out):
        run = Run(found.table(str(people)), found.dialect, ON, {}, "Asia/Shanghai")
        query, (before, after) = entitlements.planned(packs, asked, run)
        pairs = reforms.touched(before.rulings, after.rulings)
        prepared = found.keep("prepared", query, nobody)
        comparing = reforms.compared(before, pairs, prepared, found.columns)
        both = found.keep("both", comparing, nobody)
        found.write(reforms.changed(before, both, pairs), str(out), {}, (), nobody)
        return sorted(found.rows(reforms.reformed(before, both, pairs), nobody))

    with opened() as found:
        theirs = compared(found, tmp_path / "theirs.parquet")
    with engine("duckdb", Settings("400MB")) as found:
        ours = compared(found, tmp_path / "ours.parquet")
    assert theirs == ours
    changed = [sorted(read(tmp_path / f"{side}.parquet"), key=lambda row: row["person_id"])
               for side in ("ours", "theirs")]  # fmt: skip
    assert changed[0] == changed[1] != []


def test_a_number_that_no_engine_holds_is_an_error_and_no_null(opened, snapshot, tmp_path):
    pack, asked = rules()
    columns = {"huge": Written("large * large * 1000")}
    asked = replace(asked, columns=columns, groups={}, sums={}, place=None)
    with opened() as found:
        if found.dialect == "postgres":
            pytest.skip("its numbers have as many digits as they need")
        with pytest.raises(Exception, match=r"(?i)overflow|out.of.range|precision"):
            ran(found, pack, asked, snapshot, tmp_path / "out.parquet")
    assert not Path(tmp_path / "out.parquet").is_file()
