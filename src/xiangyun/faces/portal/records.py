"""Which of several records of a register is meant: asked on the page whose questions it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases.prefill import Prefill, RecordChoice, to_choose
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.formspec import Page

Raw = Mapping[str, Sequence[str]]


def choices_on(page: Page, held: Prefill) -> list[RecordChoice]:
    """What is to be chosen on a page, once chosen too: another record may be meant."""
    keys = {question.key for question in page.questions}
    return [choice for choice in held.choices if keys & set(choice.questions)]


def fields(
    choices: Sequence[RecordChoice],
    raw: Raw | None = None,
    faults: Mapping[str, Finding] | None = None,
) -> list[Field]:
    """Each choice as a field; what was just sent stays marked."""
    return [
        Field(
            key=choice.field,
            kind="radio",
            label=Text(
                "用{register}里的哪一条记录？",
                "Which record of the {register}?",
                register=choice.name,
            ),
            choices=[
                Choice(
                    each.key,
                    each.words,
                    each.key == _sent(choice, raw),
                    Text("登记于 {on}", "Recorded on {on}", on=each.on),
                )
                for each in choice.candidates
            ],
            error=(faults or {}).get(choice.register),
        )
        for choice in choices
    ]


def take(
    choices: Sequence[RecordChoice], raw: Raw, draft_id: UUID, actor: Actor
) -> dict[str, Finding]:
    """Keep what was chosen; the faults by register."""
    sent = {choice.register: _sent(choice, raw) for choice in choices}
    faults = {each.register: to_choose(each, "") for each in choices if not sent[each.register]}
    for code, key in sent.items():
        if not key:
            continue
        try:
            drafts.choose_records(draft_id, {code: key}, actor=actor, at=timezone.now())
        except Refused as refused:
            faults[code] = refused.findings[0]
    return faults


def _sent(choice: RecordChoice, raw: Raw | None) -> str:
    """The record that was sent as chosen; else the one that was kept."""
    return next(iter((raw or {}).get(choice.field, ())), "") or choice.chosen
