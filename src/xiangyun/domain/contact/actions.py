"""Say where one is reached about a case from now on."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import recording
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.messaging.contacts import read_address
from xiangyun.domain.messaging.queries import Channel
from xiangyun.kernel.findings import Finding, Forbidden, Place, Refused, Text

from . import queries
from .models import CaseContact

LONGEST = 200
"""Characters of an address."""
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?")


def change(
    case_id: UUID, *, telephone: str, email: str, address: str, actor: Actor, at: datetime
) -> CaseContact:
    """What the office reaches the applicant by, for this case alone; empty: not by this.

    Said again, nothing is written. The journal has a digest and not the words: they stand in
    `CaseContact`. `Case.DoesNotExist` for a case that the actor does not see. Raises `Forbidden`
    `case.E285` for whoever did not apply, an ended case, and one that only handlers may know;
    `Refused` with everything that is wrong: E286 nothing at all, E287 no telephone number,
    `messaging.E001` no e-mail address, E288 an address too long.
    """
    read = _read(telephone, email, address)
    with transaction.atomic():
        case = case_access.case_for(actor, case_id)
        if actor.account is None or not queries.may_change(actor, case):
            raise Forbidden([_NOT_CHANGED])
        held = queries.of_case(case.pk)
        if held is not None and read == {name: getattr(held, name) for name in read}:
            return held
        made = CaseContact.objects.create(
            case_id=case.pk, by=actor.account, by_name=actor.name, at=at, **read
        )
        digest = hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()
        journal.record(
            recording.about(
                case,
                "contact.changed",
                actor=actor.account,
                actor_name=actor.name,
                desk=actor.desk_in(case.division),
                at=at,
                data={},
                # A number alone could be guessed from its digest, so nobody reads that outside.
                private={"sha256": digest},
            )
        )
    return made


def _read(telephone: str, email: str, address: str) -> dict[str, str]:
    """The three as they are kept; raises Refused with all that is wrong."""
    wrong: list[Finding] = []
    telephone, email, address = (
        each.replace("\0", "").strip() for each in (telephone, email, address)
    )
    if not (telephone or email or address):
        raise Refused([_NOTHING])
    if telephone and not _LANDLINE.fullmatch(telephone):
        try:
            telephone = read_address(Channel.SMS, telephone)
        except Refused:
            wrong.append(replace(_NO_TELEPHONE, place=Place(question="telephone")))
    if email:
        try:
            email = read_address(Channel.EMAIL, email)
        except Refused as refused:
            wrong += [replace(each, place=Place(question="email")) for each in refused.findings]
    if len(address) > LONGEST:
        wrong.append(replace(_TOO_LONG, place=Place(question="address")))
    if wrong:
        raise Refused(wrong)
    return {"telephone": telephone, "email": email, "address": address}


_NOT_CHANGED = Finding(
    "case.E285",
    "error",
    Text("这一件的联系方式现在不能在这里改。", "Where you are reached cannot be changed here now."),
    hint=Text(
        "在办的件由申请人改；也可以拨打 12345。",
        "The applicant changes it while a case runs; or call 12345.",
    ),
)
_NOTHING = Finding(
    "case.E286",
    "error",
    Text("请至少留一种联系方式。", "Give at least one way to reach you."),
    hint=Text("电话、电子邮件、地址留一样就行。", "A telephone, an e-mail or an address will do."),
)
_NO_TELEPHONE = Finding(
    "case.E287",
    "error",
    Text("这不是电话号码。", "This is no telephone number."),
    hint=Text(
        "手机写 11 位，固定电话写区号，如 0433-7512345。",
        "A mobile has 11 digits; a landline its area code, such as 0433-7512345.",
    ),
)
_TOO_LONG = Finding(
    "case.E288",
    "error",
    Text("地址最多 {most} 字。", "An address has {most} characters at most.", most=LONGEST),
    hint=Text("写到门牌就行。", "Up to the number of the door will do."),
)
