"""The ways that a question for a file allows, with what its applicant has for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates import queries as certificates
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import Question
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.instead import NOTHING, Instead
from xiangyun.kernel.service.model import Material

MOST = 20
"""Files of earlier cases that are offered, the newest first."""
_CASES = 30
"""The latest cases among whose files they are."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that its holder may show instead: it stands today."""

    identifier: str
    name: Text
    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class EarlierFile:
    """A file that was handed in with an earlier case, and fits the question."""

    id: UUID
    case: UUID
    case_number: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Offer:
    """All that may stand for the file of one question of an application."""

    draft: cases.Draft
    pack: Pack
    question: Question
    name: Text
    instead: Instead
    certificates: tuple[Held, ...]
    files: tuple[EarlierFile, ...]

    def __bool__(self) -> bool:
        return bool(self.files or self.certificates or self.instead)


def offer(actor: Actor, draft_id: UUID, key: str, *, on: date) -> Offer | None:
    """What may stand for the file that a question of an open application asks for.

    None where nothing can: for a question for no file, an application that is sent, and one that
    only its handlers may know: what is kept of it here lies in clear. `Draft.DoesNotExist` for a
    stranger.
    """
    draft = case_access.draft_for(actor, draft_id)
    pack = catalogue.pack(draft.version_id)
    question = next((q for q in pack.form.questions if q.key == key), None)
    if question is None or question.kind != "filepicker" or draft.sent or draft.need:
        return None
    material = material_of(pack, key)
    return Offer(
        draft,
        pack,
        question,
        material.name if material else question.label,
        material.instead if material else NOTHING,
        tuple(_held(draft.owner, material.instead.certificates, on)) if material else (),
        tuple(_earlier(actor, draft, question)),
    )


def material_of(pack: Pack, question: str) -> Material | None:
    """The material that a question takes; None for one that the service does not list."""
    return next((each for each in pack.service.materials if each.question == question), None)


def _held(owner: UUID, kinds: tuple[str, ...], on: date) -> Iterator[Held]:
    if not kinds:
        return
    for each in certificates.held_by(owner, on=on):
        if each["kind"] in kinds and each["stands"]:
            content = certificates.certificate(str(each["identifier"])).content
            name = content["type"]["name"]
            issued = each["issued_on"]
            assert isinstance(issued, date)
            yield Held(
                str(each["identifier"]),
                Text.given(name["zh"], name["en"]),
                str(each["number"]),
                issued,
            )


def _earlier(actor: Actor, draft: cases.Draft, question: Question) -> Iterator[EarlierFile]:
    """The newest files of the party's own cases that the question would take, each once."""
    if actor.is_reporter or draft.filed_by is not None:
        return
    seen: set[str] = set()
    for case in cases.my_cases(actor, limit=_CASES):
        if case.owner != draft.owner or case.need or len(seen) >= MOST:
            continue
        for file in drafts.materials_of(case.pk):
            fits = not question.accept or file.name.lower().endswith(question.accept)
            if file.instead or not fits or file.size > question.max_bytes or file.digest in seen:
                continue
            seen.add(file.digest)
            yield EarlierFile(file.pk, case.pk, case.number, file.name, file.size)
            if len(seen) >= MOST:
                return
