"""A made-up register as a CSV file: so many companies, with so many facts together.

Everything about a company follows from its number by a hash, so that the small register is like the
large one. Codes say TEST, and the whole says that it is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

BRANDS = "祥云瑞福鑫泰恒达盛华金源宏博远大东方长兴佳美安康永信诚德隆丰吉顺润和明星海天龙飞腾"
TRADES = (
    "商贸", "科技", "建材", "农业", "机械", "装饰工程", "网络信息", "物流", "食品", "药业",
    "文化传媒", "汽车服务", "人力资源", "畜牧", "木业", "矿业", "酒店", "教育咨询", "环保", "能源",
)  # fmt: skip


def make(file: Path, companies: int, facts: int, counties: Sequence[tuple[int, str]]) -> None:
    """Write the file; each company has `facts / companies` rows, one after the other."""
    with duckdb.connect(":memory:") as database:
        database.execute("CREATE TABLE county (number INTEGER, code BIGINT, name VARCHAR)")
        database.executemany(
            "INSERT INTO county VALUES (?, ?, ?)",
            [(number, *county) for number, county in enumerate(counties)],
        )
        trades = "[" + ",".join(f"'{trade}'" for trade in TRADES) + "]"

        def sign(salt: int) -> str:
            return f"substr('{BRANDS}', (hash(n * 7 + {salt}) % {len(BRANDS)})::INTEGER + 1, 1)"

        signs = " || ".join(sign(salt) for salt in range(3))
        database.execute(
            f"""
            COPY (
              SELECT printf('TEST%014d', n) AS code,
                county.name || {signs} || CASE WHEN k >= 3 AND n % 10 = 0 THEN {sign(9)} ELSE '' END
                  || {trades}[(hash(n + 5) % {len(TRADES)})::INTEGER + 1] || '有限公司' AS name,
                county.code AS division,
                printf('%d.%02d', hash(n + k) % 5000000, hash(n) % 100) AS capital,
                DATE '2000-01-01' + (hash(n + 3) % 6000)::INTEGER AS founded,
                CASE WHEN n % 12 = 0 AND k >= 3 THEN 'closed' ELSE 'open' END AS status,
                DATE '2017-01-01' + (k * 500 + hash(n + 1) % 400)::INTEGER AS valid_from
              FROM (
                SELECT n, k FROM (SELECT range AS n FROM range({companies})),
                LATERAL (SELECT unnest(range(
                  ((n + 1) * {facts} // {companies}) - (n * {facts} // {companies}))) AS k)
              ) made JOIN county ON number = hash(n + 11) % {len(counties)}
              ORDER BY n, k
            ) TO '{file}' (FORMAT csv, HEADER)
            """
        )
