"""Mandates follow merged divisions and departments, joined duplicates, and deaths."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.succession import Succession
from xiangyun.kernel.codes.department import key_of
from xiangyun.kernel.codes.division import subtree

from . import actions
from .access import SYSTEM, Actor, acting_as
from .models import Account, Mandate
from .roles import department_of, general, spelled


def succeed(happened: Succession) -> int:
    """How many mandates go on in another, from the day on; the one of before ends the day before.

    Of two accounts of one person the mandates go to the one that stays; the other is locked, and so
    is the account of one who has died.
    """
    with acting_as(SYSTEM):
        standing = Mandate.objects.filter(Q(to_on=None) | Q(to_on__gte=happened.on))
        match happened.what:
            case "division":
                return _of_division(happened, standing)
            case "department":
                return _of_department(happened, standing)
            case "party":
                stays = happened.new
                if not isinstance(stays, UUID) or not Account.objects.filter(pk=stays).exists():
                    return 0
                found = list(standing.filter(account_id=happened.party))
                for each in found:
                    _goes_on(happened, each, account=stays)
            case "death":
                found = list(standing.filter(account_id=happened.party))
                for each in found:
                    _end(happened, each)
    actions.set_active(happened.party, False)
    return len(found)


def _of_division(happened: Succession, standing: QuerySet[Mandate]) -> int:
    old, new = happened.numbers
    low, high = subtree(old)
    known = {new, *divisions.places(*subtree(new))}
    found = list(standing.filter(low__gte=low, high__lte=high))
    for each in found:
        there = new + each.division_id - old
        _goes_on(happened, each, division=there if there in known else new)
    return len(found)


def _of_department(happened: Succession, standing: QuerySet[Mandate]) -> int:
    old, new = map(key_of, happened.numbers)
    found = [each for each in standing if department_of(each.role) == old]
    for each in found:
        _goes_on(happened, each, role=spelled(general(each.role), new))
    return len(found)


def _goes_on(
    happened: Succession,
    before: Mandate,
    *,
    account: UUID | None = None,
    role: str = "",
    division: int = 0,
) -> None:
    """The same mandate with another account, role or place; one that is there already stays."""
    account, role = account or before.account_id, role or before.role
    division = division or before.division_id
    there = Mandate.objects.filter(account_id=account, role=role, division_id=division)
    if not there.filter(Q(to_on=None) | Q(to_on__gte=happened.on)).exists():
        given = actions.give_mandate_to(
            account,
            role=role,
            division=division,
            desk=before.desk,
            from_on=max(happened.on, before.from_on or happened.on),
            to_on=before.to_on,
        )
        _record(happened, given, "mandate.given")
    _end(happened, before)


def _end(happened: Succession, mandate: Mandate) -> None:
    _record(happened, mandate, "mandate.ended")
    last = happened.on - timedelta(days=1)
    actions.end_mandate(mandate.pk, on=last, today=timezone.localdate(happened.at))


def _record(happened: Succession, mandate: Mandate, verb: str) -> None:
    by = Actor(name=happened.by_name or SYSTEM.name, kind="system", account=happened.by)
    data = {"role": mandate.role, "place": mandate.division_id, "desk": mandate.desk}
    actions.record_about(
        mandate.account_id,
        verb,
        by=by,
        at=happened.at,
        data={**data, "what": happened.what},
        private={"why": happened.why},
    )
