"""What the running program may do with a table, declared beside its model.

`xiangyun_runtime`, the role under which pages, jobs and commands work, gets exactly this:
by verb, and for writing by column. Which rows is for the row-level security of the migrations.
What is not declared is refused to whoever acts; what only the platform may write goes through a
function of the database that runs as the owner and looks for itself (`migrations/sql`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ALL: Literal["all"] = "all"
Columns = tuple[str, ...] | Literal["all"]
"""Column names, or all of them."""


@dataclass(frozen=True, slots=True)
class Privileges:
    """As PostgreSQL's GRANT has them; nothing unless said. `sequences` are named ones to draw from.

    A model without a declaration has none at all: a new table is closed until somebody thinks.
    """

    select: Columns = ()
    insert: Columns = ()
    update: Columns = ()
    delete: bool = False
    sequences: tuple[str, ...] = ()


READ = Privileges(select=ALL)
"""For tables that only functions of the database, or the owner, write."""
