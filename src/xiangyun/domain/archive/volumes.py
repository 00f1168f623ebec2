"""The file of a case: what `xiangyun evidence` writes, and besides all that is erased afterwards.

rows.json            every row of the case, by table, as the database held it
entries.json         the personal details of the journal's entries, with their salts
files/<SHA-256>      every file that was handed in, as it was kept
own/                 what whoever applied may see of it: given out later, when no row is left that a
                     policy of the database could hold back

Of a sealed case, the first three are as they lay: encrypted under the key of the case; and nothing
is given out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.cases import owncopy
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.evidence import actions as evidence
from xiangyun.domain.evidence import archive as zipped
from xiangyun.domain.evidence import checking
from xiangyun.domain.files import queries as files
from xiangyun.domain.journal import actions as sealing
from xiangyun.domain.journal import keeping
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.ports import Signer
from xiangyun.domain.journal.signatures import TrustedKeys
from xiangyun.domain.owndata.actions import spelled
from xiangyun.domain.vault.sealing import opening
from xiangyun.kernel.service.secrecy import SEALED

ROWS = "rows.json"
ENTRIES = "entries.json"
_FILES, _OWN, _NAMED = "files/", "own/", "files.json"
_WITH_FILES = ("cases_material", "cases_evidence")


class Written(NamedTuple):
    """A file, and the digest of the rows in it as the database spells them."""

    content: bytes
    rows: str

    @property
    def digest(self) -> str:
        """SHA-256 of the file, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def written(case: Any, *, at: datetime, signer: Signer) -> Written:
    """The file of a case, as the platform. Raises `NotFound` `content.E003` for a lost file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows, digest FROM xiangyun_case_rows(%s)", [case.pk])
        text, digest = cursor.fetchone()
    rows: Mapping[str, list[dict[str, Any]]] = json.loads(text)
    kept = json.dumps(keeping.details(case.number), ensure_ascii=False)
    more = {ROWS: text.encode(), ENTRIES: kept.encode()}
    for table in _WITH_FILES:
        for row in rows.get(table, ()):
            if row.get("content") is None:  # else the content stands in the row
                more[f"{_FILES}{row['digest']}"] = files.content(row["digest"])
    if case.need != SEALED:
        while sealing.seal(at, signer):  # so that the receipt proves every entry
            pass
        more |= _own(case)
    return Written(evidence.bundle(case, at=at, signer=signer, more=more), digest)


def _own(case: Any) -> dict[str, bytes]:
    """What the applicant's eyes see of the case, and which of the files are called what."""
    owner = Actor(name=case.applicant_name, kind="person", account=case.owner)
    with acting_as(owner), opening():
        named = {owncopy.file_name(each): each.digest for each in cases.materials_of(case)}
        return {
            f"{_OWN}case.json": spelled(owncopy.told(owner, case)),
            f"{_OWN}receipt.json": spelled(journal.receipt(case.number)),
            f"{_OWN}{_NAMED}": spelled(named),
        }


def own_parts(content: bytes) -> dict[str, bytes]:
    """What the file of a case gives whoever applied: names and contents; none for a sealed one."""
    parts = zipped.read(content)
    told = {name.removeprefix(_OWN): each for name, each in parts.items() if name.startswith(_OWN)}
    named: dict[str, str] = json.loads(told.pop(_NAMED, b"{}"))
    return told | {
        name: parts[path]
        for name, digest in named.items()
        if (path := f"{_FILES}{digest}") in parts
    }


class Held(NamedTuple):
    """What of a file goes back: the rows as they are spelled, details of entries, handed-in files.

    `entries` is None in a file of an earlier build, which did not keep them.
    """

    rows: str
    entries: list[dict[str, Any]] | None
    files: list[bytes]


def held(content: bytes) -> Held:
    """What a whole file holds (`is_whole`)."""
    parts = zipped.read(content)
    told = json.loads(parts[ENTRIES]) if ENTRIES in parts else None
    files = [each for name, each in parts.items() if name.startswith(_FILES)]
    return Held(parts[ROWS].decode(), told, files)


def is_whole(content: bytes | None, digest: str, trusted: TrustedKeys) -> bool:
    """Whether a file is as it was written, and each part of it holds."""
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        return False
    return all(each.holds for each in checking.check(content, trusted))
