"""Other organisations: where their systems are, and which keys are theirs and still good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.signatures import key_id
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text

from .envelopes import UNKNOWN_KEY
from .models import Partner, PartnerKey


@dataclass(frozen=True, slots=True)
class Known:
    """A key that somebody signs with, whether or not it is good now."""

    organisation: str
    key: PartnerKey


def enter_partner(
    organisation: str,
    *,
    name: str | None = None,
    address: str | None = None,
    signs_answers: bool | None = None,
    certifies: bool | None = None,
    bundles: bool | None = None,
    actor: Actor,
    at: datetime,
) -> Partner:
    """Enter an organisation, or change what is said of it; what is None stays."""
    if address and not address.startswith(("http://", "https://", "/", "file:///", "mailto:")):
        raise Refused([_no_address(address)])
    said = {"name": name, "address": address, "signs_answers": signs_answers}
    said |= {"certifies": certifies, "bundles": bundles}
    changed = {key: value for key, value in said.items() if value is not None}
    with transaction.atomic(), acting_as(SYSTEM):
        found, _ = Partner.objects.update_or_create(
            organisation=organisation, defaults={**changed, "at": at}
        )
        _record("exchange.partner_changed", organisation, changed, actor, at)
    return found


def enter_key(
    organisation: str,
    pem: str,
    *,
    first: datetime | None = None,
    last: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> PartnerKey:
    """Enter a public key of a partner; one that it has already stays as it is.

    Raises Refused for what is no Ed25519 key in PEM, Conflict for the key of another partner, and
    for one that was revoked or has other days.
    """
    try:
        named, read = key_id(pem), load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise Refused([_no_key()]) from None
    if not isinstance(read, Ed25519PublicKey):
        raise Refused([_no_key()])
    with transaction.atomic(), acting_as(SYSTEM):
        partner = Partner.objects.filter(pk=organisation).first()
        if partner is None:
            raise NotFound([_no_partner(organisation)])
        if (held := PartnerKey.objects.filter(pk=named).first()) is not None:
            same = held.partner_id == organisation and held.revoked_at is None
            if same and first in (None, held.first) and last in (None, held.last):
                return held
            raise Conflict([_held(held)])
        made = PartnerKey.objects.create(
            key_id=named, partner=partner, pem=pem, first=first or at, last=last
        )
        _record("exchange.key_entered", organisation, {"key": named}, actor, at)
    return made


def revoke_key(key: str, why: str, *, actor: Actor, at: datetime) -> PartnerKey:
    """A key is good no more, from now on; what it signed before stays what it was."""
    with transaction.atomic(), acting_as(SYSTEM):
        found = PartnerKey.objects.select_for_update().filter(pk=key).first()
        if found is None:
            raise NotFound([UNKNOWN_KEY.about(key=key)])
        if found.revoked_at is None:
            found.revoked_at, found.why = at, why
            found.save(update_fields=["revoked_at", "why"])
            said = {"key": key, "why": why}
            _record("exchange.key_revoked", found.partner_id, said, actor, at)
    return found


def keys_of(organisation: str, at: datetime) -> dict[str, str]:
    """The public keys of an organisation that are good at a moment, by their ids."""
    with acting_as(SYSTEM):
        good = PartnerKey.objects.filter(
            Q(last=None) | Q(last__gte=at), partner=organisation, first__lte=at, revoked_at=None
        )
        return dict(good.values_list("key_id", "pem"))


def known_key(key: str) -> Known | None:
    """Whose key this is, good or not."""
    with acting_as(SYSTEM):
        found = PartnerKey.objects.filter(pk=key).first()
        return Known(found.partner_id, found) if found is not None else None


def refuse_unless_good(known: Known, at: datetime) -> None:
    """Raises Forbidden for a key that was revoked, or whose time has not come or is over."""
    key = known.key
    if key.revoked_at is not None:
        raise Forbidden([_revoked(key)])
    if at < key.first or (key.last is not None and key.last < at):
        raise Forbidden([_out_of_time(key)])


def partner(organisation: str) -> Partner | None:
    """What is known of an organisation; None for nothing."""
    with acting_as(SYSTEM):
        return Partner.objects.filter(pk=organisation).first()


def note_asked(organisation: str, identifier: str, at: datetime) -> None:
    """Write down that a partner has asked whether a certificate stands; its digest names it."""
    digest = hashlib.sha256(identifier.encode()).hexdigest()
    with acting_as(SYSTEM):
        _record("exchange.standing_given", organisation, {"sha256": digest}, SYSTEM, at)


@dataclass(frozen=True, slots=True)
class Certifier:
    """An organisation whose certificates are valid here, with its keys in PEM by their ids."""

    organisation: str
    name: str
    address: str
    signs_answers: bool
    pems: Mapping[str, str]


def certifying() -> list[Certifier]:
    """The organisations whose certificates are valid here. What a key has signed while it was good
    stays what it was: only keys that were revoked are left out."""
    with acting_as(SYSTEM):
        found = Partner.objects.filter(certifies=True).prefetch_related("keys")
        return [
            Certifier(
                each.organisation,
                each.name or each.organisation,
                each.address,
                each.signs_answers,
                {k.key_id: k.pem for k in each.keys.all() if k.revoked_at is None},
            )
            for each in found.order_by("organisation")
        ]


def _record(
    verb: str, organisation: str, data: Mapping[str, object], actor: Actor, at: datetime
) -> None:
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=f"partner/{organisation}",
            division=0,
            owner=None,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"organisation": organisation, **data},
        )
    )


def _no_address(address: str) -> Finding:
    return Finding(
        "exchange.E020",
        "error",
        Text("“{address}”不是地址。", "“{address}” is no address.", address=address),
        hint=Text(
            "写 https://…、文件夹的绝对路径，或者 mailto:…。",
            "Write https://…, the absolute path of a folder, or mailto:….",
        ),
    )


def _no_key() -> Finding:
    return Finding(
        "exchange.E021",
        "error",
        Text("这不是 PEM 格式的公钥。", "This is no public key in PEM."),
        hint=Text(
            "对方的公钥在其 keys/public.pem 里。",
            "The other side finds its own in keys/public.pem.",
        ),
    )


def _no_partner(organisation: str) -> Finding:
    return Finding(
        "exchange.E022",
        "error",
        Text("没有登记机构 {code}。", "The organisation {code} is not entered.", code=organisation),
        hint=Text("先运行 xiangyun exchange partner。", "Run `xiangyun exchange partner` first."),
    )


def _held(held: PartnerKey) -> Finding:
    return Finding(
        "exchange.E023",
        "error",
        Text(
            "密钥 {key} 已经登记给 {code}。",
            "The key {key} is entered already, for {code}.",
            key=held.key_id,
            code=held.partner_id,
        ),
        hint=Text("一个密钥只属于一个机构。", "A key belongs to one organisation."),
    )


def _revoked(key: PartnerKey) -> Finding:
    return Finding(
        "exchange.E009",
        "error",
        Text(
            "密钥 {key} 已于 {at} 撤销。",
            "The key {key} was revoked at {at}.",
            key=key.key_id,
            at=f"{timezone.localtime(key.revoked_at):%Y-%m-%d %H:%M}" if key.revoked_at else "—",
        ),
        hint=Text("请用新的密钥签名。", "Sign with a new key."),
    )


def _out_of_time(key: PartnerKey) -> Finding:
    return Finding(
        "exchange.E010",
        "error",
        Text("密钥 {key} 不在有效期内。", "The key {key} is out of its time.", key=key.key_id),
        hint=Text("请用有效的密钥签名。", "Sign with a key that is good now."),
    )
