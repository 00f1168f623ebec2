"""Certificates follow their holders, divisions and departments, with an entry in the journal."""

from __future__ import annotations

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.succession import Succession
from xiangyun.kernel.codes.division import subtree

from .models import Certificate

_PIECE = 500


def succeed(happened: Succession) -> int:
    """How many follow. What is issued stays as it is, its holder's id too.

    Whoever goes on for the holder sees it, since he is asked for with all that he was joined with.
    A death leaves it standing: whether it ends, its office decides.
    """
    with acting_as(SYSTEM):
        found = _found(happened)
        for start in range(0, len(found), _PIECE):
            for one in Certificate.objects.filter(pk__in=found[start : start + _PIECE]):
                journal.record(
                    journal.entry_of(
                        verb="certificate.followed",
                        subject=one.case_number or one.identifier,
                        division=one.division,
                        owner=one.owner,
                        actor=happened.by,
                        actor_name=happened.by_name,
                        desk="",
                        at=happened.at,
                        data={"certificate": one.identifier, **happened.told},
                        private={"why": happened.why},
                        matter=one.matter,
                        need=one.need,
                    )
                )
    return len(found)


def _found(happened: Succession) -> list[str]:
    if happened.what in ("party", "death"):
        held = Certificate.objects.filter(owner=happened.party)
        return list(held.values_list("pk", flat=True))
    old, new = happened.numbers
    values = [old, new]
    if happened.what == "division":
        values = [*subtree(old), old, new]
    function = f"xiangyun_certificates_move_{happened.what}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(values))})", values)
        return [pk for (pk,) in cursor.fetchall()]
