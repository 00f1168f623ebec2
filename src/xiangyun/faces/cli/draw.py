"""`xiangyun draw`: repeat a published draw on any machine; plan, order and reveal one here."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from xiangyun.adapters.beacons import Beacons
from xiangyun.adapters.keys import instance_folder, public_key, trusted_keys
from xiangyun.kernel.draw import FRAME, INSPECTORS, RECORD, RESULT, Repeated, repeat
from xiangyun.kernel.findings import Refused, Text

from .telling import Failed, tell

_FILES = (FRAME, INSPECTORS, RESULT)
_EXITS = {"valid": 0, "altered": 1, "unproven": 2, "not yet revealed": 2}
_UNREADABLE = 3
_ANSWERS = {
    "valid": Text("属实：重算的结果一致。", "Valid: the draw comes out the same."),
    "altered": Text("不属实：记录被改动过，或结果不对。",
                    "Not valid: the record was altered, or its outcome is wrong."),
    "unproven": Text("有一项在这里不能核对。", "Something could not be checked here."),
    "not yet revealed": Text("还没有公布秘密和信标。", "Secret and beacon are not revealed yet."),
}  # fmt: skip
_MARKS = {True: "✓ ", False: "✗ ", None: "– "}


@click.group()
def draw() -> None:
    """Draws that anybody can repeat."""


@draw.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Trust this public key (PEM) for heads of the journal; may be given again.",
)
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the outcome that comes out to this file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the steps as JSON.")
def verify(file: Path, keys: tuple[Path, ...], write: Path | None, as_json: bool) -> None:
    """Repeat the draw in FILE: a ZIP, a folder, or draw.json with its lists beside it.

    Ends with 0 valid, 1 altered, 2 not yet revealed or not all checked, 3 unreadable.
    """
    try:
        record, files = _read(file)
        trusted = dict(map(public_key, keys)) if keys else trusted_keys(instance_folder())
        found = repeat(record, files, Beacons(trusted))
    except (OSError, ValueError, Refused, zipfile.BadZipFile) as problem:
        said = problem.summary if isinstance(problem, Refused) else _unreadable(file, problem)
        raise _Unreadable(said) from None
    if write is not None and found.result is not None:
        write.write_bytes(found.result)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        for step in found.steps:
            tell(step.text, indent=_MARKS[step.passed])
        tell(_ANSWERS[found.answer])
    raise SystemExit(_EXITS[found.answer])


Boot = Callable[[], None] | None
"""Starts the database: repeating a draw needs none."""


def _domain(boot: Boot) -> tuple[Any, Any, Any]:
    """The app's verbs and reads, and the clock, once the database runs."""
    if boot is not None:
        boot()
    return tuple(map(import_module, _DOMAIN))  # type: ignore[return-value]


_DOMAIN = (
    "xiangyun.domain.draws.actions",
    "xiangyun.domain.draws.queries",
    "django.utils.timezone",
)


@draw.command()
@click.argument("code")
@click.option("--year", type=int, required=True, help="The year of the plan.")
@click.option("--month", type=int, required=True, help="The month from which it may be ordered.")
@click.option("--note", default="", help="What the plan says of it.")
@click.pass_obj
def plan(boot: Boot, code: str, year: int, month: int, note: str) -> None:
    """Put a declared draw, such as enforcement/inspection:companies, into a year's plan."""
    actions, _, clock = _domain(boot)
    with _told():
        actions.plan(code, year, month, at=clock.now(), note=note)
    tell(Text("已列入 {year} 年计划：{code}。", "{code} is in the plan of {year}.",
              year=str(year), code=code))  # fmt: skip


@draw.command()
@click.argument("code")
@click.option("--on", "written", metavar="DATE", help="The day the lists are frozen on; today.")
@click.option(
    "--beacon",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON that names the beacon, such as a round of drand; the journal's next head.",
)
@click.pass_obj
def order(boot: Boot, code: str, written: str | None, beacon: Path | None) -> None:
    """Freeze the lists of a draw, commit to a secret, and publish the order."""
    actions, _, clock = _domain(boot)
    on = date.fromisoformat(written) if written else clock.localdate()
    named = json.loads(beacon.read_bytes()) if beacon else {"kind": "journal"}
    with _told():
        made = actions.order(code, on, named, at=clock.now())
    tell(Text("抽查令 {number}，哈希 {digest}。", "Order {number}, digest {digest}.",
              number=made.number, digest=made.digest))  # fmt: skip


@draw.command()
@click.argument("number")
@click.option(
    "--beacon",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON with what the beacon gave; not needed for the journal's head.",
)
@click.pass_obj
def reveal(boot: Boot, number: str, beacon: Path | None) -> None:
    """Reveal secret and beacon of an order, draw, and open the cases."""
    actions, _, clock = _domain(boot)
    given = json.loads(beacon.read_bytes()) if beacon else None
    with _told():
        outcome = actions.reveal(number, given, at=clock.now())
        opened, failed = actions.open_cases(number, at=clock.now())
    tell(Text("抽查 {number} 的结果 {result}；立了 {opened} 件，{failed} 件没有立成。",
              "Draw {number}: outcome {result}; {opened} opened, {failed} could not.",
              number=number, result=outcome.result, opened=opened, failed=failed))  # fmt: skip
    raise SystemExit(1 if failed else 0)


@draw.command()
@click.argument("number")
@click.argument("object_key")
@click.argument("inspector")
@click.option("--why", required=True, help="The reason, for the journal.")
@click.pass_obj
def recuse(boot: Boot, number: str, object_key: str, inspector: str, why: str) -> None:
    """Strike an inspector from the visit to an object, and draw another one."""
    actions, _, clock = _domain(boot)
    with _told():
        visit = actions.recuse(number, object_key, inspector, why, at=clock.now())
    tell(Text("{object} 现在由 {people} 检查。", "{people} visit {object} now.",
              object=object_key, people=visit.inspectors))  # fmt: skip


@draw.command("list")
@click.option("--year", type=int, help="Only those of a year.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def listed(boot: Boot, year: int | None, as_json: bool) -> None:
    """List what was ordered, the latest first."""
    _, queries, _ = _domain(boot)
    found = queries.draws(year)
    if as_json:
        rows = [{"number": d.number, "draw": d.code, "digest": d.digest} for d in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for each in found:
        click.echo(f"{each.number}  {each.ordered_on}  {each.code}  {each.digest[:16]}")


@draw.command()
@click.argument("number")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export(boot: Boot, number: str, file: Path) -> None:
    """Write the record of a draw as a ZIP, as far as it is public."""
    _, queries, _ = _domain(boot)
    records = import_module("xiangyun.domain.draws.records")
    found = queries.draw(number)
    if found is None:
        raise Failed(Text("没有抽查“{number}”。", "There is no draw “{number}”.", number=number))
    file.write_bytes(records.packed(found, queries.outcome(found)))


@contextmanager
def _told() -> Iterator[None]:
    """What is refused is said, and ends with 1."""
    try:
        yield
    except Refused as refused:
        raise Failed(refused.summary) from None


class _Unreadable(Failed):
    exit_code = _UNREADABLE


def _read(file: Path) -> tuple[Any, Mapping[str, bytes]]:
    """The record, and the lists that lie beside it."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            names = set(packed.namelist())
            files = {name: packed.read(name) for name in _FILES if name in names}
            return json.loads(packed.read(RECORD)), files
    record = file / RECORD if file.is_dir() else file
    beside = {name: record.parent / name for name in _FILES}
    files = {name: path.read_bytes() for name, path in beside.items() if path.is_file()}
    return json.loads(record.read_bytes()), files


def _unreadable(file: Path, problem: Exception) -> Text:
    return Text(
        "{file} 读不出来，不是抽查记录：{problem}",
        "{file} cannot be read, or is no record of a draw: {problem}",
        file=str(file),
        problem=str(problem),
    )


def _as_json(found: Repeated) -> dict[str, object]:
    steps = [{"passed": each.passed, **each.text.to_json()} for each in found.steps]
    return {"answer": found.answer, "steps": steps}
