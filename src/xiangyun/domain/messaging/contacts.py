"""Where a person is reached besides the inbox, and when: verbs and reads of the own account.

An address counts when a code that was sent there has come back. The inbox cannot be declined.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.checks import NO_ACCOUNT
from xiangyun.domain.parties import queries as parties
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text

from . import outbox
from .models import Channel, Contact, Preference

CODE_MINUTES, CODE_TRIES, CODES_A_DAY = 15, 5, 10
CODE_PAUSE = timedelta(seconds=60)
# What is sent to is plain: letters, digits and a few signs before the @, a name of a host after it.
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Reached:
    """An address of an account that messages go to."""

    account: UUID
    channel: str
    address: str


def contacts(actor: Actor) -> dict[str, Contact]:
    """The addresses of the account that acts, by their channels."""
    return {each.channel: each for each in Contact.objects.filter(account=_account(actor))}


def preference(actor: Actor) -> Preference:
    """How the account wants to be disturbed; what holds for everybody unless it said so."""
    return preference_of(_account(actor))


def preference_of(account: UUID) -> Preference:
    """The same for whoever may see it."""
    found = Preference.objects.filter(account=account).first()
    return found or Preference(account=account)


def read_address(channel: str, typed: str) -> str:
    """An address as it is sent to. Raises Refused `messaging.E001`, `E002` for one that is none."""
    text = typed.strip()
    if channel == Channel.EMAIL:
        if len(text) > 254 or not _EMAIL.fullmatch(text) or len(text.partition("@")[0]) > 64:
            raise Refused([NO_EMAIL])
        name, _, host = text.rpartition("@")
        return f"{name}@{host.lower()}"
    digits = re.sub(r"[\s-]", "", text).removeprefix("+86")
    if not (digits.isascii() and _MOBILE.fullmatch(digits)):
        raise Refused([NO_MOBILE])
    return digits


def enter_address(actor: Actor, channel: str, typed: str, *, at: datetime) -> Contact:
    """Write down an address and have a code sent there; an address that counts already stays.

    Raises Refused for what is no address and after too many codes (`messaging.E005`).
    """
    address = read_address(channel, typed)
    with transaction.atomic():
        contact, new = Contact.objects.select_for_update().get_or_create(
            account=_account(actor), channel=channel, defaults={"address": address}
        )
        if not new and contact.address == address and contact.verified_at is not None:
            return contact
        if contact.since is None or at - contact.since >= timedelta(days=1):
            contact.since, contact.codes = at, 0
        asked = contact.codes >= CODES_A_DAY
        if asked or (contact.code_at is not None and at - contact.code_at < CODE_PAUSE):
            raise Conflict([TOO_MANY_CODES])
        contact.codes += 1
        contact.address, contact.verified_at, contact.problem = address, None, None
        contact.code, contact.code_at, contact.tries = "", at, 0
        contact.save()
        outbox.send_code(contact.pk)
        return contact


def draw_code(contact: Contact, *, at: datetime) -> str:
    """A fresh code for an address that waits for one; kept as a digest. For the job that sends."""
    code = f"{secrets.randbelow(10**6):06}"
    contact.code, contact.code_at, contact.tries = _digest(contact, code), at, 0
    contact.save(update_fields=["code", "code_at", "tries"])
    return code


def confirm(actor: Actor, channel: str, typed: str, *, at: datetime) -> Contact:
    """The code has come back: from now on the address counts.

    Raises NotFound without an address, Refused `messaging.E003` for a wrong code and `E004` for
    one that was tried too often or is too old.
    """
    with transaction.atomic():
        contact = _own(actor, channel)
        if contact.verified_at is not None:
            return contact
        old = contact.code_at is None or at - contact.code_at > timedelta(minutes=CODE_MINUTES)
        if not contact.code or old or contact.tries >= CODE_TRIES:
            raise Conflict([CODE_OVER])
        right = constant_time_compare(contact.code, _digest(contact, typed.strip()))
        if right:
            contact.verified_at, contact.code, contact.wanted = at, "", True
        contact.tries += 1
        contact.save()
    if not right:  # outside, so that the try counts
        raise Refused([WRONG_CODE])
    return contact


def choose(actor: Actor, wanted: Iterable[str]) -> None:
    """Messages go by these channels from now on, and by no other; the inbox has them all."""
    chosen = set(wanted)
    for contact in contacts(actor).values():
        contact.wanted = contact.channel in chosen
        contact.save(update_fields=["wanted"])


def forget(actor: Actor, channel: str) -> None:
    """Forget an address."""
    Contact.objects.filter(account=_account(actor), channel=channel).delete()


def prefer(
    actor: Actor,
    *,
    quiet: tuple[time, time] | None,
    for_others: bool,
    digest: bool,
    language: str,
) -> Preference:
    """Say when no telephone shall ring, and what besides the own messages shall come."""
    given = {
        "quiet_from": quiet[0] if quiet else None,
        "quiet_to": quiet[1] if quiet else None,
        "for_others": for_others,
        "language": language,
        "digest": digest and actor.is_official,
    }
    kept, _ = Preference.objects.update_or_create(account=_account(actor), defaults=given)
    return kept


def reached(recipient: UUID, matter: int, on: date) -> list[Reached]:
    """Where messages to a party go, besides its inbox: to its own account and to those who act
    for it that day in that matter and want it. As the platform."""
    acting = parties.acting_for(recipient, matter, on)
    unwilling = Preference.objects.filter(account__in=acting, for_others=False)
    accounts = {recipient, *acting} - set(unwilling.values_list("account", flat=True)) | {recipient}
    found = Contact.objects.filter(account__in=accounts, wanted=True, verified_at__isnull=False)
    return [Reached(each.account, each.channel, each.address) for each in found.order_by("pk")]


def quiet_until(preference: Preference, at: datetime) -> datetime | None:
    """When the quiet hours in which a moment lies are over; None outside of them."""
    begins, ends = preference.quiet_from, preference.quiet_to
    if begins is None or ends is None or begins == ends:
        return None
    local = timezone.localtime(at)
    now = local.time()
    within = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not within:
        return None
    over = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return over if over > local else over + timedelta(days=1)


def _account(actor: Actor) -> UUID:
    if actor.account is None:
        raise Forbidden([NO_ACCOUNT])
    return actor.account


def _own(actor: Actor, channel: str) -> Contact:
    own = Contact.objects.select_for_update().filter(account=_account(actor), channel=channel)
    found = own.first()
    if found is None:
        raise NotFound([NO_CONTACT])
    return found


def _digest(contact: Contact, code: str) -> str:
    """Of a code, under the instance's key, for this address alone."""
    said = f"{contact.pk}:{contact.address}:{code}"
    return salted_hmac("xiangyun.messaging.code", said, algorithm="sha256").hexdigest()


NO_EMAIL = Finding(
    "messaging.E001",
    "error",
    Text("这不是电子邮件地址。", "This is no e-mail address."),
    hint=Text("请写成 name@example.cn。", "Write it as name@example.cn."),
)
NO_MOBILE = Finding(
    "messaging.E002",
    "error",
    Text("这不是手机号码。", "This is no mobile number."),
    hint=Text("请填写 11 位手机号码，如 13812345678。", "Give 11 digits, such as 13812345678."),
)
WRONG_CODE = Finding(
    "messaging.E003",
    "error",
    Text("验证码不对。", "The code is wrong."),
    hint=Text("请照收到的六位数字再输一遍。", "Type the six digits that you received."),
)
CODE_OVER = Finding(
    "messaging.E004",
    "error",
    Text(
        "验证码已失效：超过 {minutes} 分钟，或输错太多次。",
        "The code counts no more: it is older than {minutes} minutes or was tried too often.",
        minutes=CODE_MINUTES,
    ),
    hint=Text("请重新发送验证码。", "Have a new code sent."),
)
TOO_MANY_CODES = Finding(
    "messaging.E005",
    "error",
    Text(
        "验证码发送太频繁：每分钟一次，每天 {codes} 次。",
        "Too many codes: one a minute, {codes} a day.",
        codes=CODES_A_DAY,
    ),
    hint=Text("请稍后再试。", "Wait a while and try again."),
)
NO_CONTACT = Finding(
    "messaging.E006",
    "error",
    Text("还没有登记这个联系方式。", "No such address is entered."),
    hint=Text("请先填写并发送验证码。", "Enter it first and have a code sent."),
)
