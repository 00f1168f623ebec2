"""Cases follow their parties, divisions and departments, each with an entry in its history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.succession import Succession
from xiangyun.kernel.codes.department import key_of
from xiangyun.kernel.codes.division import subtree

from . import recording, store
from .models import Case

FOLLOWED = "case.followed"
_PIECE = 500


def succeed(happened: Succession) -> int:
    """Cases, their work and their lanes in the queue, drafts and parties; how many cases.

    Of a death nothing is changed, and running cases say so. A step that was read before is done
    anew: each case that follows counts it as one.
    """
    with acting_as(SYSTEM):
        found = _moved(happened)
        for start in range(0, len(found), _PIECE):
            cases = Case.objects.in_bulk(found[start : start + _PIECE])
            for case in cases.values():
                _note(case, happened)
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
