"""Letters on paper: a letter of a case as a sheet, and the sheet as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import actions as case_actions
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import Language
from xiangyun.kernel.worktime import office_time

from . import ports
from .ports import Sheet


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter as a file."""

    name: str
    content: bytes


def letter_as_pdf(actor: Actor, letter_id: int, language: Language, *, at: datetime) -> Paper:
    """A letter that is the actor's, or of a case that this official sees, as PDF.

    That an official looked is written down. `Letter.DoesNotExist` for all others; raises Conflict
    `messaging.E008` where no face can set it.
    """
    letter, case = cases.letter_for(actor, letter_id)
    if actor.is_official:
        case_actions.note_reading(case, actor=actor, at=at)
    authority = case.variables.get("authority")
    held: Mapping[str, object] = authority if isinstance(authority, Mapping) else {}
    office = Text.given(str(held.get("name") or ""), str(held.get("name_en") or ""))
    number = Text("办件编号：{number}", "Case number: {number}", number=case.number)
    body = Text.from_json(letter.body).pick(language)
    day = language.written_day(office_time(letter.at).date())
    sheet = Sheet(
        office=office.pick(language),
        number=str(letter.body.get("number") or ""),
        title=Text.from_json(letter.title).pick(language),
        body=body,
        foot=number.pick(language),
        language=language.tag,
        day="" if body.rstrip().endswith(day) else day,  # some letters say it themselves
    )
    return Paper(f"{case.number}-{letter.pk}.pdf", ports.typesetter().pdf(sheet))
