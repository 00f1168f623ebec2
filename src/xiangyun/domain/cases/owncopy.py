"""All of one's own cases and drafts, for a copy of all own data: answers, files, letters."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.vault.sealing import opening

from . import drafts, queries
from .models import Case, Draft, Material

_PAGE = 200


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """The cases of the party acted for, the newest first, each in a folder of its number.

    What a desk filed for others is not its own, and is left out. Sealed values are readable: they
    are the owner's.
    """
    after = ""
    while found := queries.my_cases(actor, after=after, limit=_PAGE):
        for case in found:
            if case.owner in actor.subjects:
                yield from _case(actor, case)
        after = queries.place_of(found[-1])
    for draft in queries.my_drafts(actor):
        if draft.owner in actor.subjects:
            yield from _draft(actor, draft)


def _draft(actor: Actor, draft: Draft) -> Iterator[tuple[str, object]]:
    """What was written and not sent."""
    folder = f"drafts/{draft.pk.hex[:12]}"
    with opening():
        yield (
            f"{folder}/draft.json",
            {
                "service": draft.version.code,
                "created_at": draft.created_at,
                "updated_at": draft.updated_at,
                "answers": draft.answers,
            },
        )
        for each in drafts.materials_of(draft.pk):
            content = queries.material_content(actor, draft.pk, each.pk)
            yield f"{folder}/files/{each.pk.hex[:8]}-{content.name}", content.content


def _case(actor: Actor, case: Case) -> Iterator[tuple[str, object]]:
    folder = f"cases/{case.number}"
    yield f"{folder}/case.json", told(actor, case)
    with opening():
        for each in queries.materials_of(case):
            content = queries.material_content(actor, case.pk, each.pk)
            yield f"{folder}/{file_name(each)}", content.content


def told(actor: Actor, case: Case) -> dict[str, object]:
    """What one who applied is told of a case in a copy, for JSON; `actor` is that one."""
    pack = queries.pack_of(case)
    with opening():
        return {
            "number": case.number,
            "service": {"code": pack.code, "name": pack.service.name.zh},
            "subject": case.subject,
            "submitted_at": case.submitted_at,
            "ended_at": case.ended_at,
            "outcome": case.outcome,
            "application": case.variables.get("application"),
            "letters": [
                {"at": each.at, "title": each.title, "body": each.body}
                for each in queries.own_letters(actor, case)
            ],
            "decisions": [
                {"at": each.at, "decision": each.decision, "value": each.value}
                for each in queries.decisions_of(case)
            ],
        }


def file_name(material: Material) -> str:
    """What a file that was handed in is called in the copy of its case."""
    return f"files/{material.pk.hex[:8]}-{material.name}"
