"""Ten thousand items and sixty thousand sheets, loaded: beside reading and writing them barely.

The bare side reads each file by PyYAML with libyaml and writes code, digest and files in bulk, by
500, into tables of the same columns. Both take turns, in one embedded PostgreSQL. Then an instance
with ten items more and one with ten thousand more answer pages and publish, in turns. Something is
searched among them all, and a page of a form with 95 fields is saved.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

import yaml
from fields import MANY, saved
from fields import WANTED as WANTED_SAVE
from machine import Machine, revision

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "catalogue.md"
SEEDS = ("market/stall-report", "records/extract", "construction/road-occupation")
PLACES = "东西南北中上下左右前后内外新老大小长"
THINGS = "桥路园店场馆坊院站亭台楼堂屋井渠塘林田山"
SHEETS = (220100000000, 220184000000, 222400000000, 222404000000, 222401000000, 220200000000)
"""The places that keep a sheet of every item: cities, and counties below two of them."""
WANTED, WANTED_P99 = 3.0, 1.5
KINDS = {
    "guide": "A guide",
    "search": "A search",
    "queue": "The queue of an official",
    "publication": "A changed item published",
}
MEASURED = ("src/xiangyun/kernel/pack", "src/xiangyun/domain/catalogue")


def made_up(many: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Synthetic items, marked so: three shipped ones under other codes and names."""
    seeds = [(ROOT / "packs" / code / "service.yaml").read_text("utf-8") for code in SEEDS]
    names = [yaml.load(text, Loader=yaml.CSafeLoader)["name"] for text in seeds]
    for number in range(many):
        seed = number % len(seeds)
        code = f"synthetic/item-{number:05}"
        what = PLACES[number % len(PLACES)] + THINGS[number // len(PLACES) % len(THINGS)]
        zh = f"{what}{names[seed]['zh-Hans']}（虚构 {number}）"
        text = seeds[seed].replace(SEEDS[seed], code)
        text = text.replace(names[seed]["zh-Hans"], zh)
        text = text.replace(names[seed]["en"], f"{names[seed]['en']} (made up {number})")
        yield code, {"service.yaml": text}


def sheets_of(packs: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Synthetic sheets of these items, marked so: six places each, some promise fewer days."""
    for number, (code, files) in enumerate(packs.items()):
        for nth, place in enumerate(SHEETS):
            lines = [
                "# 虚构的实施清单 A synthetic sheet.",
                f"item: {code}",
                f'division: "{place}"',
                f"address: {{zh-Hans: 样路{number % 90 + nth}号政务大厅（虚构）, "
                f"en: {number % 90 + nth} Yang Road (made up)}}",
                "hours: {zh-Hans: 工作日 8:30 至 17:00, en: Working days 8:30 to 17:00}",
                "telephone: {zh-Hans: 12345（虚构）, en: 12345 (made up)}",
            ]
            if "process: standard/promised" in files["service.yaml"] and nth % 2:
                lines.append("promised: {days: 1, unit: working_day}")
            yield f"{code}@{place}.yaml", "\n".join(lines) + "\n"


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.items, chosen.rounds = 300, 1
    chosen.turns, chosen.calls = (2, 10) if chosen.quick else (10, 40)
    return chosen


def barely(packs: Mapping[str, Mapping[str, str]], table: str) -> None:
    """Read each file by libyaml and write it in bulk."""
    from django.db import connections, transaction  # noqa: PLC0415

    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {table} (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), code text,"
            " number int, digest text, files jsonb, name_zh text, name_en text, said jsonb)"
        )
        cursor.execute(f"CREATE UNIQUE INDEX ON {table} (code, number)")
        cursor.execute(f"CREATE UNIQUE INDEX ON {table} (code, digest)")
        rows = []
        for code, files in packs.items():
            read = {path: yaml.load(text, Loader=yaml.CSafeLoader) for path, text in files.items()}
            name = read["service.yaml"]["name"]
            kept = json.dumps(files, ensure_ascii=False)
            digest = hashlib.sha256(kept.encode()).hexdigest()
            said = json.dumps({"names": list(name.values())}, ensure_ascii=False)
            rows.append((code, 1, digest, kept, name["zh-Hans"], name["en"], said))
            if len(rows) == 500:
                _write(cursor, table, rows)
                rows.clear()
        _write(cursor, table, rows)


def barely_sheets(texts: Mapping[str, str], table: str) -> None:
    """Read each sheet by libyaml and write it in bulk."""
    from django.db import connections, transaction  # noqa: PLC0415

    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {table} (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), item text,"
            " division bigint, number int, text text, said jsonb)"
        )
        cursor.execute(f"CREATE UNIQUE INDEX ON {table} (item, division, number)")
        rows: list[tuple[object, ...]] = []
        for text in texts.values():
            read = yaml.load(text, Loader=yaml.CSafeLoader)
            said = json.dumps(read, ensure_ascii=False)
            rows.append((read["item"], int(read["division"]), 1, text, said))
            if len(rows) == 500:
                _write_sheets(cursor, table, rows)
                rows.clear()
        _write_sheets(cursor, table, rows)


def _write_sheets(cursor: object, table: str, rows: list[tuple[object, ...]]) -> None:
    cursor.executemany(
        f"INSERT INTO {table} (item, division, number, text, said) VALUES (%s, %s, %s, %s, %s)",
        rows,
    )


class Instance:
    """An instance with so many items more, and the milliseconds of each call, kind by kind."""

    def __init__(self, home: Path, items: int, calls: int) -> None:
        usual = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        script = str(ROOT / "bench/peers/catalogue_turns.py")
        self.took: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
        self.first: dict[str, list[float]] = {kind: [] for kind in KINDS}
        self.process = subprocess.Popen(
            [sys.executable, script, str(home), str(items), str(calls)],
            env=usual | {"PYTHONPATH": str(ROOT / "src")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def is_ready(self) -> bool:
        """Wait until it is filled."""
        assert self.process.stdout
        return any(line == "ready\n" for line in iter(self.process.stdout.readline, ""))

    def turn(self, kind: str) -> None:
        """Let it answer some calls of a kind."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{kind}\n")
        self.process.stdin.flush()
        first, *others = json.loads(self.process.stdout.readline())
        self.first[kind].append(first[0])
        self.took[kind] += others

    def p99(self, kind: str, which: int) -> float:
        """The 99th percentile: 0 on the clock, 1 of the processor."""
        return quantiles([each[which] for each in self.took[kind]], n=100)[98]


def pages(chosen: argparse.Namespace) -> tuple[Instance, Instance]:
    """Ten items more beside all of them, asked in turns."""
    with tempfile.TemporaryDirectory(prefix="xiangyun-bench-") as place:
        few, many = (
            Instance(Path(place) / str(items), items, chosen.calls) for items in (10, chosen.items)
        )
        for each in (few, many):
            if not each.is_ready():
                raise SystemExit("an instance could not begin")
        for number in range(chosen.turns):
            for kind in KINDS:
                for each in (few, many) if number % 2 else (many, few):
                    each.turn(kind)
        for each in (few, many):
            each.process.communicate()
    return few, many


def _write(cursor: object, table: str, rows: list[tuple[object, ...]]) -> None:
    cursor.executemany(
        f"INSERT INTO {table} (code, number, digest, files, name_zh, name_en, said)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        rows,
    )


def main() -> None:
    """Measure in turns, and write the page."""
    chosen, machine = options(), Machine.here()
    with tempfile.TemporaryDirectory(prefix="xiangyun-bench-") as home, ExitStack() as stack:
        os.environ |= {"XIANGYUN_HOME": home, "XIANGYUN_RATES": "0"}
        from xiangyun.site.start import boot  # noqa: PLC0415

        boot(stack)
        from django.utils import timezone  # noqa: PLC0415

        from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: PLC0415
        from xiangyun.domain.catalogue import actions, finding, sheetload  # noqa: PLC0415
        from xiangyun.faces.cli import demonstration  # noqa: PLC0415

        demonstration.prepare()
        ours, bare = (list[tuple[float, float]](), list[tuple[float, float]]())
        items_alone = list[float]()
        for round_ in range(chosen.rounds):
            packs = {
                code.replace("synthetic/", f"synthetic{round_}/"): {
                    "service.yaml": files["service.yaml"].replace(
                        "synthetic/", f"synthetic{round_}/"
                    )
                }
                for code, files in made_up(chosen.items)
            }
            texts = dict(sheets_of(packs))
            begun, used = time.perf_counter(), time.process_time()
            barely(packs, f"bare_{round_}")
            bare_items = time.process_time() - used
            barely_sheets(texts, f"bare_sheets_{round_}")
            bare.append((time.perf_counter() - begun, time.process_time() - used))
            begun, used = time.perf_counter(), time.process_time()
            with acting_as(SYSTEM) as actor:
                now = timezone.now()
                done, refused = actions.publish_all(packs, actor=actor, at=now)
                items_alone.append((time.process_time() - used) / bare_items)
                loaded, worse = sheetload.load(
                    texts, from_on=timezone.localdate(now), actor=actor, at=now
                )
            ours.append((time.perf_counter() - begun, time.process_time() - used))
            assert len(done) == chosen.items, next(iter(refused.items()))
            assert loaded == len(texts), next(iter(worse.items()))
            print(
                f"  round {round_ + 1}: bare {bare[-1][0]:.1f} s ({bare[-1][1]:.1f} s of the"
                f" processor), loaded {ours[-1][0]:.1f} s ({ours[-1][1]:.1f} s)",
                flush=True,
            )
        saves = sorted(saved(60))
        took = []
        with acting_as(SYSTEM):
            finding.search("company")
            for words in ("开店", "kaigongsi", "档案", "road", "zhandao", "摆摊") * 5:
                begun = time.perf_counter()
                finding.search(words)
                took.append(time.perf_counter() - begun)
    ratio, ratio_used = (
        median(mine[at] / other[at] for mine, other in zip(ours, bare, strict=True))
        for at in (0, 1)
    )
    few, many = pages(chosen)
    p95 = sorted(took)[int(len(took) * 0.95)] * 1000
    total = chosen.items * chosen.rounds
    print(
        f"ratio {ratio:.2f}, of the processor {ratio_used:.2f} (at most {WANTED}); search among"
        f" {total:,}: p95 {p95:.0f} ms; {MANY} fields saved: median {median(saves):.0f} ms, p95"
        f" {saves[int(len(saves) * 0.95)]:.0f} ms (below {WANTED_SAVE})"
    )
    ratios = (ratio, ratio_used, median(items_alone))
    text = page(machine, chosen, ours, bare, ratios, (p95, saves), (few, many))
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")


def page(
    machine: Machine,
    chosen: argparse.Namespace,
    ours: list[tuple[float, float]],
    bare: list[tuple[float, float]],
    ratios: tuple[float, float, float],
    portal: tuple[float, list[float]],
    instances: tuple[Instance, Instance],
) -> str:
    """The page of the documentation."""
    few, many = instances
    p95, saves = portal
    calls = len(few.took["guide"])

    def seconds(rounds: list[tuple[float, float]], at: int) -> str:
        return ", ".join(f"{each[at]:.1f}" for each in rounds)

    lines = [
        "# The catalogue at ten thousand items",
        "",
        f"`make bench-catalogue`, {chosen.items:,} synthetic items of standard ways and"
        f" {chosen.items * len(SHEETS):,} sheets, {chosen.rounds} rounds."
        f" Sources {revision(ROOT, MEASURED)}. {machine.processor}, {machine.cores} cores,"
        f" {machine.gigabytes:.0f} GB, {machine.system}, Python {machine.python}, load"
        f" {machine.load:.1f}.",
        "",
        "| | Seconds on the clock | of the processor |",
        "|---|---|---|",
        f"| read by libyaml, written in bulk | {seconds(bare, 0)} | {seconds(bare, 1)} |",
        f"| checked, proved, published, in the journal | {seconds(ours, 0)} | {seconds(ours, 1)} |",
        "",
        f"Loading takes {ratios[0]:.2f} of the bare work on the clock and {ratios[1]:.2f} of the"
        f" processor (wanted: at most {WANTED}; [what each way would give]"
        "(../decisions/0039-sheets-are-read-one-by-one.md)), items without sheets"
        f" {ratios[2]:.2f} of the processor. A search among all"
        f" {chosen.items * chosen.rounds:,} takes {p95:.0f} ms at the 95th percentile"
        f" (wanted: 50 ms). A page of {MANY} fields is saved in {median(saves):.0f} ms,"
        f" {saves[int(len(saves) * 0.95)]:.0f} ms at the 95th percentile (wanted: below"
        f" {WANTED_SAVE} ms; the site asked inside its process).",
        "",
        "## Ten items beside all of them",
        "",
        "Two instances of the demonstration, one with ten items more, one with"
        f" {chosen.items:,}; pages are asked for inside the process, of an item drawn anew each"
        f" time, in turns, {calls} calls of each kind. Milliseconds at the 99th percentile. Garbage"
        " is collected between calls, as the server does between pages; that is not timed.",
        "",
        "| | ten | all | ratio | ratio of the processor | wanted |",
        "|---|---|---|---|---|---|",
        *(
            f"| {words} | {few.p99(kind, 0):.1f} | {many.p99(kind, 0):.1f}"
            f" | {many.p99(kind, 0) / few.p99(kind, 0):.2f}"
            f" | {many.p99(kind, 1) / few.p99(kind, 1):.2f} | ≤ {WANTED_P99} |"
            for kind, words in KINDS.items()
        ),
        "",
        "Each turn of pages follows publications; its first call, which reads anew what was"
        " published, is told apart. Median milliseconds, ten and all:"
        + "; ".join(
            f" {words.lower()} {median(few.first[kind]):.0f} and {median(many.first[kind]):.0f}"
            for kind, words in KINDS.items()
        )
        + ".",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
