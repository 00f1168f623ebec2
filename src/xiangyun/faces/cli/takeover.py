"""`xiangyun takeover`: a table of another system into a register, counted before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from xiangyun.adapters.tables import TableFile
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import exporting, loading, queries
from xiangyun.kernel.findings import Finding, NotFound, Refused, Text
from xiangyun.kernel.record.takeover import Count, Takeover, compared
from xiangyun.kernel.spelling import did_you_mean

from .progress import under_way
from .register import Listing
from .telling import end_refused, tell

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class OldRows:
    """The rows of an old table as those of a register; a `registers.ports.Rows`."""

    written = True

    def __init__(self, mapping: Takeover, file: TableFile) -> None:
        self._mapping, self._file = mapping, file
        self.name, self.digest = file.name, file.digest

    @property
    def share(self) -> float:
        """How much of the file is read, from 0 to 1."""
        return self._file.share

    def rows(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        """Line and record; what is skipped is left out, and counts for no row."""
        for line, row in islice(self.old(), done, None):
            yield line, row if isinstance(row, Finding) else self._mapping.translated(row)

    def old(self) -> Iterator[tuple[int, dict[str, str] | Finding]]:
        """The old rows themselves, without those that are skipped."""
        for line, row in self._file.rows(0):
            if isinstance(row, Finding):
                yield line, row
                continue
            cells = {key: "" if value is None else str(value) for key, value in row.items()}
            if not self._mapping.skips(cells):
                yield line, cells


@click.command()
@click.argument("mapping")
@click.argument("file", type=_FILE)
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="Since when rows are true.")
@click.option("--encoding", default="utf-8-sig", show_default=True, help="Of a CSV file.")
@click.option("--refused", type=click.Path(path_type=Path), help="Where refused rows are listed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def takeover(
    mapping: str,
    file: Path,
    valid_from: datetime | None,
    encoding: str,
    refused: Path | None,
    as_json: bool,
) -> None:
    """Take FILE of another system over by the MAPPING with this code; go on where one ended.

    Ends with 1 where a row was refused, or a count or a sum differs.
    """
    try:
        with acting_as(SYSTEM):
            own = _mapping(mapping)
            known = {name: name for name in own.old_columns}
            table = TableFile(file, known, encoding, own.needed_columns)
            rows = OldRows(own, table)
            begun = loading.goes_on(own.register, rows)[0] > 0
            listing = Listing(refused or file.with_name(f"{file.name}.refused.csv"), begun=begun)
            order = loading.Order(
                own.register,
                own.source,
                timezone.now(),
                valid_from.date() if valid_from else loading.today(),
            )
            with under_way() as steps, steps(Text("接管", "Taking over")) as progress:
                told = loading.load(order, rows, listing, progress)
            before, keys = _before(own, OldRows(own, table))
            after = _after(own, keys)
    except Refused as refusal:
        end_refused(refusal)
    lines = list(compared(before, after))
    agrees = all(same for *_, same in lines)
    if as_json:
        shown = [
            {"what": what, "before": str(one), "after": str(other), "same": same}
            for what, one, other, same in lines
        ]
        click.echo(
            json.dumps({"not_taken": told.refused, "compared": shown}, ensure_ascii=False, indent=2)
        )
    else:
        _tell(lines, told.refused)
    raise SystemExit(0 if agrees and not told.refused else 1)


def _mapping(code: str) -> Takeover:
    found = catalogue.declaration("takeover", code)
    if found is None:
        known = [each.code for each in catalogue.declared("takeover")]
        raise NotFound(
            [
                Finding(
                    "pack.E688",
                    "error",
                    Text("没有接管映射“{code}”。", "There is no takeover “{code}”.", code=code),
                    hint=did_you_mean(code, known),
                )
            ]
        )
    value: Takeover = found.value
    return value


def _before(own: Takeover, rows: OldRows) -> tuple[Count, set[str]]:
    """The old rows as the old system has them, and the keys that their records have.

    Sums are those of the old columns.
    """
    counted, target = Count(), queries.used(own.register)
    keys: set[str] = set()
    for _, row in rows.old():
        if isinstance(row, Finding):
            counted.add("?", ())
            continue
        made = own.translated(row)
        if isinstance(made, Finding):
            group = "?"
        else:
            group = made.get(own.group, "") if own.group else ""
            keys.add(target.keyed(made.get(target.key_field, "")))
        counted.add(group, [(each.field, row.get(each.column)) for each in own.sums])
    return counted, keys


def _after(own: Takeover, keys: set[str]) -> Count:
    """The records of these keys that say that they were taken over by this mapping.

    An old system may come in many files, a year each: what others of them brought is not counted.
    """
    counted = Count()
    for state in exporting.records(own.register, as_of=date.max):
        if state.source == own.source and state.key in keys:
            data = state.data or {}
            group = str(data.get(own.group) or "") if own.group else ""
            counted.add(group, [(each.field, data.get(each.field)) for each in own.sums])
    return counted


def _alike(one: object, other: object) -> tuple[str, str]:
    """Two numbers as text, with as many decimals as the one that has more."""
    if not (isinstance(one, Decimal) and isinstance(other, Decimal)):
        return str(one), str(other)
    digits = max(0, *(-int(each.as_tuple().exponent) for each in (one, other)))
    return f"{one:.{digits}f}", f"{other:.{digits}f}"


def _tell(lines: list[tuple[str, object, object, bool]], refused: int) -> None:
    for what, first, second, same in lines:
        one, other = _alike(first, second)
        tell(
            Text(
                "{mark} {what}：原有 {one}，接管后 {other}",
                "{mark} {what}: {one} before, {other} after",
                mark="✓" if same else "✗",
                what=what or Text("行数", "rows"),
                one=one,
                other=other,
            )
        )
    if refused:
        tell(
            Text(
                "拒绝 {n} 行，改好以后再接管一次。",
                "{n} {n|row was|rows were} refused: mend {n|it|them} and take over again.",
                n=refused,
            ),
            err=True,
        )
