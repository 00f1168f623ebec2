"""`xiangyun register`: files into registers and out of them, search, proofs, keys."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from xiangyun.adapters.cipher import add_key
from xiangyun.adapters.duck import duck, quoted
from xiangyun.adapters.keys import instance_folder
from xiangyun.adapters.tables import TableFile, columns_of
from xiangyun.domain.accounts import keys
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import exporting, following, loading, queries, sealing
from xiangyun.domain.registers.loading import Refusal
from xiangyun.domain.registers.proofs import holds
from xiangyun.kernel import cells
from xiangyun.kernel.findings import Refused, Text

from . import madeup
from .demonstrationfile import demonstration
from .progress import under_way
from .telling import WrongUsage, end_refused, tell

PROVINCE = 220000000000
_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_BY = click.option("--by", metavar="LOGIN", help="The account it is done as; else the platform.")
_AS_OF = click.option("--as-of", type=_DAY, help="What is true on this day; today, if left out.")
_KNOWN_ON = click.option("--known-on", type=_DAY, help="As it was known on this day.")


@click.group()
def register() -> None:
    """Load, export and search registers; prove a fact; rotate the keys of sensitive values."""


@contextmanager
def _by(login: str | None) -> Iterator[Actor]:
    """Act as an account, or as the platform; refusals end the command."""
    actor = accounts.actor_by_login(login) if login else SYSTEM
    if actor is None:
        raise WrongUsage(
            Text("没有账号 {login}。", "There is no account {login}.", login=login or "")
        )
    try:
        with acting_as(actor):
            yield actor
    except Refused as refused:
        end_refused(refused)


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


@register.command()
@click.argument("name")
@click.argument("file", type=_FILE)
@click.option("--valid-from", type=_DAY, help="Since when rows are true that do not say so.")
@click.option("--source", default="", help="Where it comes from; the file's name, if left out.")
@click.option("--why", default="", help="Why rows may correct what is recorded already.")
@click.option("--refused", type=_OUT, help="Where rows that are not taken are listed.")
@click.option("--encoding", default="utf-8-sig", show_default=True, help="Of a CSV file.")
@click.option("--batch", default=loading.BATCH, show_default=True, help="Rows of a transaction.")
@click.option("--dry-run", is_flag=True, help="Say what it would come to, and keep nothing.")
@_BY
def load(
    name: str,
    file: Path,
    valid_from: datetime | None,
    source: str,
    why: str,
    refused: Path | None,
    encoding: str,
    batch: int,
    dry_run: bool,
    by: str | None,
) -> None:
    """Load FILE (CSV, XLSX, JSON lines, Parquet) into NAME; go on where a load ended."""
    with _by(by) as actor:
        pass
    report_file = refused or file.with_name(f"{file.name}.refused.csv")
    try:
        rows = TableFile(file, columns_of(queries.used(name).declaration), encoding)
        order = loading.Order(
            name,
            source or file.name,
            timezone.now(),
            _day(valid_from) or loading.today(),
            why,
            actor,
            batch,
        )
        listing = Listing(report_file, begun=loading.goes_on(name, rows)[0] > 0)
        with under_way() as steps, steps(Text("导入", "Loading")) as progress:
            if dry_run:
                told = loading.tried(order, rows, listing)
            else:
                told = loading.load(order, rows, listing, progress)
    except Refused as refusal:
        end_refused(refusal)
    if told.resumed_at:
        tell(
            Text(
                "前 {rows:,} 行以前已导入，从其后继续。",
                "The first {rows:,} {rows|row was|rows were} loaded before; "
                "it went on behind them.",
                rows=told.resumed_at,
            )
        )
    tell(
        Text(
            "✓ {rows:,} 行：登记 {facts:,} 条，没有变化 {unchanged:,} 条，拒绝 {refused:,} 行。",
            "✓ {rows:,} {rows|row|rows}: {facts:,} recorded, {unchanged:,} unchanged, "
            "{refused:,} refused.",
            rows=told.rows,
            facts=told.facts,
            unchanged=told.unchanged,
            refused=told.refused,
        )
    )
    if dry_run:
        tell(Text("这是试导入，什么都没有登记。", "This was a trial: nothing was recorded."))
    if told.refused:
        tell(
            Text(
                "被拒绝的行和原因见 {file}。",
                "The refused rows, each with its reason, are in {file}.",
                file=str(report_file),
            ),
            err=True,
        )
        raise SystemExit(1)


class Listing:
    """The rows that are not taken: line, field and reason, written before their batch is kept."""

    def __init__(self, file: Path, *, begun: bool) -> None:
        self._file = file
        if not begun or not file.exists():
            self._write([("line", "field", "id", "原因", "reason", "hint")], "w")

    def __call__(self, refusals: Sequence[Refusal]) -> None:
        self._write(
            [
                (
                    line,
                    finding.place.question if finding.place else "",
                    finding.id,
                    finding.message.zh,
                    finding.message.en,
                    finding.hint.en if finding.hint else "",
                )
                for line, finding in refusals
            ],
            "a",
        )

    def _write(self, rows: Sequence[Sequence[object]], mode: str) -> None:
        with self._file.open(mode, encoding="utf-8", newline="") as out:
            out.write(cells.table(rows))


@register.command("make-up")
@click.argument("name")
@click.argument("out", type=_OUT)
@click.option("--within", default=PROVINCE, show_default=True, help="The code of the division.")
def make_up(name: str, out: Path, within: int) -> None:
    """Write made-up records of NAME over real divisions into OUT (.jsonl), ready to be loaded."""
    wanted = [each for each in demonstration().made_up if each.register == name]
    if not wanted:
        raise WrongUsage(
            Text(
                "demonstration.yaml 没有写怎样虚构“{name}”的记录。",
                "demonstration.yaml does not say how records of “{name}” are made up.",
                name=name,
            )
        )
    given: set[object] = set()
    with out.open("w", encoding="utf-8") as stream, acting_as(SYSTEM):
        declared = queries.used(name).declaration
        for row in (row for each in wanted for row in madeup.rows(each, within)):
            # Of tens of thousands two may get one identity number; the second stays away.
            key = row.data[declared.key] if declared else len(given)
            if key not in given:
                given.add(key)
                stream.write(json.dumps(row.data, ensure_ascii=False, default=str) + "\n")
    count = len(given)
    tell(
        Text(
            "写了 {count} 条虚构的记录：{out}。",
            "{count} made-up {count|record|records} written: {out}.",
            count=count,
            out=out.name,
        )
    )


@register.command()
@click.argument("name")
@click.argument("out", type=_OUT)
@_AS_OF
@_KNOWN_ON
@_BY
def export(
    name: str, out: Path, as_of: datetime | None, known_on: datetime | None, by: str | None
) -> None:
    """Write what is true of all records of NAME into OUT (.csv or .jsonl), without secrets."""
    with _by(by):
        one, count = queries.used(name), 0
        with out.open("w", encoding="utf-8", newline="") as stream:
            for state in exporting.records(name, as_of=_day(as_of), known_on=_day(known_on)):
                row = exporting.row_of(one, state)
                if out.suffix == ".csv":
                    writer = csv.DictWriter(stream, list(row), extrasaction="ignore")
                    if not count:
                        writer.writeheader()
                    writer.writerow({k: _cell(v) for k, v in row.items()})
                else:
                    stream.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
                count += 1
    tell(Text("✓ {count:,} 条记录", "✓ {count:,} records", count=count))


def _cell(value: object) -> object:
    return ";".join(map(str, value)) if isinstance(value, list) else value


@register.command()
@click.argument("name")
@click.argument("out", type=_OUT)
@_AS_OF
@_KNOWN_ON
@_BY
def snapshot(
    name: str, out: Path, as_of: datetime | None, known_on: datetime | None, by: str | None
) -> None:
    """Write what is true of all records of NAME into OUT, a Parquet file for whole populations."""
    with _by(by):
        write_snapshot(name, out, as_of=_day(as_of), known_on=_day(known_on))
    tell(Text("✓ {file}", "✓ {file}", file=str(out)))


def write_snapshot(name: str, out: Path, *, as_of: date | None, known_on: date | None) -> None:
    """What is true of all records of a register on a day, as whoever acts may see it.

    The file's metadata say the register, its version, its key and the column of the division.
    """
    with duck() as database:
        one = queries.used(name)
        plain = database.folder / "rows.jsonl"
        with plain.open("w", encoding="utf-8") as stream:
            for state in exporting.records(name, as_of=as_of, known_on=known_on):
                row = exporting.row_of(one, state)
                stream.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        types = ", ".join(f"{quoted(k)}: {quoted(v)}" for k, v in _types(one).items())
        sql = (
            f"SELECT * FROM read_json({quoted(str(plain))}, format = 'newline_delimited', "
            f"columns = {{{types}}})"
        )
        notes = {"xiangyun.register": one.code, "xiangyun.version": str(one.version)}
        if one.declaration is not None:
            notes |= {
                "xiangyun.key": one.declaration.key,
                "xiangyun.place": one.declaration.division,
            }
        database.write(sql, out, notes)


def snapshot_for(name: str, out: Path, *, as_of: date, by: str | None) -> None:
    """The snapshot for a run over it, as an account or as the platform."""
    with _by(by):
        write_snapshot(name, out, as_of=as_of, known_on=None)


_SQL = {
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "moment": "TIMESTAMPTZ",
    "list": "VARCHAR[]",
}


def _types(one: queries.Used) -> dict[str, str]:
    """The type of each column, by the declaration: nothing is guessed from values."""
    found = {}
    for field in one.declaration.fields if one.declaration else ():
        if field.name in one.sensitive:
            continue
        found[field.name] = _SQL.get(field.type, f"DECIMAL(38, {field.scale})")
        if field.name == (one.declaration.division if one.declaration else ""):
            found[field.name] = "BIGINT"
    return found | {"valid_from": "DATE", "valid_to": "DATE"}


@register.command()
@click.argument("name")
@click.option("--since", default=0, help="The size of the journal that is known already.")
@_BY
def changes(name: str, since: int, by: str | None) -> None:
    """Print every fact of NAME recorded since a place in the journal, a JSON object a line."""
    while journal.seal(timezone.now(), signer()):
        pass
    with _by(by):
        one = queries.used(name)
        while some := list(exporting.changes(name, since)):
            for change in some:
                click.echo(json.dumps(change.as_json(one), ensure_ascii=False, default=str))
            since = some[-1].index + 1


@register.command()
@click.argument("name")
@click.argument("text", default="")
@click.option("--where", multiple=True, metavar="FIELD=VALUE", help="What a field has to be.")
@click.option("--within", type=int, help="The code of the division it lies in.")
@click.option("--after", help="The mark of the next page, as the page before printed it.")
@click.option("--limit", default=50, show_default=True, help="Records of a page.")
@_AS_OF
@_KNOWN_ON
@_BY
def search(
    name: str,
    text: str,
    where: Sequence[str],
    within: int | None,
    after: str | None,
    limit: int,
    as_of: datetime | None,
    known_on: datetime | None,
    by: str | None,
) -> None:
    """Find records of NAME by a code, a part of a name, its pinyin or initials (TEXT)."""
    filters: dict[str, Any] = {}
    for each in where:
        field, sign, value = each.partition("=")
        low, range_, high = value.partition("..")
        filters[field] = (low or None, high or None) if range_ else value
        if not sign:
            raise WrongUsage(Text("--where 的写法是 字段=值。", "--where is written FIELD=VALUE."))
    with _by(by):
        page = queries.search(
            name,
            text,
            filters=filters,
            within=within,
            as_of=_day(as_of),
            known_on=_day(known_on),
            after=after,
            limit=limit,
        )
    for state in page.states:
        _print(state)
    if page.after:
        click.echo(f"--after {page.after}", err=True)


@register.command()
@click.argument("name")
@click.argument("key")
@click.option("--history", "whole", is_flag=True, help="Every fact, with what superseded it.")
@_AS_OF
@_KNOWN_ON
@_BY
def show(
    name: str,
    key: str,
    whole: bool,
    as_of: datetime | None,
    known_on: datetime | None,
    by: str | None,
) -> None:
    """Print what is true of the record KEY of NAME; sensitive values are masked."""
    with _by(by):
        found = queries.record_with(name, key)
        facts = queries.facts_of(found) if found and whole else []
        state = queries.state(name, key, as_of=_day(as_of), known_on=_day(known_on))
    for each in facts if whole else [state] if state else []:
        _print(each)
    if not facts and state is None:
        raise WrongUsage(Text("没有这条记录：{key}", "There is no such record: {key}", key=key))


def _print(state: queries.State) -> None:
    told: dict[str, object] = {
        "key": state.key,
        "data": None if state.data is None else sealing.masked(state.data),
        "valid_from": state.valid_from,
        "valid_to": state.valid_to,
        "recorded_on": state.recorded_on,
        "source": state.source,
    }
    if state.why:
        told["why"] = state.why
    if state.superseded_by:
        told["superseded_by"] = state.superseded_by
    click.echo(json.dumps(told, ensure_ascii=False, default=str))


@register.command()
@click.argument("name")
@click.argument("key")
@click.argument("out", type=_OUT)
@_BY
def prove(name: str, key: str, out: Path, by: str | None) -> None:
    """Write into OUT the proof of the latest fact of KEY: its way to the journal's entry."""
    while journal.seal(timezone.now(), signer()):
        pass
    with _by(by):
        proof = exporting.proof_of(name, key)
    out.write_text(json.dumps(proof, ensure_ascii=False, indent=1), encoding="utf-8")
    tell(
        Text("✓ {file}：{answer}", "✓ {file}: {answer}", file=str(out), answer=_HOLDS[holds(proof)])
    )


_HOLDS = {
    True: Text("证明成立", "the proof holds"),
    False: Text("证明不成立", "the proof does not hold"),
}


@register.command("move-division")
@click.argument("old", type=int)
@click.argument("new", type=int)
@click.option("--on", type=_DAY, required=True, help="The day from which on it is so.")
@click.option("--why", required=True, help="The announcement it rests on.")
def move_division(old: int, new: int, on: datetime, why: str) -> None:
    """Let all records that lie in the division OLD lie in NEW from a day on."""
    try:
        moved = following.move_division(
            old, new, on=on.date(), why=why, at=timezone.now(), source=why
        )
    except Refused as refused:
        end_refused(refused)
    tell(Text("✓ 迁移 {count:,} 条", "✓ {count:,} records follow", count=moved))


@register.command()
@click.argument("name")
@click.argument("duplicate")
@click.argument("stays")
@click.option("--why", required=True, help="How it was found that both are the same.")
def join(name: str, duplicate: str, stays: str, why: str) -> None:
    """Join the record DUPLICATE of NAME with the one that STAYS."""
    try:
        following.join(name, duplicate, stays, why=why, at=timezone.now())
    except Refused as refused:
        end_refused(refused)
    click.echo(f"✓ {duplicate} → {stays}")


@register.command()
@click.argument("code")
@click.option("--on", type=_DAY, required=True, help="The day of death.")
@click.option("--why", required=True, help="The document it rests on.")
def death(code: str, on: datetime, why: str) -> None:
    """End the records about the person with the identity number CODE in registers of persons."""
    with acting_as(SYSTEM):
        person = parties.by_code("person", code)
    if person is None:
        raise WrongUsage(Text("没有这个号码的人。", "There is nobody with this number."))
    ended = following.note_death(person.pk, on=on.date(), why=why, at=timezone.now(), source=why)
    tell(Text("✓ 注销 {count:,} 条", "✓ {count:,} records were ended", count=ended))


@register.command("rotate-keys")
@click.option("--no-new-key", is_flag=True, help="Go on with the newest key; make no further one.")
def rotate_keys(no_new_key: bool) -> None:
    """Make a new key and encrypt with it all that is kept encrypted, cases too; resumable."""
    folder = instance_folder() / "data"
    if not no_new_key:
        add_key(folder)
    done = keys.rotate(timezone.now())
    tell(
        Text(
            "✓ 用第 {key} 号密钥重新加密：登记 {facts:,} 条，"
            "办件等的密钥 {wrapped:,} 个，验证器 {apps:,} 个。",
            "✓ Encrypted anew with key {key}: {facts:,} facts of registers, {wrapped:,} keys of "
            "cases and what hangs on them, {apps:,} secrets of authenticator apps.",
            key=sealing.newest_key(),
            facts=done.get("registers", 0),
            wrapped=done.get("vault", 0),
            apps=done.get("authentication", 0),
        )
    )
    tell(
        Text(
            "旧密钥请保留：以前的备份仍要用它。",
            "Keep the older keys: backups of before still need them.",
        )
    )
