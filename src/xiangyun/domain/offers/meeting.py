"""Two who met: an invitation, what becomes of it, and what one shows the other under a grant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.grants import actions as granting
from xiangyun.domain.grants import queries as grants
from xiangyun.domain.grants import using
from xiangyun.domain.grants.queries import Grant
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.messaging import actions as messaging
from xiangyun.domain.messaging.actions import About, Notice
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import actions as writing
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.queries import State
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.matching import Matching
from xiangyun.kernel.matching.model import SIDES, Followed, SideName
from xiangyun.kernel.record.data import RecordReader, as_json
from xiangyun.kernel.record.model import Field
from xiangyun.kernel.service.model import APPLICANT

from . import checks, own, partners

SOURCE = "told by the two"
"""What stands as the source of a contact that the two themselves keep."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A pair that met, as one of the two sees it; `side` is the one that is theirs."""

    matching: Matching
    pack: str
    followed: Followed
    side: SideName
    state: State
    offer: str
    demand: str

    @property
    def own_key(self) -> str:
        """The key of one's own record."""
        return self.offer if self.side == "offers" else self.demand

    @property
    def other_key(self) -> str:
        """The key of the other's record."""
        return self.demand if self.side == "offers" else self.offer

    @property
    def other_register(self) -> str:
        """The register of the other's record."""
        side = self.matching.demands if self.side == "offers" else self.matching.offers
        return side.register

    @property
    def told(self) -> list[Field]:
        """The fields that this side fills in."""
        names = self.followed.offers if self.side == "offers" else self.followed.demands
        declared = registers.used(self.followed.register).declaration
        return [declared.by_name[name] for name in names] if declared else []


def contact(actor: Actor, code: str, key: str) -> Contact:
    """A contact by its key. Raises NotFound `offer.E003` to all but the two."""
    matching, pack = partners.matching_of(code)
    with acting_as(SYSTEM):
        state = registers.state(matching.followed.register, key) if matching.followed else None
    found = _as_seen(actor, matching, pack, state) if state else None
    if found is None:
        raise NotFound([checks.NOT_HERE])
    return found


def contacts_of(actor: Actor) -> list[Contact]:
    """The contacts of the party acted for, by their matchings and keys."""
    found: dict[tuple[str, str], Contact] = {}
    for each in partners.matchings():
        if each.followed is None:
            continue
        matching, pack = partners.matching_of(each.code)
        for side in SIDES:
            used = registers.used(matching.side(side).register)
            field = each.followed.offer if side == "offers" else each.followed.demand
            for mine in own.records_of(actor, used):
                with acting_as(SYSTEM):
                    page = registers.search(
                        each.followed.register, filters={field: mine.key}, limit=own.MOST
                    )
                for state in page.states:
                    seen = _as_seen(actor, matching, pack, state)
                    if seen is not None:
                        found[matching.code, state.key] = seen
    return [found[key] for key in sorted(found)]


def invite(actor: Actor, code: str, offer: str, demand: str, *, at: datetime) -> str:
    """Invite whom the other record belongs to; the key of the contact. They find a message.

    Raises NotFound `offer.E003` where neither is the actor's, or one is not there; Conflict
    `offer.E005` where the two have met already.
    """
    matching, pack = partners.matching_of(code)
    followed = matching.followed
    if followed is None or not followed.invites:
        raise NotFound([checks.NOT_HERE])
    key = f"{demand}@{offer}"
    with transaction.atomic():
        with acting_as(SYSTEM):
            offered = registers.state(matching.offers.register, offer)
            demanded = registers.state(matching.demands.register, demand)
            there = registers.record_with(followed.register, key)
        own_offer = own.own_state(actor, matching.offers.register, offer)
        own_demand = own.own_state(actor, matching.demands.register, demand)
        if offered is None or demanded is None or not (own_offer or own_demand):
            raise NotFound([checks.NOT_HERE])
        if there is not None:
            raise Conflict([checks.MET_ALREADY])
        declared = registers.used(followed.register).declaration
        assert declared is not None  # a matching is followed in a declared register
        data = {
            **{name: (offered.data or {}).get(name) for name in followed.of_offer},
            **followed.values,
            followed.day: timezone.localdate(at).isoformat(),
            followed.offer: offer,
            followed.demand: demand,
            declared.key: key,
        }
        _write(followed.register, key, data, actor, pack, offered.division, at)
        _told(actor, matching, pack, key, "partner.invited", at)
    return key


def tell(actor: Actor, code: str, key: str, cells: Mapping[str, str], *, at: datetime) -> None:
    """Say what became of a contact: the fields that one's own side fills in, as text.

    An empty one takes a value away. Raises NotFound `offer.E003`, Refused with faults by field.
    """
    found = contact(actor, code, key)
    names = [field.name for field in found.told]
    _change(actor, found, {name: cells[name] for name in names if name in cells}, at)


def visit(actor: Actor, code: str, key: str, *, begins: datetime, at: datetime) -> None:
    """Note when the two meet, as one of them has booked it; the other is told.

    Raises NotFound `offer.E003`, also where there is nothing to book.
    """
    found = contact(actor, code, key)
    if not found.followed.books:
        raise NotFound([checks.NOT_HERE])
    _change(actor, found, {found.followed.at: begins.isoformat()}, at)


def grant_of(actor: Actor, found: Contact, at: datetime) -> Grant | None:
    """The grant that stands by which the other side sees what belongs to the record."""
    secret = found.matching.secret
    if secret is None:
        return None
    shows = found.side == secret.side
    number = registers.used(secret.register).number
    keys = set(_secrets(found))
    for each in grants.given_by(actor) if shows else grants.held_by(actor):
        mine = number in each.registers and keys.intersection(each.keys)
        if mine and grants.stands(each, at) and (not shows or each.bank == _party(found)):
            return each
    return None


def grant(actor: Actor, code: str, key: str, *, until: date | None, at: datetime) -> Grant:
    """Let the other side see what belongs to one's record, until a day; without one, once.

    Raises NotFound `offer.E003`, Refused `offer.E006` where there is nothing to show, and as
    `grants.actions.give` does.
    """
    found = contact(actor, code, key)
    secret = found.matching.secret
    if secret is None or found.side != secret.side:
        raise NotFound([checks.NOT_HERE])
    keys = _secrets(found)
    if not keys:
        raise Refused([checks.NOTHING_SECRET])
    with acting_as(SYSTEM):
        party = _party(found)
        other = parties.party(party) if party else None
    return granting.give(
        actor,
        bank=other.code if other else "",
        purpose=f"{found.matching.name.zh} {key}",
        codes=[secret.register],
        until=until,
        at=at,
        keys=keys,
    )


def revoke(actor: Actor, code: str, key: str, *, at: datetime) -> None:
    """Take the grant back: the next statement sees nothing. Nothing where there is none."""
    standing = grant_of(actor, contact(actor, code, key), at)
    if standing is not None:
        granting.revoke(actor, standing.pk, at=at)


def look(
    actor: Actor, code: str, key: str, *, agreed: bool, at: datetime
) -> tuple[Contact, tuple[State, ...]]:
    """What belongs to the other's record, under their grant; one entry of the journal.

    Raises NotFound `offer.E003` where no grant stands, Forbidden `offer.E007` without the promise
    of secrecy, which is then kept with the contact.
    """
    found = contact(actor, code, key)
    secret = found.matching.secret
    standing = grant_of(actor, found, at) if secret and found.side != secret.side else None
    if secret is None or standing is None:
        raise NotFound([checks.NOT_HERE])
    if not agreed:
        raise Forbidden([checks.NOT_AGREED])
    seen = using.look(actor, standing.pk, version=standing.version, at=at, register=secret.register)
    data = found.state.data or {}
    first = found.followed.values
    if all(data.get(name) == first.get(name) for name in secret.agreed):
        _change(actor, found, dict(secret.agreed), at)
    return found, seen.states


def _as_seen(actor: Actor, matching: Matching, pack: str, state: State) -> Contact | None:
    followed, data = matching.followed, state.data or {}
    if followed is None:
        return None
    offer, demand = str(data.get(followed.offer)), str(data.get(followed.demand))
    for side, key in (("offers", offer), ("demands", demand)):
        of: SideName = "offers" if side == "offers" else "demands"
        if own.own_state(actor, matching.side(of).register, key) is not None:
            return Contact(matching, pack, followed, of, state, offer, demand)
    return None


def _secrets(found: Contact) -> list[str]:
    """The keys of what belongs to the record and is shown under a grant alone."""
    secret = found.matching.secret
    if secret is None:
        return []
    key = found.demand if secret.side == "demands" else found.offer
    with acting_as(SYSTEM):
        owner = _owner(found.matching, secret.side, key)
        held = registers.search(secret.register, filters={secret.field: key}, limit=own.MOST)
        return [state.key for state in held.states if state.holder == owner]


def _party(found: Contact) -> UUID | None:
    """Whose the other record is."""
    side: SideName = "demands" if found.side == "offers" else "offers"
    with acting_as(SYSTEM):
        return _owner(found.matching, side, found.other_key)


def _owner(matching: Matching, side: SideName, key: str) -> UUID | None:
    register = matching.side(side).register
    state = registers.state(register, key)
    return own.owner_of(register, state.data or {}, state.holder) if state else None


def _change(actor: Actor, found: Contact, cells: Mapping[str, str], at: datetime) -> None:
    declared = registers.used(found.followed.register).declaration
    assert declared is not None  # as above
    filled = {name: cell for name, cell in cells.items() if cell.strip()}
    read = RecordReader(declared, written=True).read(filled, partial=True)
    if read.errors:
        raise Refused(read.errors)
    data = {**(found.state.data or {}), **as_json(declared, read.values)}
    for name in cells.keys() - filled.keys():
        if not declared.by_name[name].required:
            data.pop(name, None)
    key = found.state.key
    with transaction.atomic():
        _write(declared.code, key, data, actor, found.pack, found.state.division, at)
        _told(actor, found.matching, found.pack, key, "contact.told", at)


def _write(
    register: str,
    key: str,
    data: Mapping[str, object],
    actor: Actor,
    pack: str,
    division: int,
    at: datetime,
) -> None:
    writing.record(
        register,
        key,
        {name: value for name, value in data.items() if value is not None},
        valid_from=timezone.localdate(at),
        source=SOURCE,
        at=at,
        actor=actor,
        pack=pack,
        division=division,
    )


def _told(actor: Actor, matching: Matching, pack: str, key: str, verb: str, at: datetime) -> None:
    """The journal, and a message to the other of the two."""
    found = contact(actor, matching.code, key)
    party = _party(found)
    entry = journal.record(
        journal.entry_of(
            verb=verb,
            subject=f"contact/{matching.code}/{key}",
            division=found.state.division,
            owner=actor.subject,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"pair": key},
        )
    )
    if party is None:
        return
    name = actor.subject_name or actor.name
    title = Text("有人邀请您对接", "Somebody invites you") if verb == "partner.invited" else Text(
        "对接有了进展", "A contact has gone on"
    )  # fmt: skip
    said = Text(
        "{matching}：{name}，{key}。请到“供需”里“我的对接”查看。",
        "{matching}: {name}, {key}. See your contacts among the offers.",
        matching=matching.name,
        name=name,
        key=key,
    )
    notice = Notice(
        key=f"contact:{entry.pk}",
        kind="notice",
        name="contact",
        role=APPLICANT,
        title=messaging.words_of(title),
        body=messaging.words_of(said),
        about=About(),
    )
    messaging.put(notice, [party], at=at)
