"""Ten thousand items of standard ways, loaded: beside reading and writing the same files barely.

The bare side reads each file by PyYAML with libyaml and writes code, digest and files in bulk, by
500, into a table of the same columns. Both take turns, in one embedded PostgreSQL.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import yaml
from machine import Machine, revision

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "catalogue.md"
SEEDS = ("market/stall-report", "records/extract", "construction/road-occupation")
PLACES = "东西南北中上下左右前后内外新老大小长"
THINGS = "桥路园店场馆坊院站亭台楼堂屋井渠塘林田山"
WANTED = 3.0
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


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.items, chosen.rounds = 300, 1
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
        import os  # noqa: PLC0415

        os.environ["XIANGYUN_HOME"] = home
        from xiangyun.site.start import boot  # noqa: PLC0415

        boot(stack)
        from django.utils import timezone  # noqa: PLC0415

        from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: PLC0415
        from xiangyun.domain.catalogue import actions, finding  # noqa: PLC0415
        from xiangyun.faces.cli import demonstration  # noqa: PLC0415

        demonstration.prepare()
        ours, bare = [], []
        for round_ in range(chosen.rounds):
            packs = {
                code.replace("synthetic/", f"synthetic{round_}/"): {
                    "service.yaml": files["service.yaml"].replace(
                        "synthetic/", f"synthetic{round_}/"
                    )
                }
                for code, files in made_up(chosen.items)
            }
            begun = time.perf_counter()
            barely(packs, f"bare_{round_}")
            bare.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            with acting_as(SYSTEM) as actor:
                done, refused = actions.publish_all(packs, actor=actor, at=timezone.now())
            ours.append(time.perf_counter() - begun)
            assert len(done) == chosen.items, next(iter(refused.items()))
            print(
                f"  round {round_ + 1}: bare {bare[-1]:.1f} s, loaded {ours[-1]:.1f} s", flush=True
            )
        took = []
        with acting_as(SYSTEM):
            finding.search("company")
            for words in ("开店", "kaigongsi", "档案", "road", "zhandao", "摆摊") * 5:
                begun = time.perf_counter()
                finding.search(words)
                took.append(time.perf_counter() - begun)
    ratio = median(mine / other for mine, other in zip(ours, bare, strict=True))
    p95 = sorted(took)[int(len(took) * 0.95)] * 1000
    total = chosen.items * chosen.rounds
    print(f"ratio {ratio:.2f} (at most {WANTED}); search among {total:,}: p95 {p95:.0f} ms")
    if not chosen.quick:
        PAGE.write_text(page(machine, chosen, ours, bare, ratio, p95), encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")


def page(
    machine: Machine,
    chosen: argparse.Namespace,
    ours: list[float],
    bare: list[float],
    ratio: float,
    p95: float,
) -> str:
    """The page of the documentation."""
    lines = [
        "# The catalogue at ten thousand items",
        "",
        f"`make bench-catalogue`, {chosen.items:,} synthetic items of standard ways,"
        f" {chosen.rounds} rounds."
        f" Sources {revision(ROOT, MEASURED)}. {machine.processor}, {machine.cores} cores,"
        f" {machine.gigabytes:.0f} GB, {machine.system}, Python {machine.python}, load"
        f" {machine.load:.1f}.",
        "",
        "| | Seconds |",
        "|---|---|",
        f"| read by libyaml, written in bulk | {', '.join(f'{each:.1f}' for each in bare)} |",
        f"| checked, published, in the journal | {', '.join(f'{each:.1f}' for each in ours)} |",
        "",
        f"Loading takes {ratio:.2f} of the bare work (wanted: at most {WANTED}). A search among all"
        f" {chosen.items * chosen.rounds:,} takes {p95:.0f} ms at the 95th percentile"
        " (wanted: 50 ms).",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
