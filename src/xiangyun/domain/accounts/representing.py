"""For whom an account acts: the choice at log-in, and who may let whom act for whom.

A representation is asked for at every request. One that has ended or was not begun gives nothing
from the next request on, wherever the browser is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.parties import actions, queries
from xiangyun.domain.parties.queries import Representation
from xiangyun.kernel.codes.department import DEPARTMENTS, number_of
from xiangyun.kernel.findings import Finding, Forbidden, NotFound, Refused, Text

from .access import SYSTEM, Actor, acting_as
from .checks import NO_ACCOUNT


@dataclass(frozen=True, slots=True)
class Choice:
    """A party that somebody may act for: in which departments' matters (none: all), until when."""

    representation: int
    party: UUID
    name: str
    kind: str
    matters: tuple[Text, ...]
    to_on: date | None
    proof: str
    reference: str


def for_party(actor: Actor, party: UUID) -> Actor | None:
    """The actor acting for a party, if that stands today; None otherwise.

    The own party is the actor itself. Officials act for nobody: who is one and represents somebody
    has an account of a person beside it.
    """
    if actor.account is None or actor.is_official:
        return None
    if party == actor.account:
        return actor
    with acting_as(SYSTEM):
        found = queries.acting(actor.account, party, timezone.localdate())
    if found is None:
        return None
    return actor.acting_for(found.party, found.name, about=found.matters, joined=found.joined)


def rests_on(actor: Actor, proofs: Iterable[str]) -> bool:
    """Whether that the actor acts for the party acted for rests today on one of these proofs."""
    if actor.account is None:
        return False
    with acting_as(SYSTEM):
        found = queries.representing(actor.account, timezone.localdate())
    return any(each.party_id in actor.subjects and each.proof in proofs for each in found)


def choices(actor: Actor) -> list[Choice]:
    """For whom an actor may act today, besides himself, by name."""
    if actor.account is None or actor.is_official:
        return []
    by_number = {each.number: each.name for each in DEPARTMENTS.values()}
    return [
        Choice(
            each.pk,
            each.party_id,
            each.party.name,
            each.party.kind,
            tuple(by_number[number] for number in each.matters if number in by_number),
            each.to_on,
            each.proof,
            each.reference,
        )
        for each in queries.representing(actor.account, timezone.localdate())
    ]


def representatives(actor: Actor) -> list[Representation]:
    """Who acts or acted for the party that the actor acts for now."""
    return queries.represented_by(actor.subject) if actor.subject else []


def represent(
    actor: Actor,
    *,
    party: UUID,
    representative: UUID,
    proof: str,
    at: datetime,
    departments: Iterable[str] = (),
    from_on: date | None = None,
    to_on: date | None = None,
    reference: str = "",
) -> Representation:
    """Let one party act for another: in the matters of these departments, or in all.

    The party itself gives its consent; whoever acts for it in all matters may do so too. A desk
    enters it with any other proof and says where that is found. Raises `Refused`.
    """
    if actor.account is None and actor.kind != "system":
        raise Forbidden([NO_ACCOUNT])
    numbers = {key: number_of(key) for key in departments}
    if unknown := [key for key, number in numbers.items() if not number]:
        raise Refused([_no_department(unknown[0])])
    if party == representative:
        raise Refused([ONESELF])
    first = from_on or timezone.localdate(at)
    if to_on is not None and to_on < max(first, timezone.localdate(at)):
        raise Refused([OVER])
    if proof not in Representation.Proof.values:
        raise Refused([NO_PROOF])
    # A refusal that passed an inner `acting_as` would end the transaction of whoever is told it.
    with acting_as(SYSTEM):
        found = queries.parties([party, representative])
    if len(found) != 2:
        raise NotFound([UNKNOWN])
    of, who = found[party], found[representative]
    desk = desk_for(actor, of)
    if actor.kind != "system":
        if proof == Representation.Proof.CONSENT:
            if not actor.speaks_for(party) or actor.about:
                raise Forbidden([NOT_THEIRS])
        elif not desk or actor.account == representative:
            raise Forbidden([BY_A_DESK])
        elif not reference.strip():
            raise Refused([NO_REFERENCE])
    with acting_as(SYSTEM):
        return actions.represent(
            of,
            who,
            matters=numbers.values(),
            from_on=first,
            to_on=to_on,
            proof=proof,
            reference=reference.strip(),
            by=actions.By(actor.account, actor.name, desk, at),
        )


def desk_for(actor: Actor, party: queries.Party) -> str:
    """The desk of the place where a party lives, if the actor sits at one."""
    place = party.division
    if place is None:
        return ""
    sitting = (m.desk for m in actor.mandates if m.role == "desk" and m.low <= place <= m.high)
    return next(sitting, "")


def known_person(id_number: str, name: str) -> queries.Party:
    """The person with this identity number and this name.

    Raises `NotFound` alike for an unknown number and for a name that is another.
    """
    with acting_as(SYSTEM):
        found = queries.by_code(queries.Kind.PERSON, id_number)
    if found is None or found.name != name.strip():
        raise NotFound([UNKNOWN])
    return found


def consent(
    actor: Actor,
    *,
    id_number: str,
    name: str,
    at: datetime,
    departments: Iterable[str] = (),
    to_on: date | None = None,
) -> Representation:
    """Let the person with this identity number and this name act for the party acted for now.

    Raises `NotFound` alike for an unknown number and for a name that is another: nobody learns
    here whose a number is.
    """
    if actor.subject is None:
        raise Forbidden([NO_ACCOUNT])
    found = known_person(id_number, name)
    return represent(
        actor,
        party=actor.subject,
        representative=found.pk,
        proof=Representation.Proof.CONSENT,
        departments=departments,
        to_on=to_on,
        at=at,
    )


def of_party(actor: Actor, party: UUID) -> list[Representation]:
    """Who acts or acted for a party, for a desk of the place where it lives; else nobody."""
    with acting_as(SYSTEM):
        found = queries.parties([party]).get(party)
        return queries.represented_by(party) if found and desk_for(actor, found) else []


def end(actor: Actor, representation: int, *, reason: str, at: datetime) -> Representation:
    """End a representation: the representative, the party itself, or who acts for it in all.

    A desk of the place ends it for a reason, such as a guardian who was relieved by a court. Raises
    `NotFound` for one that the actor has nothing to do with, there or not; Forbidden `party.E032`
    where the party itself would end what law or a court has given, which a desk does.
    """
    with acting_as(SYSTEM):
        given = (
            Representation.objects.filter(pk=representation)
            .select_related("party", "representative")
            .first()
        )
    desk = desk_for(actor, given.party) if given is not None else ""
    own = given is not None and actor.speaks_for(given.party_id) and not actor.about
    theirs = given is not None and (
        actor.kind == "system"
        or (actor.account is not None and given.representative_id == actor.account)
        or own
        or bool(desk)
    )
    if given is None or not theirs:
        raise NotFound([NOT_THERE])
    if desk and not reason.strip():
        raise Refused([NO_REASON])
    if own and given.proof in BY_LAW and given.representative_id != actor.account:
        raise Forbidden([GIVEN_BY_LAW])
    with acting_as(SYSTEM):
        by = actions.By(actor.account, actor.name, desk, at)
        return actions.end(given, reason=reason.strip(), by=by)


BY_LAW = (Representation.Proof.GUARDIANSHIP, Representation.Proof.COURT)
"""Proofs of what the represented party has not given and cannot take back by itself."""


def _no_department(key: str) -> Finding:
    return Finding(
        "party.E001",
        "error",
        Text("没有“{key}”这个部门。", "There is no department “{key}”.", key=key),
        hint=Text("请用部门清单里的代号。", "Use a key of the list of departments."),
    )


ONESELF = Finding(
    "party.E002",
    "error",
    Text("不能代理自己。", "Nobody acts for himself by a representation."),
    hint=Text("请填写另一位代理人。", "Name somebody else."),
)
OVER = Finding(
    "party.E003",
    "error",
    Text("代理的最后一天已经过去或早于第一天。", "The last day has passed, or precedes the first."),
    hint=Text("请填写今天或以后的日期，或不填。", "Enter a day from today on, or none."),
)
NO_PROOF = Finding(
    "party.E004",
    "error",
    Text("没有这种代理依据。", "There is no such proof of a representation."),
    hint=Text("可用：{proofs}。", "Use one of {proofs}.", proofs=list(Representation.Proof.values)),
)
UNKNOWN = Finding(
    "party.E005",
    "error",
    Text("没有找到这个人，或姓名与号码不符。", "Nobody is known by this number and this name."),
    hint=Text(
        "请核对姓名和身份号码；对方须先注册。",
        "Check both; the other one needs to be known here first.",
    ),
)
NOT_THEIRS = Finding(
    "party.E006",
    "error",
    Text("只有本人可以授权他人代理。", "Only the party itself consents to being represented."),
    hint=Text(
        "请由本人登录授权，或到窗口凭证明办理。",
        "Let the party log in, or take the proof to a desk.",
    ),
)
BY_A_DESK = Finding(
    "party.E007",
    "error",
    Text(
        "凭证明登记代理，须由当地的帮办窗口办理，且不能为自己登记。",
        "A representation by proof is entered by a desk of the place, and not for itself.",
    ),
    hint=Text("请到所在地的窗口。", "Go to a desk where the party lives."),
)
NO_REFERENCE = Finding(
    "party.E008",
    "error",
    Text("没有写明证明材料。", "It does not say where the proof is found."),
    hint=Text("例如“户口簿第 3 页”或公证书编号。", "Such as the number of a notary's deed."),
)
NOT_THERE = Finding(
    "party.E009",
    "error",
    Text("没有这项代理。", "There is no such representation."),
    hint=Text("请从“为谁办事”页面选择。", "Choose one on the page “For whom I act”."),
)
NOT_HERE = Finding(
    "party.E031",
    "error",
    Text("在您的窗口没有查到这个号码的主体。", "At your desk nobody is known by this number."),
    hint=Text(
        "请核对号码；住在别处的由当地窗口办理。",
        "Check it; who lives elsewhere turns to a desk there.",
    ),
)
GIVEN_BY_LAW = Finding(
    "party.E032",
    "error",
    Text(
        "依法或者由法院确定的代理，不能由本人终止。",
        "What law or a court has given, the represented one does not end by itself.",
    ),
    hint=Text(
        "请携带裁判文书等证明到所在地的窗口办理。",
        "Take the decision that ends it to a desk of the place.",
    ),
)
NO_REASON = Finding(
    "party.E033",
    "error",
    Text("没有写明终止的理由。", "It does not say why it ends."),
    hint=Text("例如裁判文书或者任免决定的文号。", "Such as the number of a court's decision."),
)
NOT_REPRESENTED = Finding(
    "party.E010",
    "error",
    Text("您现在不能代这一方办事。", "You do not act for this party now."),
    hint=Text(
        "代理可能已经终止；请在“为谁办事”页面重新选择。",
        "The representation may have ended; choose anew on the page “For whom I act”.",
    ),
)
