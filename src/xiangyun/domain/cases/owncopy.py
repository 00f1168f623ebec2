"""All of one's own cases, for a copy of all own data: answers, files, letters, decisions."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.vault.sealing import opening

from . import queries
from .models import Case

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


def _case(actor: Actor, case: Case) -> Iterator[tuple[str, object]]:
    folder, pack = f"cases/{case.number}", queries.pack_of(case)
    with opening():
        letters = queries.own_letters(actor, case)
        yield (
            f"{folder}/case.json",
            {
                "number": case.number,
                "service": {"code": pack.code, "name": pack.service.name.zh},
                "subject": case.subject,
                "submitted_at": case.submitted_at,
                "ended_at": case.ended_at,
                "outcome": case.outcome,
                "application": case.variables.get("application"),
                "letters": [
                    {"at": each.at, "title": each.title, "body": each.body} for each in letters
                ],
                "decisions": [
                    {"at": each.at, "decision": each.decision, "value": each.value}
                    for each in queries.decisions_of(case)
                ],
            },
        )
        for each in queries.materials_of(case):
            content = queries.material_content(actor, case.pk, each.pk)
            yield f"{folder}/files/{each.pk.hex[:8]}-{content.name}", content.content
