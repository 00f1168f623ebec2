"""The papers that people hand in during a simulated year: made up, of a kind that is taken."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.materials import actions
from xiangyun.domain.materials import offering as materials
from xiangyun.kernel.formspec import Form, Question
from xiangyun.kernel.service.instead import LATER, PROMISE

_INSTEAD = 0.4
"""The share of papers for which something else stands, where that is allowed."""


def enclose(
    add: Callable[..., object], form: Form, told: Mapping[str, Any], who: Actor, at: datetime
) -> None:
    """Add the files that are among the answers, of an application or of a task."""
    for question in form.questions:
        for name in _files(form, question.key, told):
            ending, media_type, content = _made_up(question)
            add(
                question,
                name=name if name.endswith(ending) else f"{name.rpartition('.')[0]}{ending}",
                media_type=media_type,
                content=content,
                actor=who,
                at=at,
            )


def promised(
    draft: UUID,
    form: Form,
    told: Mapping[str, Any],
    who: Actor,
    at: datetime,
    source: random.Random,
) -> frozenset[str]:
    """Let something else stand for some of the papers, where that is allowed; for which questions.

    A promise, or that the paper is to follow.
    """
    found = set()
    for question in form.questions:
        if not _files(form, question.key, told) or source.random() > _INSTEAD:
            continue
        offered = materials.offer(who, draft, question.key, on=timezone.localdate(at))
        ways = [way for way in (offered.instead.ways if offered else ()) if way in (PROMISE, LATER)]
        if ways:
            actions.choose(draft, question.key, source.choice(ways), actor=who, at=at)
            found.add(question.key)
    return frozenset(found)


def _files(form: Form, key: str, told: Mapping[str, Any]) -> list[str]:
    """The names of the files that answer a question."""
    if form.question(key).kind != "filepicker":
        return []
    given = told.get(key)
    return [str(each) for each in given] if isinstance(given, list) else [str(given)] * bool(given)


def _made_up(question: Question) -> tuple[str, str, bytes]:
    """A file that a question takes: how its name ends, its media type, its content."""
    if question.accept and ".pdf" not in question.accept:
        return ".png", "image/png", _dot()
    return ".pdf", "application/pdf", b"%PDF-1.4\n% made up for a simulated year\n"


def _dot() -> bytes:
    """A picture of one grey point (PNG, W3C, section 5)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
