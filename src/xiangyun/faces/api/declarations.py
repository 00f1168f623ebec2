"""What packs declare besides services, such as registers: listed, and read with its versions."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.difference import differences

from .words import Words, words

router = Router(tags=["declarations"])
MOST_VERSIONS = 50


class Declaration(Schema):
    """A declaration in a line; `pack` is the pack that declares it."""

    kind: str
    code: str
    version: int
    pack: str
    name: Words
    published_at: datetime


class ChangeOut(Schema):
    """A value that became another, by file and place; null where there is none."""

    file: str
    place: str
    before: str | None
    after: str | None


class VersionOut(Schema):
    """One version: when it was published, and what is different from the one before."""

    version: int
    published_at: datetime
    current: bool
    changes: list[ChangeOut]


class DeclarationInFull(Declaration):
    """A declaration with its files as they were published, and its versions, the newest first."""

    files: dict[str, str]
    versions: list[VersionOut]


@router.get("/declarations", auth=None, response=list[Declaration])
def list_declarations(request: HttpRequest, kind: str = "") -> list[Declaration]:
    """What is in force, by kind and code: all of it, or of one kind."""
    return [Declaration(**_line(row)) for row in catalogue.current_declarations(kind)]


@router.get("/declarations/{kind}/{code}", auth=None, response=DeclarationInFull)
def read_declaration(request: HttpRequest, kind: str, code: str) -> DeclarationInFull:
    """One declaration: its files, and what changed from version to version (the last 50)."""
    rows = catalogue.declaration_versions(kind, code)[: MOST_VERSIONS + 1]
    if not rows:
        raise Http404(code)
    shown = next((row for row in rows if row.current), rows[0])
    changed = [
        [
            ChangeOut(file=path, place=one.place, before=one.before, after=one.after)
            for path, changes in differences(before.files, after.files).items()
            for one in changes
        ]
        for after, before in pairwise(rows)
    ]
    versions = [
        VersionOut(
            version=row.number,
            published_at=row.published_at,
            current=row.current,
            changes=changes,
        )
        for row, changes in zip(rows, [*changed, []], strict=True)
    ]
    return DeclarationInFull(**_line(shown), files=shown.files, versions=versions[:MOST_VERSIONS])


def _line(row: catalogue.DeclarationVersion) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "code": row.code,
        "version": row.number,
        "pack": row.pack,
        "name": words(Text.given(row.name_zh, row.name_en)),
        "published_at": row.published_at,
    }
