"""Open data measured: a filtered page, facets and the whole table as CSV beside Datasette, a
monthly statistic beside the SQL by hand, the catalogue indexed and searched, and the table of the
province protected and attacked.

Datasette reads the same rows from SQLite with an index on the filtered column, over HTTP on this
machine; ours are asked of the process that strangers' queries run in, and of the exporter, in a
process of their own so that its memory is theirs alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from typing import Any
from urllib.request import urlopen

from machine import Machine, revision

HERE = Path(__file__).parent
PEER = HERE.parent / "build" / "bench" / "bench-open" / "bin"
PAGE = HERE.parent / "docs" / "benchmarks" / "open.md"
ROOT = HERE.parent
KINDS = 10
MEASURED = ("src/xiangyun/adapters", "src/xiangyun/domain/datasets", "src/xiangyun/kernel")
TIMES, HAND, INDEXED, SEARCHED, SUPPRESSED = 2.0, 1.3, 60.0, 60.0, 5.0
"""What is wanted: times Datasette's rate, times the SQL by hand, seconds, milliseconds, seconds."""


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, default=10_000_000)
    parser.add_argument("--sets", type=int, default=100_000, help="data sets of the catalogue")
    parser.add_argument("--asked", type=int, default=100, help="searches of each kind")
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rows, chosen.cases, chosen.rounds = 20_000, 200_000, 2
        chosen.sets, chosen.asked = 1_000, 5
    return chosen


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Seconds of each round, after one that does not count."""
    work()
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return found


def table(folder: Path, rows: int) -> tuple[Path, Path]:
    """The same drawn rows as Parquet and as CSV."""
    import duckdb  # noqa: PLC0415 - after the home is set

    parquet, csv = folder / f"{'0' * 64}.parquet", folder / "rows.csv"
    sql = (
        "SELECT i AS code, '22' || lpad(((i * 7919) % 60)::TEXT, 4, '0') || '000000' AS place, "
        "'kind ' || (i * 31) % 40 AS kind, DATE '2020-01-01' + ((i * 17) % 2000)::INT AS day, "
        f"round((i * 104729) % 100000 / 7.0, 2) AS value FROM range({rows}) t(i)"
    )
    with duckdb.connect() as database:
        database.execute(f"COPY ({sql}) TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)")
        database.execute(f"COPY ({sql}) TO '{csv}' (FORMAT csv, HEADER)")
    return parquet, csv


class Watched:
    """Looks fifty times a second how much memory processes have, and keeps the most in MB.

    Proportional: a library that two processes share counts once. `processes` is asked each time.
    """

    def __init__(self, processes: Callable[[], list[int]]) -> None:
        self.most = 0.0
        self._processes, self._done = processes, Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            found = sum(map(self._of, self._processes()))
            self.most = max(self.most, found / 1024)

    def _of(self, process: int) -> int:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:  # it has just ended
            return 0
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def alone(parquet: Path, home: str, rounds: int) -> dict[str, Any]:
    """What `ours` measures, in a process of its own."""
    command = [sys.executable, __file__, "--part", str(parquet), home, "--rounds", str(rounds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def ours(parquet: Path, rounds: int) -> dict[str, Any]:
    """Page, facets and CSV of ours, and the memory of this process and of that of queries."""
    from xiangyun.adapters import exports, openquery  # noqa: PLC0415 - after the settings
    from xiangyun.kernel.projection.filters import Asked, filtered  # noqa: PLC0415 - the same

    columns = {"code": "integer", "place": "text", "kind": "text", "day": "date", "value": "number"}
    digest = {"t": parquet.stem}
    asked = filtered("t", columns, {"place": "220007000000"}, sort="value")

    def page() -> None:
        openquery.ask(Asked(f"{asked.sql} LIMIT 100", ("t",), asked.parameters), digest, most=100)

    def facets() -> None:
        for name in ("place", "kind"):
            sql = f'SELECT "{name}", count(*) FROM t GROUP BY 1 ORDER BY 2 DESC LIMIT 30'
            openquery.ask(Asked(sql, ("t",)), digest, most=30)

    def csv() -> None:
        parquet.with_suffix(".csv").unlink(missing_ok=True)
        with exports.exported(parquet, "csv", {}).open("rb") as file:  # as it is given
            while file.read(1 << 16):
                pass

    def processes() -> list[int]:
        return [os.getpid(), *(each.pid for each in openquery._ALL if each.poll() is None)]

    works = (("page", page), ("facets", facets), ("csv", csv))
    with Watched(processes) as watched:
        found: dict[str, Any] = {name: timed(work, rounds) for name, work in works}
    return {**found, "memory": watched.most}


def datasette(folder: Path, csv: Path, rounds: int) -> dict[str, Any]:
    """The same of Datasette; nothing where it is not installed."""
    if not (PEER / "datasette").exists():
        print("Datasette is not there: build/bench/bench-open", file=sys.stderr)
        return {}
    file = folder / "rows.db"
    run = [str(PEER / "sqlite-utils"), "insert", str(file), "t", str(csv), "--csv"]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        [str(PEER / "sqlite-utils"), "create-index", str(file), "t", "place"], check=True
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(PEER / "datasette"), str(file), "-p", str(port)]
    for name, value in (("facet_time_limit_ms", 60_000), ("sql_time_limit_ms", 60_000)):
        command += ["--setting", name, str(value)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    at = f"http://127.0.0.1:{port}/rows/t"

    def get(address: str) -> None:
        with urlopen(address, timeout=600) as answer:
            while answer.read(1 << 20):
                pass

    try:
        for _ in range(200):
            try:
                get(f"{at}.json?_size=1")
                break
            except OSError:
                time.sleep(0.1)
        page = f"{at}.json?place=220007000000&_sort=value&_size=100&_nocount=1"
        facets = f"{at}.json?_facet=place&_facet=kind&_size=0"
        with Watched(lambda: [server.pid]) as watched:
            found: dict[str, Any] = {
                "page": timed(lambda: get(page), rounds),
                "facets": timed(lambda: get(facets), rounds),
                # A minute and a quarter each: two tell it.
                "csv": timed(lambda: get(f"{at}.csv?_stream=on"), min(rounds, 2)),
            }
        return {**found, "memory": watched.most}
    finally:
        server.terminate()
        server.wait()


def monthly(folder: Path, cases: int, rounds: int) -> dict[str, list[float]]:
    """A monthly statistic over cases: compiled from an indicator, and written by hand."""
    import duckdb  # noqa: PLC0415 - after the home is set

    from xiangyun.kernel.projection import read_indicators  # noqa: PLC0415 - the same
    from xiangyun.kernel.projection.statement import Rows, figures_sql  # noqa: PLC0415 - the same

    file = folder / "cases.parquet"
    (indicator,) = read_indicators(
        "indicators:\n  - id: days\n    name: {zh-Hans: 天, en: Days}\n"
        "    unit: {zh-Hans: 天, en: days}\n    over: {cases: all, at: ended}\n"
        "    when: =days >= 0\n    measure: {average: =days}\n    decimals: 1\n",
        lambda finding: None,
    )
    with duckdb.connect(config={"threads": 2}) as database:
        database.execute(
            "COPY (SELECT 220000000000 + (i * 7919 % 60) * 1000000 AS _division, "
            "DATE '2024-01-01' + (i * 17 % 700)::INT AS ended, i * 31 % 40 AS days "
            f"FROM range({cases}) t(i)) TO '{file}' (FORMAT parquet)"
        )
        rows = Rows(
            "SELECT *, date_trunc('month', ended)::DATE AS _period, DATE '2026-01-01' AS \"on\" "
            f"FROM '{file}'",
            {"days": "integer", "ended": "date"},
        )
        made = figures_sql(indicator, rows, "duckdb")
        hand = f"""
SELECT m, coalesce(c, p, s) AS place, count(*), round(avg(days), 1) FROM (
    SELECT date_trunc('month', ended)::DATE AS m, _division - _division % 10000000000 AS s,
        _division - _division % 100000000 AS p, _division - _division % 1000000 AS c, days
    FROM '{file}' WHERE days >= 0) GROUP BY GROUPING SETS ((m, s), (m, p), (m, c))"""
        return {
            "compiled": timed(lambda: database.execute(made).fetchall(), rounds),
            "by hand": timed(lambda: database.execute(hand).fetchall(), rounds),
        }


def province(rounds: int) -> dict[str, list[float]]:
    """1,075 towns under 69 counties and 9 prefectures by 10 classes, protected and attacked."""
    from xiangyun.kernel import disclosure as d  # noqa: PLC0415 - after the home is set

    chance, above, towns = random.Random(5), dict[str, str](), list[str]()
    for county in range(69):
        above[f"c{county}"] = f"p{county % 9}"
        for _ in range(1075 // 69 + (county < 1075 % 69)):
            towns.append(f"t{len(towns)}")
            above[towns[-1]] = f"c{county}"
    above |= {f"p{number}": "*" for number in range(9)}
    counts = Counter[d.Key]()
    for town in towns:
        for kind in range(KINDS):
            people, place = int(chance.lognormvariate(2.5, 1.2)), town
            while place:
                counts[place, str(kind)] += people
                counts[place, "*"] += people
                place = above.get(place, "")
    up = [above, {str(kind): "*" for kind in range(KINDS)}]
    rule = d.Rule(threshold=3, protect=20)
    protecting, attacking, linking = [], [], []
    for _ in range(rounds):
        cells = {key: d.Cell(float(n), n) for key, n in counts.items()}
        begun = time.perf_counter()
        whole = d.Table(cells, d.sums_of(cells, up))
        found = d.protect(whole, rule)
        protecting.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        assert not found.exposed
        assert not d.attack(whole, found.primary, rule)
        attacking.append(time.perf_counter() - begun)
        linking.append(linked(d, whole, counts, up, rule))
    return {"protected": protecting, "attacked": attacking, "linked": linking}


def linked(d: Any, out: Any, counts: Counter[Any], up: Any, rule: Any) -> float:
    """A second version, every hundredth town corrected, with the first one out and a table of the
    prefectures by half the classes besides: seconds to protect it and to attack all together."""
    later = Counter(counts)
    for number, (place, kind) in enumerate(sorted(k for k in counts if k[0].startswith("t"))):
        if number % 100 == 0 and kind != "*":
            above = place
            while above:
                later[above, kind] += 4
                later[above, "*"] += 4
                above = up[0].get(above, "")
    known = {
        key: replace(cell, known=key not in out.hidden) for key, cell in out.cells.items()
    }  # what was shown stays known, what was hidden stays hidden
    first = d.Table(known, out.sums, set(out.hidden))
    few = [key for key in counts if key[0][0] in "p*" and (key[1] == "*" or int(key[1]) % 2)]
    other = {key: d.Cell(float(later[key]), later[key], known=later[key] >= 3) for key in few}
    besides = d.Table(other, d.sums_of(other, [up[0], {}]))
    cells = {key: d.Cell(float(n), n) for key, n in later.items()}
    second = d.Table(cells, d.sums_of(cells, up))
    begun = time.perf_counter()
    for key, cell in cells.items():  # a figure that an earlier release hides is hidden again
        if key in first.hidden and first.cells[key].value == cell.value:
            second.hidden.add(key)
    whole = d.joined([first, besides, second])
    found = d.protect(whole, rule)
    assert not d.attack(whole, found.primary, rule)
    took = time.perf_counter() - begun
    print(f"linked: {len(whole.cells):,} cells, {len(whole.sums):,} sums, "
          f"{len(whole.hidden):,} hidden, {len(found.exposed)} exposed, {took:.1f} s",
          file=sys.stderr)  # fmt: skip
    return took


def catalogue(home: Path, sets: int, asked: int) -> dict[str, Any]:
    """A catalogue of so many data sets: indexed, and searched with facets."""
    from xiangyun.adapters import postgres  # noqa: PLC0415 - after the home is set

    script = str(HERE / "peers" / "open_catalogue.py")
    with postgres.database(home / "catalogue"):
        done = subprocess.run(
            [sys.executable, script, str(sets), str(asked)],
            stdout=subprocess.PIPE,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def p95(milliseconds: list[float]) -> float:
    """The time that nineteen of twenty stay under."""
    return quantiles(milliseconds, n=20)[-1]


def page(found: dict[str, Any], chosen: argparse.Namespace, machine: Machine) -> str:
    """The figures as a page of Markdown."""
    mine, theirs, statistic = found["ours"], found["datasette"], found["statistic"]
    names = ("page", "facets", "csv")
    rows = [
        (f"{name}: times the rate of Datasette", f"≥ {TIMES}", times, times >= TIMES)
        for name in names
        if theirs
        for times in [median(theirs[name]) / median(mine[name])]
    ]
    if theirs:
        share = mine["memory"] / theirs["memory"]
        rows.append(("memory, ours ÷ Datasette's", "≤ 1", share, share <= 1))
    ratio = median(statistic["compiled"]) / median(statistic["by hand"])
    rows.append((f"a statistic over {chosen.cases:,} cases ÷ by hand", f"≤ {HAND}", ratio,
                 ratio <= HAND))  # fmt: skip
    indexed = found["catalogue"]["indexed"]
    rows.append((f"{chosen.sets:,} data sets indexed, s", f"< {INDEXED:.0f}", indexed,
                 indexed < INDEXED))  # fmt: skip
    every = [ms for took in found["catalogue"]["took"].values() for ms in took]
    rows.append(("search with six facets, p95, ms", f"< {SEARCHED:.0f}", p95(every),
                 p95(every) < SEARCHED))  # fmt: skip
    alone = found["province"]
    both = median(alone["protected"]) + median(alone["attacked"])
    rows.append(("1,075 towns by 10 classes suppressed and attacked, s", f"< {SUPPRESSED:.0f}",
                 both, both < SUPPRESSED))  # fmt: skip
    lines = [
        "# Open data",
        "",
        f"Written by `make bench-open`; do not edit. All data is made up. {machine.processor}, "
        f"{machine.cores} cores, {machine.gigabytes:.0f} GB, Python {machine.python}, load "
        f"{machine.load:.1f} before and {os.getloadavg()[0]:.1f} after; {chosen.rows:,} rows, "
        f"medians of {chosen.rounds}, Datasette's CSV of 2; {revision(ROOT, MEASURED)}.",
        "",
        "| Target | Wanted | Measured | |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {wanted} | {value:.2f} | {'met' if met else '**not met**'} |"
        for name, wanted, value, met in rows
    ]
    second = median(alone["linked"])
    told = (
        "A second version of it, every hundredth town corrected, protected beside the first and a"
    )
    lines += ["", f"{told} table of prefectures, all attacked together: {second:.1f} s."]
    lines += ["", "| What, ms | Ours | Datasette |", "|---|---|---|"]
    for name in names:
        other = f"{median(theirs[name]) * 1e3:.1f}" if theirs else "-"
        lines.append(f"| {name} | {median(mine[name]) * 1e3:.1f} | {other} |")
    if theirs:
        lines.append(f"| memory at most, MB | {mine['memory']:.0f} | {theirs['memory']:.0f} |")
    lines += ["", "| Search | Found | p95, ms | Processor, ms |", "|---|---|---|---|"]
    for kind, took in found["catalogue"]["took"].items():
        count, cpu = found["catalogue"]["found"][kind], found["catalogue"]["cpu"][kind]
        lines.append(f"| {kind} | {count:,.0f} | {p95(took):.1f} | {cpu:.1f} |")
    lines += ["", NOTES]
    return "\n".join(lines) + "\n"


NOTES = """## What the figures do not say

- Datasette answers over HTTP and writes JSON, which costs it one or two milliseconds a page; ours
  is asked where the pages ask it, a process of its own over a pipe, and reads the JSON of that.
- Memory is what the processes have beside each other (proportional set size): ours are one that
  asks, with the settings of the platform, and the one that queries run in, with DuckDB; Datasette's
  is one.
- CSV of everything is made anew in each round; a release's is made once and given as a file.
- Datasette has an index on the filtered column; Parquet has none.
- Data sets come by a harvest: read, cut, compared, written with all the words they are found by.
- A search is the count, a page of twenty and six facets, asked of the domain without its page."""


def main() -> None:
    """Measure, print, and write the page."""
    chosen = options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyun.site.settings")
    if chosen.part:
        parquet, os.environ["XIANGYUN_HOME"] = Path(chosen.part[0]), chosen.part[1]
        print(json.dumps(ours(parquet, chosen.rounds)))
        return
    machine = Machine.here()
    with tempfile.TemporaryDirectory(prefix="xiangyun-open-") as home:
        os.environ["XIANGYUN_HOME"] = home
        folder = Path(home) / "open"
        folder.mkdir()
        parquet, csv = table(folder, chosen.rows)
        found = {
            "ours": alone(parquet, home, chosen.rounds),
            "datasette": datasette(folder, csv, chosen.rounds),
            "statistic": monthly(folder, chosen.cases, chosen.rounds),
            "province": province(chosen.rounds),
            "catalogue": catalogue(Path(home), chosen.sets, chosen.asked),
        }
    told = page(found, chosen, machine)
    print(told)
    if not chosen.quick:
        PAGE.write_text(told, "utf-8")


if __name__ == "__main__":
    main()
