"""Loan products by companies beside SQL written by hand, and what a bank sees under a grant.

The shipped requirements over made-up wishes and products. All pairs are counted by product, so that
both statements do the same work and neither writes a table of millions; each runs in a process of
its own, whose memory is read from the system. One pair is judged in Python, and what every row that
is not met requires, and what would have to change, is read in both languages. The credit file of
one company is read under row-level security with a grant and as the tables' owner, in turn; grants
are revoked while banks look without a pause.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from machine import Machine, revision

from xiangyun.adapters import embedded, postgres
from xiangyun.adapters.duck import Duck, duck
from xiangyun.kernel.matching import Matching, judge
from xiangyun.kernel.matching.statement import Tables, pairs_sql
from xiangyun.kernel.pack import read_contents

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "matching.md"
PACK = ROOT / "packs" / "finance" / "sme-financing"
LOOKING = Path(__file__).parent / "grants" / "looking.py"
MEASURED = (
    "src/xiangyun/kernel/matching",
    "src/xiangyun/kernel/dmn",
    "src/xiangyun/domain/grants",
    str(PACK),
)
MOST_SQL, MOST_GIGABYTES, LEAST_PAIRS = 1.3, 2.0, 50_000
MOST_GRANTED, MOST_SECONDS = 1.5, 1.0
SCALES = {"product.most": 2, "product.rate": 3, "wish.amount": 2, "wish.most_rate": 3}

PRODUCTS = """
CREATE TABLE offers AS SELECT 'P' || i AS code,
    (50000 + hash(i * 10 + 1) % 60 * 50000)::DECIMAL(18, 2) AS most,
    (6 + hash(i * 10 + 2) % 6 * 6)::BIGINT AS months,
    (2.5 + hash(i * 10 + 3) % 40 * 0.1)::DECIMAL(18, 3) AS rate,
    (hash(i * 10 + 4) % 5)::BIGINT AS years, (1 + hash(i * 10 + 5) % 5)::BIGINT AS tax_grade,
    CASE WHEN hash(i * 10 + 6) % 3 = 0 THEN '22' || lpad((1 + hash(i) % 8)::VARCHAR, 2, '0') END
        AS prefecture,
    CASE WHEN hash(i * 10 + 7) % 4 = 0 THEN chr((65 + hash(i) % 6)::INT) END AS industry,
    hash(i * 10 + 8) % 2 = 0 AS unsecured,
    DATE '2026-12-01' + (hash(i * 10 + 9) % 300)::INT AS until
FROM range({number}) t(i)"""
WISHES = """
CREATE TABLE demands AS SELECT 'W' || i AS code,
    (10000 + hash(i * 10 + 1) % 3000 * 1000)::DECIMAL(18, 2) AS amount,
    (3 + hash(i * 10 + 2) % 12 * 3)::BIGINT AS months,
    CASE WHEN hash(i * 10 + 3) % 5 > 0 THEN (2.5 + hash(i * 10 + 3) % 50 * 0.1)::DECIMAL(18, 3) END
        AS most_rate,
    (hash(i * 10 + 4) % 15)::BIGINT AS years,
    CASE WHEN hash(i * 10 + 5) % 10 > 0 THEN (1 + hash(i * 10 + 5) % 5)::BIGINT END AS tax_grade,
    '22' || lpad((1 + hash(i * 10 + 6) % 8)::VARCHAR, 2, '0') AS prefecture,
    chr((65 + hash(i * 10 + 7) % 8)::INT) AS industry,
    hash(i * 10 + 8) % 3 = 0 AS security,
    DATE '2026-12-01' + (hash(i * 10 + 9) % 200)::INT AS wanted_on
FROM range({number}) t(i)"""
BY_HAND = """
SELECT o.code AS offer, d.code AS demand FROM offers o JOIN demands d
 ON d.amount <= o.most AND d.months <= o.months
AND (d.most_rate IS NULL OR o.rate <= d.most_rate)
AND d.years >= o.years AND d.tax_grade >= o.tax_grade
AND (o.prefecture IS NULL OR o.prefecture = d.prefecture)
AND (o.industry IS NULL OR o.industry = d.industry)
AND (o.unsecured OR d.security) AND d.wanted_on <= o.until"""


def matching() -> Matching:
    """The shipped matching of loans."""
    files = {str(path.relative_to(PACK)): path.read_text("utf-8") for path in PACK.rglob("*.*")}
    found = read_contents(files, "finance/sme-financing").declarations
    return next(each.value for each in found if each.kind == "matching")


def filled(database: Duck, wishes: int, products: int) -> None:
    """Both tables, made up from hashes."""
    database.run(PRODUCTS.format(number=products))
    database.run(WISHES.format(number=wishes))


def counted(who: str, wishes: int, products: int) -> dict[str, Any]:
    """All pairs by one of both statements in this process: seconds, answer, peak memory."""
    tables = Tables("offers", "demands", "duckdb", SCALES)
    pairs = BY_HAND if who == "hand" else pairs_sql(matching(), tables)
    sql = f"SELECT offer, count(*) FROM ({pairs}) p GROUP BY offer ORDER BY offer"
    best = float("inf")
    with duck("1500MB") as database:
        filled(database, wishes, products)
        for _ in range(2):
            started = time.perf_counter()
            rows = database.rows(sql)
            best = min(best, time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"seconds": best, "rows": [list(row) for row in rows], "gigabytes": peak}


def apart(who: str, wishes: int, products: int) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--one", who, str(wishes), str(products)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def pairs_a_second(number: int) -> tuple[float, float]:
    """Pairs judged in a processor second, and how many rows of a pair were not met."""
    rng = random.Random(19)
    own, day = matching(), date(2026, 12, 1)

    def amount(most: int, step: int) -> Decimal:
        return Decimal(rng.randrange(1, most) * step)

    offers: list[dict[str, Any]] = [
        {
            "most": amount(60, 50_000),
            "months": amount(6, 6),
            "rate": Decimal(rng.randrange(250, 600)) / 100,
            "years": Decimal(rng.randrange(5)),
            "tax_grade": Decimal(rng.randrange(1, 6)),
            "prefecture": rng.choice(["2224", "2201", None]),
            "industry": rng.choice(["C", "A", None, None]),
            "unsecured": rng.random() < 0.5,
            "until": day + timedelta(days=rng.randrange(300)),
        }
        for _ in range(200)
    ]
    demands: list[dict[str, Any]] = [
        {
            "amount": amount(3000, 1_000),
            "months": amount(12, 3),
            "most_rate": rng.choice([None, Decimal(rng.randrange(250, 700)) / 100]),
            "years": Decimal(rng.randrange(15)),
            "tax_grade": rng.choice([None, *(Decimal(each) for each in range(1, 6))]),
            "prefecture": rng.choice(["2224", "2201", "2203"]),
            "industry": rng.choice("ACEFG"),
            "security": rng.random() < 0.3,
            "wanted_on": day + timedelta(days=rng.randrange(200)),
        }
        for _ in range(number // len(offers))
    ]
    unmet, started = 0, time.process_time()
    for demand in demands:
        for offer in offers:
            for each in judge(own, offer, demand).unmet:
                unmet += bool(each.requires.zh and each.change.en)
    took = time.process_time() - started
    return number / took, unmet / number


def percentile(took: list[float], share: float) -> float:
    """The least that so large a share does not pass."""
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def under_grants(quick: bool) -> tuple[list[str], bool]:
    """The rows about the credit file of one company and about revoking, and whether both hold."""
    companies, each, pages, grants, readers = (
        (3_000, 2, 60, 20, 2) if quick else (1_060_000, 2, 1_000, 200, 4)
    )
    home = Path(tempfile.mkdtemp(prefix="xiangyun-bench-"))
    home.chmod(0o755)
    address = postgres.ensure_database(embedded.start_embedded(home / "postgres"), "looks")
    words = (address, *map(str, (companies, each, pages, grants, readers)))
    try:
        command = [sys.executable, str(LOOKING), *words]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    finally:
        embedded.stop_embedded_if_idle(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)
    told = json.loads(done.stdout)
    file, revoked = told["file"], told["revoked"]
    granted, owner, look = (file[way] for way in ("granted", "owner", "look"))
    ratio = percentile(granted, 0.5) / percentile(owner, 0.5)
    late = percentile(revoked["took"], 0.99)
    lines = [
        f"| file of one company of {companies:,}, {file['facts']} facts, under a grant, p50 |"
        f" {percentile(granted, 0.5):.2f} ms | {percentile(owner, 0.5):.2f} ms as owner |"
        f" {ratio:.2f} | at most {MOST_GRANTED} | the same |",
        f"| the same, p99 | {percentile(granted, 0.99):.2f} ms |"
        f" {percentile(owner, 0.99):.2f} ms as owner | | | |",
        f"| a whole look with its entry in the journal, p50 | {percentile(look, 0.5):.2f} ms"
        " | | | | |",
        f"| from revoking until nothing is seen, {readers} banks look without a pause"
        f" ({revoked['looks']:,} looks), {grants} grants, p99 | {late * 1000:.0f} ms |"
        f" a look took {percentile(revoked['pace'], 0.5):.0f} ms | |"
        f" at most {MOST_SECONDS:.0f} s | {revoked['after']} seen after the answer |",
    ]
    return lines, ratio <= MOST_GRANTED and late <= MOST_SECONDS and not revoked["after"]


def main() -> None:
    """Measure, print the rows, and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a hundredth of it, and no page")
    options.add_argument("--one", nargs=3, metavar=("WHO", "WISHES", "PRODUCTS"))
    arguments = options.parse_args()
    if arguments.one:
        who, wishes, products = arguments.one
        print(json.dumps(counted(who, int(wishes), int(products))))
        return
    wishes, products, number = (
        (10_600, 200, 20_000) if arguments.quick else (1_060_000, 200, 200_000)
    )
    hand, own = apart("hand", wishes, products), apart("own", wishes, products)
    speed, unmet = max(pairs_a_second(number) for _ in range(2))
    same = hand["rows"] == own["rows"]
    ratio = own["seconds"] / hand["seconds"]
    lines = [
        f"| all pairs, {wishes:,} by {products} | {own['seconds']:.2f} s |"
        f" {hand['seconds']:.2f} s by hand | {ratio:.2f} | at most {MOST_SQL} |"
        f" {'the same' if same else 'another'} |",
        f"| memory of it | {own['gigabytes']:.2f} GB | {hand['gigabytes']:.2f} GB by hand | |"
        f" below {MOST_GIGABYTES:.0f} GB | |",
        f"| one pair with its reasons, {unmet:.1f} a pair | {speed:,.0f} a second | | |"
        f" at least {LEAST_PAIRS:,} | |",
    ]
    more, held = under_grants(arguments.quick)
    lines += more
    print("\n".join(lines))
    kept = (
        held
        and same
        and ratio <= MOST_SQL
        and own["gigabytes"] < MOST_GIGABYTES
        and speed >= LEAST_PAIRS
    )
    if not arguments.quick:
        PAGE.write_text(page(lines), "utf-8")
        print(f"→ {PAGE.relative_to(ROOT)}")
    raise SystemExit(0 if kept else 1)


def page(lines: list[str]) -> str:
    """The figures as Markdown."""
    here = Machine.here()
    head = f"""# Loans by companies

- `make bench-matching`, {datetime.now(UTC):%Y-%m-%d}.
- Machine: {here.processor}, {here.cores} cores, {here.gigabytes:.0f} GB, {here.system};
  Python {here.python}; load {here.load:.1f}; {revision(ROOT, MEASURED)}.

The nine requirements of `finance/sme-financing` over made-up wishes and products, counted by
product. The better of two runs each; each statement in a process of its own, whose greatest memory
is that of the whole process. One pair: judged, and of every row that is not met both texts read;
of processor seconds.

The credit file: everything that three registers of `credit/files` say of a company, for a bank of
which row-level security asks the grant at each statement, and as the tables' owner, in turn in one
connection. Revoking: from the company's asking until it was answered and the last look that showed
anything had ended, whichever is later; each look is a transaction with its entry in the journal.

| Work | Ours | Beside | Ratio | Bound | Answer |
|---|---|---|---|---|---|
"""
    return head + "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
