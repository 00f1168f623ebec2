"""What a page of a form sent: rows added or removed, places looked up, files, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xiangyun.faces.look import places
from xiangyun.faces.look.asking import Asking
from xiangyun.faces.look.fields import ReceivedFile
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.formspec import Attached, Question, Reading, table_field
from xiangyun.kernel.formspec.tables import MOST_CHARACTERS

_LARGEST_TABLE = 4 * MOST_CHARACTERS + 4
"""Bytes that are read of a file with the rows of a list; more are more than a form takes."""


def by_question(refusal: Refused) -> dict[str, Finding]:
    """What was refused, by the question that each finding is placed at."""
    return {
        finding.place.question if finding.place else "": finding for finding in refusal.findings
    }


def shown_again(
    request: ActorRequest,
    asked: Sequence[Question],
    raw: dict[str, list[str]],
    answers: Mapping[str, Value],
    received: Mapping[str, Sequence[ReceivedFile]],
) -> Asking | None:
    """The page with what was typed, where it was not to be sent: a row more or less, a file less,
    a place looked up. None where it was to be sent.
    """
    if dropped := request.POST.get("drop"):
        left = {name: texts for name, texts in raw.items() if not name.startswith(f"{dropped}.")}
        return Asking(asked, answers, received=received, raw=left)
    if request.POST.get("remove"):
        return Asking(asked, answers, received=received, raw=raw)
    if added := request.POST.get("add"):
        return Asking(asked, answers, received=received, raw=raw, extra=added)
    if name := request.POST.get("find"):
        found = places.settle(asked, raw, within=region_of(request), only=name)
        return Asking(
            asked,
            answers,
            received=received,
            raw=found.typed,
            places=found.choices,
            reading=Reading({}, found.faults) if not found.choices else None,
        )
    return None


def typed(request: ActorRequest, asked: Sequence[Question]) -> dict[str, list[str]]:
    """What was typed, with the texts of the files that are the rows of a list."""
    raw = {name: request.POST.getlist(name) for name in request.POST}
    return {**raw, **tables(request, asked)}


def tables(request: ActorRequest, asked: Sequence[Question]) -> dict[str, list[str]]:
    """The texts of the files that are the rows of a list, by the fields they were sent in."""
    sent = {
        table_field(question): request.FILES.get(table_field(question))
        for question in asked
        if question.is_table
    }
    return {name: [_text(file.read(_LARGEST_TABLE))] for name, file in sent.items() if file}


def _text(content: bytes) -> str:
    """The words of a file: UTF-8, or what a Chinese spreadsheet writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def attached(request: ActorRequest, asked: Sequence[Question]) -> dict[str, list[Attached]]:
    """The files just sent, by question, as the form judges them: name and size."""
    return {
        q.key: [Attached(f.name or "", f.size or 0, "new") for f in sent]
        for q in asked
        if q.kind == "filepicker" and (sent := request.FILES.getlist(q.key))
    }
