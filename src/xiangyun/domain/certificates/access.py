"""Who may read a certificate, and who may end it.

Readable by its owner, by the offices of its place and matter, by whoever presents its identifier or
sees the case that issued it: the table's row-level security, said once more in the query (see
`journal.access`).
"""

from __future__ import annotations

from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import department_of, general, spelled
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.editions import remembered
from xiangyun.kernel.codes.department import key_of
from xiangyun.kernel.service import earlier
from xiangyun.kernel.service.certificate import FILE as CERTIFICATE
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
    if not may_end(actor, found):
        raise Certificate.DoesNotExist
    return found


def may_end(actor: Actor, found: Certificate) -> bool:
    """Whether this actor may suspend a certificate, let it stand again, and end it."""
    department = key_of(found.matter)
    return actor.kind == "system" or any(
        actor.holds(role if department_of(role) else spelled(role, department), found.division)
        for role in (OVERSEER, *_ended_by(found))
    )


def ends_some(actor: Actor) -> bool:
    """Whether a mandate of this actor may end certificates, of whatever service."""
    return any(general(mandate.role) in _roles_that_end() for mandate in actor.mandates)


@remembered("catalogue", 1)
def _roles_that_end() -> frozenset[str]:
    packs = catalogue.packs_with(CERTIFICATE)
    named = {role for each in packs if each.certificate for role in each.certificate.ended_by}
    return frozenset(general(role) for role in (OVERSEER, *named, *earlier.ENDED_BY))


def _ended_by(found: Certificate) -> tuple[str, ...]:
    """The roles that may end a certificate, as the version of its pack says that issued it."""
    pack = cases.pack_of_number(found.case_number or "")
    return pack.certificate.ended_by if pack and pack.certificate else earlier.ENDED_BY
