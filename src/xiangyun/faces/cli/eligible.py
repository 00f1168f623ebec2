"""`xiangyun eligible`: what everybody of a snapshot is entitled to, and what a reform changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click
import duckdb

import xiangyun
from xiangyun.adapters.duck import Duck, duck, parquet
from xiangyun.domain.registers.sql import entitlements, reforms, snapshots
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import Pack, read_pack
from xiangyun.kernel.worktime.office import office_zone

from .entitled import (
    Entitled,
    Reformed,
    Row,
    entitled_json,
    print_entitled,
    print_reformed,
    reform_json,
)
from .folder import read_folder
from .population import DAY
from .progress import Steps, under_way
from .telling import Failed, WrongUsage, end_refused, help_of

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Run:
    """One snapshot on one day, prepared for rulings: `source` is SQL for its persons."""

    database: Duck
    source: str
    notes: Mapping[str, str]
    steps: Steps


@click.command()
@click.argument("pack")
@click.option(
    "--snapshot",
    type=_FILE,
    required=True,
    help=help_of(Text("人口快照（Parquet 文件）。", "Parquet file of persons.")),
)
@click.option(
    "--on",
    type=DAY,
    help=help_of(Text("按哪一天决定，默认今天。", "The day to decide on; today, if left out.")),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=help_of(Text("结果写到这个 Parquet 文件。", "Write the result to this Parquet file.")),
)
@click.option(
    "--reform",
    type=_FILE,
    help=help_of(
        Text("用来比较的另一份 parameters.yaml。", "Another parameters.yaml to compare with.")
    ),
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=help_of(Text("全部以 JSON 输出。", "Print everything as JSON.")),
)
@click.option("--memory", default="2GB", show_default=True, help="Most memory of the database.")
def eligible(
    pack: str,
    snapshot: Path,
    on: datetime | None,
    out: Path | None,
    reform: Path | None,
    as_json: bool,
    memory: str,
) -> None:
    """Decide every item of PACK for every person of a snapshot.

    PACK is a folder, or the code of a shipped pack such as eldercare/basic-services. The result,
    a row for each person and item with amount and the row that fired, goes to --out, or beside
    the snapshot. With --reform: who gains, who loses, what it costs.
    """
    day = on.date() if on else datetime.now(office_zone()).date()
    target = out or snapshot.with_suffix(".reform.parquet" if reform else ".eligible.parquet")
    try:
        files = _files(pack)
        before = read_pack(files)
        if reform:
            after = read_pack({**files, "parameters.yaml": reform.read_text("utf-8")})
            compared = _compare(before, after, snapshot, day, target, memory)
            told = reform_json(compared) if as_json else None
            print_reformed(compared, target) if told is None else click.echo(_dumped(told))
        else:
            found = _decide(before, snapshot, day, target, memory)
            told = entitled_json(found) if as_json else None
            print_entitled(found, target) if told is None else click.echo(_dumped(told))
    except Refused as refused:
        end_refused(refused)
    except duckdb.Error as error:
        raise Failed(
            Text(
                "{snapshot}：读不了这份快照，或者写不了结果：{error}",
                "{snapshot}: cannot read the snapshot or write the result: {error}",
                snapshot=snapshot,
                error=str(error),
            )
        ) from None


def _decide(pack: Pack, snapshot: Path, day: date, out: Path, memory: str) -> Entitled:
    found = entitlements.rulings(pack, day)
    with duck(memory) as database, under_way() as steps:
        run = _prepared(database, pack, snapshot, day, steps)
        with steps(Text("逐人逐项核对", "Deciding every item")) as report:
            database.write(entitlements.entitled(run.source, found), out, run.notes, report)
        with steps(Text("按县汇总", "Adding up by county")) as report:
            totals = database.rows(entitlements.totals(parquet(out)), report=report)
        with steps(Text("按人计数", "Counting persons")) as report:
            persons = database.rows(entitlements.counted(run.source, found), report=report)
    return Entitled(
        pack, day, _is_synthetic(run.notes), entitlements.items_of(pack), totals, persons
    )


def _compare(
    before: Pack, after: Pack, snapshot: Path, day: date, out: Path, memory: str
) -> Reformed:
    pairs = reforms.touched(entitlements.rulings(before, day), entitlements.rulings(after, day))
    with duck(memory) as database, under_way() as steps:
        run = _prepared(database, before, snapshot, day, steps)
        rows = _reformed(run, pairs, out) if pairs else []
    return Reformed(before, day, _is_synthetic(run.notes), [old.item for old, _ in pairs], rows)


def _reformed(run: _Run, pairs: reforms.Pairs, out: Path) -> list[Row]:
    both = run.database.folder / "both.parquet"
    with run.steps(Text("改革前后逐人比较", "Deciding both ways")) as report:
        run.database.write(reforms.compared(run.source, pairs), both, {}, report)
    with run.steps(Text("写出有变化的人", "Writing who changes")) as report:
        run.database.write(reforms.changed(parquet(both), pairs), out, run.notes, report)
    with run.steps(Text("按县汇总", "Adding up by county")) as report:
        return run.database.rows(reforms.reformed(parquet(both), pairs), report=report)


def _prepared(database: Duck, pack: Pack, snapshot: Path, day: date, steps: Steps) -> _Run:
    """The persons on the day, once, in a file of their own: all rulings read that."""
    persons = snapshots.persons(
        parquet(snapshot), database.columns(snapshot), entitlements.rules_of(pack), day
    )
    prepared = database.folder / "persons.parquet"
    with steps(Text("整理快照", "Preparing the snapshot")) as report:
        database.write(persons, prepared, {}, report)
    notes = {
        **{key: value for key, value in database.notes(snapshot).items() if "synthetic" in key},
        "xiangyun.pack": f"{pack.code} {pack.digest}",
        "xiangyun.on": day.isoformat(),
    }
    return _Run(database, f"SELECT * FROM {parquet(prepared)}", notes, steps)


def _is_synthetic(notes: Mapping[str, str]) -> bool:
    return notes.get("xiangyun.synthetic") == "true"


def _files(pack: str) -> dict[str, str]:
    """A pack by its folder, or by its code among those that came with this installation."""
    package = Path(xiangyun.__file__).parent
    for folder in (Path(pack), package / "packs" / pack, package.parent.parent / "packs" / pack):
        if (folder / "service.yaml").is_file():
            return read_folder(folder)
    raise WrongUsage(
        Text(
            "没有找到事项“{pack}”，例如 eldercare/basic-services。",
            "There is no pack “{pack}”, for example eldercare/basic-services.",
            pack=pack,
        )
    )


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
