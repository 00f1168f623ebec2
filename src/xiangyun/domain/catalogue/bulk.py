"""Items of standard ways, published many at a time: ten thousand of them are one evening's work.

Such an item is one file, opens no other case and is named by no other pack, so it is judged by
what is published before it, read once, and its row needs no look at the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.collector import without_collector
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import Declaration, Known, check_contents, read_contents
from xiangyun.kernel.pack.model import digest_of

from . import queries
from .models import DeclarationVersion, ServiceVersion, SheetVersion
from .versions import Publication, entry_of, service_row

AT_A_TIME = 500
_WAY = re.compile(r"^process: *standard/", re.MULTILINE)
_OF_ITEMS = re.compile(
    r"(service|parameters|certificate)\.yaml|form\.json|texts/[^/]+\.yaml|examples/[^/]+\.yaml"
    r"|CHANGES\.md"
)


def items_in(packs: Mapping[str, Mapping[str, str]]) -> set[str]:
    """The packs that are items of standard ways, and new to the catalogue or just as it has them.

    What changes something published goes the way of every pack: sheets of places may forbid it.
    """
    alone = {code: digest_of(files) for code, files in packs.items() if _is_item(files)}
    declared = DeclarationVersion.objects.filter(current=True, pack__in=alone)
    others = set(declared.values_list("pack", flat=True))
    versions = ServiceVersion.objects.filter(code__in=alone).values_list(
        "code", "digest", "current"
    )
    others |= {code for code, digest, current in versions if not current or digest != alone[code]}
    return alone.keys() - others


def _is_item(files: Mapping[str, str]) -> bool:
    service = files.get("service.yaml", "")
    return bool(_WAY.search(service)) and all(_OF_ITEMS.fullmatch(path) for path in files)


def publish_items(
    packs: Mapping[str, Mapping[str, str]], actor: Actor, at: datetime
) -> tuple[list[Publication], dict[str, Refused]]:
    """Publish packs of `items_in`, each whole or not at all; answers as `publish_all` does."""
    done: list[Publication] = []
    refused: dict[str, Refused] = {}
    if not packs:
        return done, refused
    with acting_as(SYSTEM), without_collector():  # which nobody else may write for
        known = queries.known(services=False)
        waiting = iter(packs)
        while codes := list(islice(waiting, AT_A_TIME)):
            rows = ServiceVersion.objects.filter(code__in=codes, current=True)
            current = {row.code: row for row in rows.defer("files", "found_by")}
            new = []
            for code in codes:
                if code not in current and (one := _checked(code, packs[code], known, refused)):
                    new.append(service_row(one, 1, actor, at))
            with transaction.atomic():
                insert(new)
                journal.record_all(entry_of(row, "published", actor, at) for row in new)
            current |= {row.code: row for row in new}
            done += [Publication(code, (current[code],)) for code in codes if code in current]
    return done, refused


def insert(rows: Sequence[ServiceVersion] | Sequence[SheetVersion]) -> None:
    """As `bulk_create` does, which would make one array of all files: every quote in it costs."""
    if not rows:
        return
    table = type(rows[0])._meta
    fields = table.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    values = [
        field.get_db_prep_save(getattr(each, field.attname), connection)
        for each in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table.db_table} ({columns}) VALUES {', '.join([row] * len(rows))}",
            values,
        )


def _checked(
    code: str, files: Mapping[str, str], known: Known, refused: dict[str, Refused]
) -> Declaration | None:
    """The item, unless it has an error, which is put among those that were refused."""
    contents = read_contents(files, code)
    errors = [each for each in contents.findings if each.severity == "error"]
    if not errors:
        found = check_contents(contents, files, code, known)
        errors = [each for each in found if each.severity == "error"]
    if errors:
        refused[code] = Refused(errors)
        return None
    return contents.declarations[0]
