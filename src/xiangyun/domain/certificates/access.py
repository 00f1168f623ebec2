"""Who may read a certificate, and who may end it.

Readable by its owner, by the offices of its place and matter, by whoever presents its identifier or
sees the case that issued it: the table's row-level security, said once more in the query (see
`journal.access`).
"""

from __future__ import annotations

from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import department_of, spelled
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.codes.department import key_of
from xiangyun.kernel.service import earlier
from xiangyun.kernel.service.times import OVERSEER

from .models import Certificate


def readable() -> QuerySet[Certificate]:
    """The certificates that the one who asks may read."""
    presented = Func(function="xiangyun_presented", output_field=TextField())
    return Certificate.objects.filter(
        Q(_asked("xiangyun_in_matter", "need", "matter", "division"))
        | Q(_asked("xiangyun_is_subject", "owner", "matter"))
        | Q(identifier=presented)
        | Q(_asked("xiangyun_sees_subject", "case_number"))
    )


def _asked(function: str, *columns: str) -> Func:
    return Func(*map(F, columns), function=function, output_field=BooleanField())


def certificate_to_end(actor: Actor, identifier: str) -> Certificate:
    """The certificate, locked, if this actor may change its status.

    Raises `Certificate.DoesNotExist` when there is none, and just so when it is another's office.
    """
    found = readable().select_for_update().get(pk=identifier)
    department = key_of(found.matter)
    if actor.kind == "system" or any(
        actor.holds(role if department_of(role) else spelled(role, department), found.division)
        for role in (OVERSEER, *_ended_by(found))
    ):
        return found
    raise Certificate.DoesNotExist


def _ended_by(found: Certificate) -> tuple[str, ...]:
    """The roles that may end a certificate, as the version of its pack says that issued it."""
    pack = cases.pack_of_number(found.case_number or "")
    return pack.certificate.ended_by if pack and pack.certificate else earlier.ENDED_BY
