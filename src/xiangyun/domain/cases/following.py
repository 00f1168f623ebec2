"""Cases follow their parties, divisions and departments, each with an entry in its history.

What a running case says of the body that decides it follows too: what it issues from then on is the
other's. Which body a department that was merged is called by, a new version of the service says
(`migration`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.parties import queries as known
from xiangyun.domain.parties.queries import Party
from xiangyun.domain.succession import Succession
from xiangyun.kernel.codes.department import key_of
from xiangyun.kernel.codes.division import subtree
from xiangyun.kernel.feel import Value
from xiangyun.kernel.pack import competent

from . import actions, opening, recording, store
from .models import Case

FOLLOWED = "case.followed"
_PIECE = 500


def succeed(happened: Succession) -> int:
    """Cases, their work and their lanes in the queue, drafts and parties; how many cases.

    Of a death nothing is changed, and running cases say so. A step that was read before is done
    anew: each case that follows counts it as one.
    """
    with acting_as(SYSTEM):
        body = _body(happened)
        found = [*dict.fromkeys([*_moved(happened), *_decided_by(body)])]
        for start in range(0, len(found), _PIECE):
            cases = Case.objects.in_bulk(found[start : start + _PIECE])
            for case in cases.values():
                _note(case if case.ended_at else _renewed(case, happened, body), happened)
    return len(found)


def _moved(happened: Succession) -> list[UUID]:
    if happened.what == "death":
        running = Case.objects.filter(owner=happened.party, ended_at=None)
        return list(running.values_list("pk", flat=True))
    function, values = _CALLS[happened.what](happened)
    with connection.cursor() as cursor:
        holes = ", ".join(["%s"] * len(values))
        cursor.execute(f"SELECT {function}({holes})", values)
        return [pk for (pk,) in cursor.fetchall()]


def _of_division(happened: Succession) -> tuple[str, list[Any]]:
    old, new = happened.numbers
    return "xiangyun_cases_move_division", [*subtree(old), old, new]


def _of_department(happened: Succession) -> tuple[str, list[Any]]:
    old, new = happened.numbers
    return "xiangyun_cases_move_department", [old, new, key_of(old), key_of(new)]


_CALLS = {
    "party": lambda happened: ("xiangyun_cases_join_party", [happened.old, happened.new]),
    "division": _of_division,
    "department": _of_department,
}


def _body(happened: Succession) -> tuple[str, Party] | None:
    """The code of a body that is no more, and the one that goes on for it."""
    if happened.what != "party" or not isinstance(happened.new, UUID):
        return None
    gone, stays = known.party(happened.party), known.party(happened.new)
    return (gone.code, stays) if gone.kind == "organisation" and gone.code else None


def _decided_by(body: tuple[str, Party] | None) -> list[UUID]:
    """The running cases that a body decides which is no more."""
    if body is None:
        return []
    decided = Case.objects.filter(ended_at=None, variables__authority__code=body[0])
    return list(decided.values_list("pk", flat=True))


def _renewed(case: Case, happened: Succession, body: tuple[str, Party] | None) -> Case:
    """The case, with variables that name its place and the body that decides it as they are now."""
    step = actions.resume(store.load(SYSTEM, case.pk), SYSTEM, happened.at)
    said: Mapping[str, Value] = {}
    authority = step.data.get("authority")
    if happened.what == "division":
        said = competent(step.pack, opening.said_of(divisions.division(case.division)))
    elif body and isinstance(authority, dict) and authority.get("code") == body[0]:
        named = {"name": body[1].name, "name_en": body[1].name, "code": body[1].code}
        said = {"authority": {**authority, **named}}
    if all(step.data.get(name) == value for name, value in said.items()):
        return case
    step.merge(said)
    step.keep()
    return step.case


def _note(case: Case, happened: Succession) -> None:
    """In the history of the case; and where it stands, since a step counts its revisions."""
    standing = {"revision": case.revision, "sha256": store.digest_of(case)}
    journal.record(
        recording.about(
            case,
            FOLLOWED,
            actor=happened.by,
            actor_name=happened.by_name,
            desk="",
            at=happened.at,
            data=happened.told,
            private={"why": happened.why, store.STANDING: standing},
        )
    )
