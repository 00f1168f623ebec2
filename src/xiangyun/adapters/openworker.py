"""The process that runs strangers' queries: DuckDB over open tables, and nothing else within reach.

It is started by `openquery` with a folder, and reads a request a line. Files outside of the folder,
the network, extensions and settings are closed before the first request; memory, threads and the
size of an answer are limited. It imports nothing of the platform.
"""

from __future__ import annotations

import contextlib
import datetime
import decimal
import json
import resource
import sys
from threading import Timer
from typing import Any

# The binding itself: the package around it brings another 8 MB, for data frames and the like.
import _duckdb as duckdb


def main(folder: str, memory: str) -> None:
    """Answer requests until there are no more."""
    # No child, no further file of any size: what DuckDB would spill stays in memory or fails.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # One thread: as many queries as there are processes run at once, and a second one would hold
    # the rows of a whole table of CSV until the first has written its own. None writes behind.
    connection = duckdb.connect(
        ":memory:", config={"memory_limit": memory, "threads": 1, "async_threads": 0}
    )
    connection.execute("SET temp_directory = ''")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET python_enable_replacements = false")
    connection.execute(f"SET allowed_directories = ['{folder.replace(chr(39), chr(39) * 2)}/']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(connection, json.loads(line))) + "\n")
        sys.stdout.flush()


def _answer(connection: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> dict[str, Any]:
    stop = Timer(float(asked["seconds"]), connection.interrupt)
    stop.start()
    try:
        for name, file in asked["tables"].items():
            source = file.replace("'", "''")
            connection.execute(
                f"CREATE OR REPLACE VIEW {_name(name)} AS SELECT * FROM read_parquet('{source}')"
            )
        if "into" in asked:  # a pipe: what is written is read by who asked
            to = asked["into"].replace("'", "''")
            connection.execute(
                f"COPY ({asked['sql']}) TO '{to}' (FORMAT csv, HEADER, USE_TMP_FILE false)"
            )
            return {"columns": [], "rows": [], "more": False}
        found = connection.execute(asked["sql"], asked["parameters"])
        columns = [[each[0], str(each[1])] for each in found.description or []]
        rows = found.fetchmany(int(asked["most"]) + 1)
        return {
            "columns": columns,
            "rows": [[_plain(value) for value in row] for row in rows[: int(asked["most"])]],
            "more": len(rows) > int(asked["most"]),
        }
    except duckdb.InterruptException:
        return {"problem": "time", "words": ""}
    except duckdb.OutOfMemoryException:
        return {"problem": "memory", "words": ""}
    except duckdb.Error as problem:
        return {"problem": "sql", "words": str(problem).splitlines()[0][:300]}
    finally:
        stop.cancel()
        for name in asked["tables"]:  # the next query sees no table but its own
            with contextlib.suppress(duckdb.Error):
                connection.execute(f"DROP VIEW IF EXISTS {_name(name)}")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime.date, datetime.datetime, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
