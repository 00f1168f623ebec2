"""DBOS (MIT): each task a durable step of a workflow, checkpointed in PostgreSQL.

Nobody is waited for: a real case would receive a message before each step, which DBOS stores and
reads besides. What is measured here is the least that a completion costs it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from dbos import DBOS
from load import measured, options
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL

WAYS = {"agree": ("plan", "fire")}


@DBOS.step()
def done(task: str) -> str:
    """What a person answered."""
    return "agree"


@DBOS.workflow()
def accept_and_review(case: int) -> str:
    """The four tasks: one choice after the first, two that may be done in either order."""
    for task in WAYS[done("accept")]:
        done(task)
    return done("decide")


def main() -> None:
    """Prepare (DBOS makes its own tables at launch) or measure."""
    chosen = options()
    logging.disable(logging.WARNING)
    given = conninfo_to_dict(chosen.address)
    address = URL.create(
        "postgresql+psycopg",
        username=given["user"],
        database=given["dbname"],
        query={"host": given["host"]},
    ).render_as_string()
    DBOS(config={"name": "bench", "system_database_url": address, "run_admin_server": False})
    DBOS.launch()
    if chosen.prepare:
        DBOS.destroy()
        return

    def worker():  # type: ignore[no-untyped-def]
        def work(case: int) -> Iterator[None]:
            accept_and_review(case)
            yield from (None,) * 4

        return work

    measured(chosen, range(1_000_000), worker)
    DBOS.destroy()


if __name__ == "__main__":
    main()
