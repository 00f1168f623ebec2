"""Personal details of entries as an archive keeps them, and how they come back from there.

They lie as the database held them: of something sealed, encrypted. What comes back is compared with
the digests that stayed in the entry, so that nothing returns which was not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction

from xiangyun.domain.vault.sealing import opened
from xiangyun.kernel.findings import Conflict, Finding, Text

from . import leaf
from .models import Entry, scope_of

_PRIVATE = f"{Entry._meta.db_table}.private"
_KEPT = """SELECT id, encode(salt, 'hex'), actor_name, private::text FROM journal_entry
WHERE subject = %s AND salt <> %s ORDER BY id"""


def details(subject: str) -> list[dict[str, Any]]:
    """Of each entry about a subject that has any: its id, salt in hex, actor's name, private part.

    As the platform.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [subject, leaf.ERASED])
        return [
            {"id": entry, "salt": salt, "actor_name": name, "private": json.loads(private)}
            for entry, salt, name, private in cursor.fetchall()
        ]


def put_back(subject: str, kept: Iterable[Mapping[str, Any]]) -> int:
    """Give entries about a subject their details back, from `details`; how many had lost them.

    All of them or none. As the platform. Raises `Conflict` `journal.E012` for details that are not
    those of their entry.
    """
    done = 0
    with transaction.atomic(), connection.cursor() as cursor:
        entries = {each.pk: each for each in Entry.objects.filter(subject=subject)}
        for each in kept:
            entry = entries.get(each["id"])
            if entry is None or not leaf.is_erased(entry):
                continue
            salt = bytes.fromhex(each["salt"])
            told = SimpleNamespace(
                owner=entry.owner,
                actor=entry.actor,
                actor_name=each["actor_name"],
                private=opened(scope_of(subject), each["private"], _PRIVATE),
                salt=salt,
            )
            if leaf.digests(told) != leaf.digests(entry):
                raise Conflict([_others(subject, entry.pk)])
            cursor.execute(
                "SELECT xiangyun_journal_put_back(%s, %s, %s, %s)",
                [entry.pk, salt, each["actor_name"], json.dumps(each["private"])],
            )
            done += 1
    return done


def _others(subject: str, entry: int) -> Finding:
    return Finding(
        "journal.E012",
        "error",
        Text(
            "{subject} 的第 {entry} 条日志与档案里的内容对不上，什么都没有恢复。",
            "Entry {entry} about {subject} is not as the file says. Nothing was put back.",
            subject=subject,
            entry=entry,
        ),
        hint=Text("请从备份取回原来的档案。", "Take the file as it was from a backup."),
    )
