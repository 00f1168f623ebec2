"""Datasette over the same companies in SQLite with full-text search; answers lines of JSON.

Runs in an environment of its own. The index is FTS5 with the tokenizer `trigram`, which finds parts
of Chinese names of three signs and more.
"""

from __future__ import annotations

import asyncio
import csv
import json
import sqlite3
import sys
import time
from urllib.parse import urlencode

from datasette.app import Datasette


def fill(database: str, file: str) -> None:
    """The current state of each company, and every fact, with the indexes one would make."""
    with sqlite3.connect(database) as connection:
        connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE company (code TEXT PRIMARY KEY, name TEXT, division TEXT,"
            " capital REAL, founded TEXT, status TEXT, valid_from TEXT);"
            "CREATE TABLE fact (code TEXT, name TEXT, division TEXT, capital REAL, founded TEXT,"
            " status TEXT, valid_from TEXT);"
        )
        with open(file, encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream)
            next(rows)
            connection.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.executescript(
            "INSERT OR REPLACE INTO company SELECT * FROM fact ORDER BY code, valid_from;"
            "CREATE INDEX fact_code ON fact (code); CREATE INDEX by_status ON company (status);"
            "CREATE VIRTUAL TABLE company_fts USING fts5"
            " (name, content='company', tokenize='trigram');"
            "INSERT INTO company_fts (rowid, name) SELECT rowid, name FROM company; ANALYZE;"
        )


async def main(database: str) -> None:
    """Answer until the input ends."""
    # Its own limit of a second interrupts parts of names of two signs over a million companies.
    settings = {"num_sql_threads": 1, "sql_time_limit_ms": 60_000}
    site = Datasette([database], settings=settings)
    await site.invoke_startup()
    name = database.rpartition("/")[2].removesuffix(".db")
    for line in sys.stdin:
        asked = json.loads(line)
        begun, rows = time.perf_counter(), 0
        for text in asked["texts"]:
            # What is too short for the tokenizer is asked for as Datasette has it for parts.
            way = "_search" if len(text) > 2 else "name__contains"
            query = {way: text, "status": "open", "_size": 50}
            if asked["form"] == "page":  # as a browser gets it, with its counts and facets
                answer = await site.client.get(f"/{name}/company?{urlencode(query)}")
                rows += answer.text.count('class="col-code')
            else:
                query |= {"_nocount": 1, "_nofacet": 1, "_shape": "objects"}
                answer = await site.client.get(f"/{name}/company.json?{urlencode(query)}")
                rows += len(answer.json()["rows"])
            assert answer.status_code == 200, answer.text
        print(json.dumps({"seconds": time.perf_counter() - begun, "rows": rows}), flush=True)


if sys.argv[1] == "fill":
    fill(sys.argv[2], sys.argv[3])
else:
    asyncio.run(main(sys.argv[2]))
