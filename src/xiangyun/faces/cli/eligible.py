"""`xiangyun eligible`: decisions made for every row of a table, and what a reform changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import duckdb

from xiangyun.adapters.engines import ENGINES, Settings, engine
from xiangyun.domain.registers.sql import entitlements, reforms
from xiangyun.domain.registers.sql.entitlements import Plan
from xiangyun.domain.registers.sql.snapshots import Run
from xiangyun.domain.registers.sql.tables import Engine, Table
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import Pack, read_pack
from xiangyun.kernel.worktime.office import office_zone

from .entitled import (
    Entitled,
    Reformed,
    entitled_json,
    print_entitled,
    print_reformed,
    reform_json,
)
from .overall import (
    Chosen,
    database_address,
    declared,
    files_of,
    fresh,
    result_path,
    source_of,
)
from .population import DAY
from .progress import Steps, under_way
from .telling import Failed, end_refused, help_of


def _option(*names: str, text: Text, **more: Any) -> Callable[[Any], Any]:
    return click.option(*names, help=help_of(text), **more)


@click.command()
@click.argument("pack")
@_option(
    "--snapshot",
    text=Text(
        "快照：Parquet 文件或文件夹；用 Spark 时也可以是 hdfs://、s3a:// 地址。",
        "The table: a Parquet file, a folder of them, or with Spark an address such as hdfs://.",
    ),
)
@_option(
    "--register",
    text=Text(
        "登记库：取一份新的快照，代替 --snapshot。",
        "A register: a fresh snapshot of it is taken, instead of --snapshot.",
    ),
)
@_option(
    "--by",
    metavar="LOGIN",
    text=Text(
        "以哪个账号读登记库，默认平台自己。",
        "The account that the register is read as; else the platform.",
    ),
)
@_option(
    "--on",
    type=DAY,
    text=Text("按哪一天决定，默认今天。", "The day to decide on; today, if left out."),
)
@_option(
    "--decision",
    "decisions",
    multiple=True,
    text=Text("决定哪些决策；可以写几次。", "A decision to make; may be given again."),
)
@_option("--key", text=Text("哪一列是每行的编号。", "The column that names a row."))
@_option(
    "--place",
    text=Text(
        "哪一列是区划代码，以及按哪一级汇总，如 COLUMN:county。",
        "The column with the division's code, and the level of totals: COLUMN:county.",
    ),
)
@_option(
    "--input",
    "inputs",
    multiple=True,
    text=Text(
        "输入从哪一列读：person.age=列名，或者 person.age==FEEL；可以写几次。",
        "Where an input is read from: person.age=COLUMN, or person.age==FEEL; may be given again.",
    ),
)
@_option(
    "--when",
    text=Text(
        "哪些行算数：输出和列的 FEEL 条件。", "Which rows count: FEEL over outputs and columns."
    ),
)
@_option(
    "--column",
    "columns",
    multiple=True,
    text=Text(
        "结果保留的列：名称，或者 名称=FEEL；可以写几次。",
        "A column of the result: NAME, or NAME=FEEL; may be given again.",
    ),
)
@_option(
    "--sum",
    "sums",
    multiple=True,
    text=Text(
        "汇总的数：名称，或者 名称=FEEL；可以写几次。",
        "What is added up: NAME, or NAME=FEEL; may be given again.",
    ),
)
@_option(
    "--group",
    "groups",
    multiple=True,
    text=Text(
        "按什么分组：名称，或者 名称=FEEL；可以写几次。",
        "What rows are grouped by: NAME, or NAME=FEEL; may be given again.",
    ),
)
@_option(
    "--out",
    text=Text(
        "结果写到这个 Parquet 文件或文件夹。", "Write the result to this Parquet file or folder."
    ),
)
@_option(
    "--partition",
    "partitions",
    multiple=True,
    text=Text(
        "结果按这些列分文件夹。", "Write a folder for each value of this column of the result."
    ),
)
@_option(
    "--reform",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    text=Text("用来比较的另一份 parameters.yaml。", "Another parameters.yaml to compare with."),
)
@_option(
    "--engine",
    "engine_name",
    type=click.Choice(ENGINES),
    default="duckdb",
    show_default=True,
    text=Text("用哪个数据库算。", "The database that computes."),
)
@_option(
    "--master",
    default="",
    text=Text(
        "Spark 的地址，如 spark://HOST:7077、local[2]、sc://HOST:15002。",
        "The Spark's address: spark://HOST:7077, local[2], sc://HOST:15002.",
    ),
)
@_option(
    "--database",
    default="",
    text=Text(
        "PostgreSQL 的地址，默认本实例的数据库。", "The PostgreSQL; this instance's, if left out."
    ),
)
@_option(
    "--json", "as_json", is_flag=True, text=Text("全部以 JSON 输出。", "Print everything as JSON.")
)
@click.option("--memory", default="2GB", show_default=True, help="Most memory of the database.")
def eligible(
    pack: str,
    snapshot: str | None,
    register: str | None,
    by: str | None,
    on: datetime | None,
    out: str | None,
    partitions: tuple[str, ...],
    reform: Path | None,
    engine_name: str,
    master: str,
    database: str,
    as_json: bool,
    memory: str,
    **chosen: Any,
) -> None:
    """Make decisions of PACK for every row of a table.

    PACK is a folder, or the code of a pack in the folders of packs. Which
    decisions, which columns they read, and what is counted, the pack's population.yaml says, or the
    options. The result, a row for each row and decision that counts, goes to --out, or beside the
    snapshot. With --reform: who gains, who loses, what it costs.
    """
    day = on.date() if on else datetime.now(office_zone()).date()
    word = "reform" if reform else "eligible"
    source = source_of(snapshot, register, engine_name)
    target = result_path(out, source, word)
    settings = Settings(memory, lambda: database_address(database), _master(engine_name, master))
    try:
        files = files_of(pack)
        packs = [read_pack(files)]
        if reform:
            packs.append(read_pack({**files, "parameters.yaml": reform.read_text("utf-8")}))
        with (
            fresh(register, source, day, by) as read,
            engine(engine_name, settings) as opened,
            under_way() as steps,
        ):
            with steps(Text("读快照", "Reading the snapshot")):
                table = opened.table(read)
            population = declared(packs[0], Chosen(**chosen), table.notes)
            run = Run(table, opened.dialect, day, {}, str(office_zone()))
            query, plans = entitlements.planned(packs, population, run)
            work = _Work(opened, steps, _notes(packs[0], plans[0]), target, partitions)
            found = (
                _reformed(packs, plans, query, work)
                if reform
                else _decided(packs[0], plans[0], query, work)
            )
    except Refused as refused:
        end_refused(refused)
    except Exception as error:
        if not _is_of_an_engine(error):
            raise
        raise _not_read(source, error) from None
    _tell(found, target, as_json)


@dataclass(frozen=True, slots=True)
class _Work:
    """Where it is done, who is told how far it is, and where the result goes."""

    engine: Engine
    steps: Steps
    notes: Mapping[str, str]
    out: str
    by: tuple[str, ...]

    def prepared(self, query: str) -> Table:
        """The rows with all that the rules read, once: all rulings read that."""
        with self.steps(Text("整理快照", "Preparing the snapshot")) as report:
            return self.engine.keep("prepared", query, report)


def _decided(pack: Pack, plan: Plan, query: str, work: _Work) -> Entitled:
    prepared, engine_ = work.prepared(query), work.engine
    with work.steps(Text("逐行逐项决定", "Deciding every item")) as report:
        listed = entitlements.listed(plan, prepared, engine_.columns)
        written = engine_.write(listed, work.out, work.notes, work.by, report)
    with work.steps(Text("汇总", "Adding up")) as report:
        totals = engine_.rows(entitlements.totals(plan, written), report)
    with work.steps(Text("计数", "Counting rows")) as report:
        counts = engine_.rows(entitlements.counted(plan, prepared), report)
    return Entitled(pack, plan, _is_synthetic(work.notes), totals, counts)


def _reformed(packs: list[Pack], plans: tuple[Plan, ...], query: str, work: _Work) -> Reformed:
    before, after = plans
    pairs = reforms.touched(before.rulings, after.rulings)
    items = [old.item for old, _ in pairs]
    if not pairs:
        return Reformed(packs[0], before, _is_synthetic(work.notes), items, [])
    prepared, engine_ = work.prepared(query), work.engine
    with work.steps(Text("改革前后逐行比较", "Deciding both ways")) as report:
        compared = reforms.compared(before, pairs, prepared, engine_.columns)
        both = engine_.keep("both", compared, report)
    with work.steps(Text("写出有变化的行", "Writing what changes")) as report:
        changed = reforms.changed(before, both, pairs)
        engine_.write(changed, work.out, work.notes, work.by, report)
    with work.steps(Text("汇总", "Adding up")) as report:
        rows = engine_.rows(reforms.reformed(before, both, pairs), report)
    return Reformed(packs[0], before, _is_synthetic(work.notes), items, rows)


def _tell(found: Entitled | Reformed, target: str, as_json: bool) -> None:
    if isinstance(found, Entitled):
        print_entitled(found, target) if not as_json else click.echo(_dumped(entitled_json(found)))
    elif as_json:
        click.echo(_dumped(reform_json(found)))
    else:
        print_reformed(found, target)


def _notes(pack: Pack, plan: Plan) -> dict[str, str]:
    kept = {k: v for k, v in plan.run.table.notes.items() if "synthetic" in k}
    made = {"xiangyun.pack": f"{pack.code} {pack.digest}", "xiangyun.on": plan.run.on.isoformat()}
    return {**kept, **made}


def _is_synthetic(notes: Mapping[str, str]) -> bool:
    return notes.get("xiangyun.synthetic") == "true"


def _is_of_an_engine(error: Exception) -> bool:
    """Whether a database says no; the libraries of those that are not used are not loaded."""
    libraries = {each.__module__.partition(".")[0] for each in type(error).__mro__}
    return isinstance(error, duckdb.Error) or bool(libraries & {"psycopg", "pyspark", "py4j"})


def _master(name: str, master: str) -> str:
    return master or ("local[*]" if name == "spark" else "")


def _not_read(snapshot: str, error: Exception) -> Failed:
    return Failed(
        Text(
            "{snapshot}：读不了这份快照，或者写不了结果：{error}",
            "{snapshot}: cannot read the snapshot or write the result: {error}",
            snapshot=snapshot,
            error=str(error),
        )
    )


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
