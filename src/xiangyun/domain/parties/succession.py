"""What goes on in another: duplicates, absorbed companies, divisions, departments; and deaths.

Each is one transaction with all that follows (`domain.succession`), and one entry of the journal
that says why; whatever follows has an entry of its own. For the platform: who asks checks first.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.succession import Succession, follow
from xiangyun.kernel.codes.department import key_of, number_of
from xiangyun.kernel.codes.division import subtree
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Text

from . import actions
from .actions import PROVINCE, By
from .models import Party, Representation


def join(duplicate: UUID, stays: UUID, *, why: str, on: date, by: By) -> dict[str, int]:
    """Two parties are one and the same: who acted for the duplicate acts for the one that stays.

    How many things followed, by app. Raises Refused `party.E021` without a reason, NotFound
    `party.E022`, Conflict `party.E023` for one party twice, for one joined already, or two kinds.
    """
    _pair(duplicate, stays, why)
    return actions.merge(duplicate, stays, why=why, on=on, by=by)


def absorb(company: UUID, into: UUID, *, why: str, on: date, by: By) -> dict[str, int]:
    """One organisation goes on in another, which has its cases, records and certificates then.

    Who acted for the absorbed one acts for nobody any more: the other has its own representatives.
    Raises as `join` does.
    """
    gone, other = _pair(company, into, why)
    with transaction.atomic():
        for each in Representation.objects.filter(party=company, ended_at=None):
            actions.end(each, reason=why, by=by)
        Party.objects.filter(pk=company).update(to_on=on)
        actions.enter("party.absorbed", gone, by, {"into": other.name}, {"why": why})
        return actions.merge(company, into, why=why, on=on, by=by)


def die(person: UUID, *, why: str, on: date, by: By) -> dict[str, int]:
    """A person has died: nobody acts for the person or by it any more, and what runs is told."""
    _reason(why)
    found = Party.objects.filter(pk=person, kind="person", merged_into=None).first()
    if found is None:
        raise NotFound([_UNKNOWN])
    with transaction.atomic():
        concerned = Q(party=person) | Q(representative=person)
        for each in Representation.objects.filter(concerned, ended_at=None):
            actions.end(each, reason=why, by=by)
        Party.objects.filter(pk=person).update(to_on=on)
        actions.enter("party.died", found, by, {"on": on.isoformat()}, {"why": why})
        return follow(Succession("death", person, None, on, why, by.at, by.account, by.name))


def move_division(old: int, new: int, *, why: str, on: date, by: By) -> dict[str, int]:
    """What lies in a division, or below it, lies in another from a day on.

    A place below keeps its last digits where the new division has a place with them. Raises Refused
    `party.E021` without a reason, NotFound `party.E024` for a division that is not there.
    """
    _reason(why)
    known = set(divisions.places(*subtree(new)))
    if old == new or not divisions.is_there(new):
        raise NotFound([_no_division(new)])
    low, high = subtree(old)
    with transaction.atomic():
        for party in Party.objects.filter(division__range=(low, high)):
            there = new + (party.division or old) - old
            party.division = there if there in known else new
            party.save(update_fields=["division"])
        _record(
            "division.merged", f"division/{old}", new, {"old": str(old), "new": str(new)}, why, by
        )
        return follow(Succession("division", old, new, on, why, by.at, by.account, by.name))


def move_department(old: str, new: str, *, why: str, on: date, by: By) -> dict[str, int]:
    """What is the matter of a department is that of another from a day on: running work, mandates.

    A drawing that names the old one, and a register, name the new one in a new version. Raises
    Refused `party.E021` without a reason, NotFound `party.E025` for a department that is none.
    """
    _reason(why)
    numbers = number_of(old), number_of(new)
    if not all(numbers) or numbers[0] == numbers[1]:
        raise NotFound([_no_department(old if not numbers[0] else new)])
    keys = {"old": key_of(numbers[0]), "new": key_of(numbers[1])}
    with transaction.atomic():
        Party.objects.filter(department=numbers[0]).exclude(
            code=actions.code_of_department(numbers[0])
        ).update(department=numbers[1])
        _record("department.merged", f"department/{keys['old']}", PROVINCE, keys, why, by)
        return follow(Succession("department", *numbers, on, why, by.at, by.account, by.name))


def _pair(one: UUID, other: UUID, why: str) -> tuple[Party, Party]:
    _reason(why)
    found = Party.objects.in_bulk([one, other])
    if len(found) < len({one, other}):
        raise NotFound([_UNKNOWN])
    first, second = found[one], found[other]
    joined = first.merged_into_id or second.merged_into_id
    if one == other or joined or first.kind != second.kind:
        raise Conflict([_NOT_TWO])
    return first, second


def _reason(why: str) -> None:
    if not why.strip():
        raise Refused([_WHY])


def _record(verb: str, subject: str, division: int, data: dict[str, str], why: str, by: By) -> None:
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=subject,
            division=division,
            owner=None,
            actor=by.account,
            actor_name=by.name,
            desk=by.desk,
            at=by.at,
            data={**data, "why": why},
        )
    )


_WHY = Finding(
    "party.E021",
    "error",
    Text("没有写明依据。", "It does not say what it rests on."),
    hint=Text("例如公告或者登记决定的文号。", "Such as the number of the announcement."),
)
_UNKNOWN = Finding(
    "party.E022",
    "error",
    Text("没有这个主体。", "There is no such party."),
    hint=Text(
        "请核对代码；已合并的用合并后的。", "Check the code; of joined ones take what stays."
    ),
)
_NOT_TWO = Finding(
    "party.E023",
    "error",
    Text(
        "这两个主体是同一个、不是同一类，或者其中一个已经合并。",
        "The two are one, of two kinds, or one of them is joined already.",
    ),
    hint=Text("请核对两个代码。", "Check both codes."),
)


def _no_division(code: int) -> Finding:
    return Finding(
        "party.E024",
        "error",
        Text(
            "没有可以并入的区划 {code}。",
            "There is no division {code} to go on in.",
            code=str(code),
        ),
        hint=Text("请核对 12 位区划代码。", "Check the code of 12 digits."),
    )


def _no_department(key: str) -> Finding:
    return Finding(
        "party.E025",
        "error",
        Text("没有可以并入的部门“{key}”。", "There is no department “{key}” to go on in.", key=key),
        hint=Text("请用部门清单里的代号，新旧不同。", "Use two keys of the list of departments."),
    )
