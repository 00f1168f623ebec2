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
from xiangyun.kernel.formspec import Attached, Question, Reading


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


def attached(request: ActorRequest, asked: Sequence[Question]) -> dict[str, list[Attached]]:
    """The files just sent, by question, as the form judges them: name and size."""
    return {
        q.key: [Attached(f.name or "", f.size or 0, "new") for f in sent]
        for q in asked
        if q.kind == "filepicker" and (sent := request.FILES.getlist(q.key))
    }
