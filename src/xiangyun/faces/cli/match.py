"""`xiangyun match`: which offers fit which demands, why the others do not, and who never fits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import click
import duckdb

from xiangyun.adapters.duck import Duck, named
from xiangyun.adapters.pairing import Asked, opened
from xiangyun.kernel.findings import Finding, NotFound, Place, Refused, Text
from xiangyun.kernel.matching import Judged, Matching, judge
from xiangyun.kernel.matching.fitting import Fitting
from xiangyun.kernel.matching.model import SideName
from xiangyun.kernel.matching.statement import Tables, best_sql, fairness_sql, pairs_sql
from xiangyun.kernel.pack import Declaration, Known, read_contents
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.packfile.faults import fault, unknown

from .overall import files_of
from .packpath import PACK
from .packtree import code_of, known_around
from .telling import Failed, WrongUsage, beside, end_refused, help_of, tell

_GIVEN = click.Path(exists=True, path_type=Path)
SIDES: tuple[SideName, ...] = ("offers", "demands")


@click.command()
@click.argument("pack")
@click.option(
    "--matching",
    "code",
    help=help_of(
        Text("哪一个撮合；只有一个时可以不写。", "Which matching; may be left out if there is one.")
    ),
)
@click.option("--offers", type=_GIVEN, help="The offers: a CSV or Parquet file.")
@click.option("--demands", type=_GIVEN, help="The demands: a CSV or Parquet file.")
@click.option(
    "--best",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help=help_of(Text("每一条最多列几个。", "How many partners of each record at most.")),
)
@click.option(
    "--for",
    "side",
    type=click.Choice(SIDES),
    default="demands",
    show_default=True,
    help=help_of(Text("替哪一方找。", "The side that partners are found for.")),
)
@click.option(
    "--pair",
    nargs=2,
    metavar="OFFER DEMAND",
    help=help_of(Text("只看这一对，说明理由。", "This pair only, with the reasons.")),
)
@click.option(
    "--fairness",
    is_flag=True,
    help=help_of(Text("谁始终配不上，为什么。", "Who never fits, and why.")),
)
@click.option(
    "--sql",
    type=click.Choice(["duckdb", "postgres"]),
    help=help_of(Text("只打印全部配对的 SQL。", "Print the SQL of all pairs, and do not run it.")),
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def match(
    pack: str,
    code: str | None,
    offers: Path | None,
    demands: Path | None,
    best: int,
    side: str,
    pair: tuple[str, str] | None,
    fairness: bool,
    sql: str | None,
    as_json: bool,
) -> None:
    """Match the offers and demands of PACK, a folder or the code of a pack.

    A pair fits where it meets every row of the decision; those that it does
    not meet say what would have to change.
    """
    own = cast("SideName", side)
    try:
        asked = _asked(pack, code)
        if sql:
            dialect = "postgres" if sql == "postgres" else "duckdb"
            tables = Tables('"offers"', '"demands"', dialect, asked.scales)
            click.echo(pairs_sql(asked.matching, tables))
            return
        if offers is None or demands is None:
            raise WrongUsage(
                Text("请给 --offers 和 --demands。", "Give both --offers and --demands.")
            )
        with opened(asked, offers, demands) as (database, tables):
            if pair:
                found = _pair(asked, database, tables, *pair)
            elif fairness:
                found = _fairness(asked, database, tables, own)
            else:
                found = _best(asked, database, tables, own, best)
    except Refused as refused:
        end_refused(refused)
    except duckdb.Error as error:
        raise Failed(
            Text("读不了这些表：{error}", "Cannot read the tables: {error}", error=str(error))
        ) from None
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _tell(found)


def declared_around(pack: str) -> tuple[Sequence[Declaration], Known]:
    """What a pack declares, and all that is declared around it. Raises Refused for its faults."""
    folder = PACK.convert(pack, None, None)
    own = code_of(folder)
    contents = read_contents(files_of(pack), own)
    errors = [each for each in contents.findings if each.severity == "error"]
    if errors:
        raise Refused(errors)
    known = known_around(folder.parent.parent, without=own)
    return contents.declarations, known.with_pack(own, contents.declarations)


def with_registers(matching: Matching, known: Known) -> Asked:
    """A matching with the registers of its sides. Raises NotFound where there is none."""
    registers = registers_in(known)
    for each in (matching.offers, matching.demands):
        if each.register not in registers:
            kind = Text("登记库", "register")
            raise NotFound([unknown("matching.E009", kind, each.register, registers, each.place)])
    return Asked(matching, registers)


def _asked(pack: str, code: str | None) -> Asked:
    declarations, known = declared_around(pack)
    there = {each.code: each for each in declarations if each.kind == "matching"}
    chosen = code or (next(iter(there)) if len(there) == 1 else "")
    if chosen not in there:
        kind = Text("撮合", "matching")
        raise NotFound([unknown("matching.E009", kind, chosen or "?", there, Place(pack))])
    return with_registers(there[chosen].value, known)


_Records = Mapping[str, dict[str, Any]]


def _records(
    asked: Asked, database: Duck, tables: Tables, which: str, parameters: Mapping[SideName, str]
) -> tuple[_Records, _Records]:
    """The records of both sides, by key, that a condition on `key` chooses."""
    found = []
    for name in SIDES:
        side = asked.matching.side(name)
        names = list(asked.matching.fields(side))
        key, columns = named(side.key), ", ".join(map(named, names))
        table = tables.offers if name == "offers" else tables.demands
        condition = which.format(key=key, side=name[:-1])
        values = [parameters[name]] if name in parameters else []
        rows = database.rows(f"SELECT {key}, {columns} FROM {table} WHERE {condition}", values)
        found.append({row[0]: dict(zip(names, map(_feel, row[1:]), strict=True)) for row in rows})
        if values and not rows:
            raise NotFound([_no_such(name, values[0])])
    return found[0], found[1]


def _no_such(side: SideName, key: str) -> Finding:
    return fault(
        "matching.E009",
        Text("{side} 里没有“{key}”。", "There is no “{key}” among {side}.", side=side, key=key),
        None,
    )


def _feel(value: object) -> Any:
    """A cell as FEEL has it: every number is exact."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value if value is None or isinstance(value, str | bool | Decimal | date) else str(value)


def _pair(
    asked: Asked, database: Duck, tables: Tables, offer: str, demand: str
) -> list[dict[str, Any]]:
    keys: dict[SideName, str] = {"offers": offer, "demands": demand}
    offers, demands = _records(asked, database, tables, "{key} = ?", keys)
    judged = judge(asked.matching, offers[offer], demands[demand])
    return [{"offer": offer, "demand": demand, **_judged(judged)}]


def _best(
    asked: Asked, database: Duck, tables: Tables, side: SideName, most: int
) -> list[dict[str, Any]]:
    database.run(f"CREATE TABLE best AS {best_sql(asked.matching, tables, side, most)}")
    chosen = "{key} IN (SELECT {side} FROM best)"
    offers, demands = _records(asked, database, tables, chosen, {})
    first, second = ("offer", "demand") if side == "offers" else ("demand", "offer")
    rows = database.rows(f"SELECT offer, demand, rank FROM best ORDER BY {first}, rank, {second}")
    fitting = Fitting(asked.matching)  # the statement has decided: no pair is decided again
    return [
        {
            "offer": offer,
            "demand": demand,
            "rank": rank,
            **_judged(fitting.judged(offers[offer], demands[demand])),
        }
        for offer, demand, rank in rows
    ]


def _fairness(asked: Asked, database: Duck, tables: Tables, side: SideName) -> list[dict[str, Any]]:
    rules = asked.matching.table.rules
    found = []
    for row in database.rows(fairness_sql(asked.matching, tables, side)):
        key, partners, fitting, least, *hindered = row
        if fitting:
            continue
        why = [
            {"row": rule.id, "of": int(count), "requires": said.to_json()}
            for rule, count, said in zip(rules, hindered, asked.requirements, strict=True)
            if count
        ]
        why.sort(key=lambda each: -int(str(each["of"])))
        found.append({side[:-1]: key, "partners": partners, "nearest": int(least), "why": why})
    return found


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "fits": judged.fits,
        "met": [{"row": each.row_id, "requires": each.requires.to_json()} for each in judged.met],
        "unmet": [
            {
                "row": each.row_id,
                "requires": each.requires.to_json(),
                "change": each.change.to_json(),
            }
            for each in judged.unmet
        ],
    }


def _tell(found: list[dict[str, Any]]) -> None:
    for each in found:
        if "fits" in each:
            click.echo(f"{'✓' if each['fits'] else '✗'} {each['offer']}  {each['demand']}")
            lines = [(why["row"], why["change"]) for why in each["unmet"]]
            lines = lines or [(why["row"], why["requires"]) for why in each["met"]]
        else:
            key = each.get("offer") or each.get("demand")
            click.echo(f"✗ {key}  0/{each['partners']}")
            lines = [(f"{why['row']} {why['of']}", why["requires"]) for why in each["why"]]
        for row, words in lines:
            click.echo(f"    {row}  {beside(Text.given(words['zh'], words['en']))}")
    tell(Text("共 {count} 条。", "{count} in all.", count=len(found)))
