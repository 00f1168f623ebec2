"""Who may read a certificate, and who may end it.

Readable by its owner, by the offices of its division, and by whoever presents its identifier: the
table's row-level security, said once more in the query (see `journal.access`).
"""

from __future__ import annotations

from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField

from xiangyun.domain.accounts.access import Actor

from .models import Certificate

_ENDING_ROLES = ("approver", "supervisor")


def readable() -> QuerySet[Certificate]:
    """The certificates that the one who asks may read."""
    in_scope = Func(F("division"), function="xiangyun_in_scope", output_field=BooleanField())
    is_own = Func(F("owner"), function="xiangyun_is_person", output_field=BooleanField())
    presented = Func(function="xiangyun_presented", output_field=TextField())
    return Certificate.objects.filter(Q(in_scope) | Q(is_own) | Q(identifier=presented))


def certificate_to_end(actor: Actor, identifier: str) -> Certificate:
    """The certificate, locked, if this actor may change its status.

    Raises `Certificate.DoesNotExist` when there is none, and just so when it is another's office.
    """
    found = readable().select_for_update().get(pk=identifier)
    if actor.kind == "system" or any(actor.holds(role, found.division) for role in _ENDING_ROLES):
        return found
    raise Certificate.DoesNotExist
