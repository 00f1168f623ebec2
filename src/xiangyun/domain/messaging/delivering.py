"""One message to one address: sent once, tried again for a day, then told as not delivered.

What leaves the platform is the title, the short words and the way to the inbox. A letter stays
where it is; the words of other messages go with an e-mail. Of a case that only its handlers may
know, nothing goes but that there is something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import CHINESE, ENGLISH, Language

from . import access, actions, calendars, contacts, outbox, ports
from .models import Channel, Contact, Delivery, Message, State
from .ports import NotNow, Outgoing, Unreachable

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
"""Until the next attempt after each failed one; a delivery that failed once more has failed."""
_LANGUAGES = {language.tag: language for language in (CHINESE, ENGLISH)}


@dataclass(frozen=True, slots=True)
class _Ready:
    """A delivery that is to be made now."""

    delivery: Delivery
    outgoing: Outgoing
    sender: ports.Sender


def deliver(delivery_id: int, *, at: datetime) -> None:
    """Make one delivery, unless it was made, is not wanted any more, or the hours are quiet.

    The address is asked outside of any transaction, since that may take long.
    """
    ready = _prepare(delivery_id, at)
    if ready is None:
        return
    try:
        reference = ready.sender.send(ready.outgoing)
    except NotNow as problem:
        _failed(ready.delivery, problem, at)
    else:
        _done(ready.delivery, State.SENT, at, reference=reference)


def _prepare(delivery_id: int, at: datetime) -> _Ready | None:
    with acting_as(SYSTEM):
        found = Delivery.objects.select_related("message", "message__entry").filter(pk=delivery_id)
        delivery = found.first()
        if delivery is None or delivery.state != State.WAITING:
            return None
        contact = Contact.objects.filter(
            account=delivery.account,
            channel=delivery.channel,
            wanted=True,
            verified_at__isnull=False,
        ).first()
        sender = ports.sender(delivery.channel)
        if contact is None or sender is None or not _reads(delivery):
            delivery.state = State.DROPPED
            delivery.save(update_fields=["state"])
            return None
        preference = contacts.preference_of(delivery.account)
        if delivery.channel == Channel.SMS and (over := contacts.quiet_until(preference, at)):
            outbox.deliver(delivery.pk, over)
            return None
        language = _LANGUAGES.get(preference.language, CHINESE)
        outgoing = _written(delivery, contact.address, language)
        return _Ready(delivery, outgoing, sender)


def _reads(delivery: Delivery) -> bool:
    """Whether the account may still read the message: it acts for the party, and sees the case."""
    actor = accounts.actor_by_account(delivery.account)
    if actor is None:
        return False
    reader: Actor | None = actor
    if not actor.is_official:
        reader = representing.for_party(actor, delivery.message.recipient)
    if reader is None:
        return False
    with acting_as(reader):
        return access.messages_of(reader).filter(pk=delivery.message_id).exists()


def _written(delivery: Delivery, address: str, language: Language) -> Outgoing:
    message = delivery.message
    title = Text.from_json(message.title)
    link = f"{settings.PUBLIC_URL.rstrip('/')}/messages/{message.pk}"
    key = f"xiangyun-{delivery.pk}"
    if delivery.channel == Channel.SMS:
        return Outgoing(key, address, "", _short(message, title, language))
    said = [title.pick(language)]
    if message.body and not message.need:
        said.append(Text.from_json(message.body).pick(language))
    elif message.short:
        said.append(Text.from_json(message.short).pick(language))
    if message.number:
        number = Text("办件编号：{number}", "Case number: {number}", number=message.number)
        said.append(number.pick(language))
    said.append(Text("全文请看：{link}", "Read it here: {link}", link=link).pick(language))
    said.append(_FOOT.pick(language))
    files = _attached(message, language)
    return Outgoing(key, address, title.pick(language), "\n\n".join(said), files)


def _short(message: Message, title: Text, language: Language) -> str:
    """What a telephone shows: the words of the pack, or the title and the number."""
    if message.short:
        said = Text.from_json(message.short)
    elif message.number:
        said = Text(
            "{title}（办件编号 {number}），请登录祥云查看。",
            "{title} (case {number}). Log in to Xiangyun to read it.",
            title=title,
            number=message.number,
        )
    else:
        said = Text("{title}，请登录祥云查看。", "{title}. Log in to Xiangyun.", title=title)
    return " ".join(said.pick(language).split())


def _attached(message: Message, language: Language) -> tuple[ports.Attached, ...]:
    """The appointment that a message is about, as a calendar takes it."""
    if message.entry is None or message.need:
        return ()
    content = calendars.file_of([message.entry], language).encode()
    return (ports.Attached(calendars.FILE, calendars.MEDIA_TYPE, content),)


def _failed(delivery: Delivery, problem: NotNow, at: datetime) -> None:
    """Try again later, or say that it did not arrive, to its sender and its recipient."""
    tried = delivery.attempts
    if isinstance(problem, Unreachable) or tried >= len(WAITS):
        _done(delivery, State.FAILED, at, problem=problem.said)
        return
    with acting_as(SYSTEM):
        _note(delivery, State.WAITING, at, problem=problem.said)
        outbox.deliver(delivery.pk, at + WAITS[tried])


def _done(
    delivery: Delivery,
    state: State,
    at: datetime,
    *,
    reference: str = "",
    problem: Text | None = None,
) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        _note(delivery, state, at, reference=reference, problem=problem)
        verb = "notice.delivered" if state == State.SENT else "notice.undelivered"
        said = {"channel": delivery.channel, "attempts": delivery.attempts}
        actions.record(verb, delivery.message, said, actor=SYSTEM, at=at)
        if problem is not None:
            Contact.objects.filter(account=delivery.account, channel=delivery.channel).update(
                problem=actions.words_of(problem)
            )
        else:
            Contact.objects.filter(
                account=delivery.account, channel=delivery.channel, problem__isnull=False
            ).update(problem=None)


def _note(
    delivery: Delivery,
    state: State,
    at: datetime,
    *,
    reference: str = "",
    problem: Text | None = None,
) -> None:
    delivery.state, delivery.tried_at = state, at
    delivery.attempts += 1
    delivery.reference = reference
    delivery.problem = dict(actions.words_of(problem)) if problem is not None else None
    delivery.save(update_fields=["state", "tried_at", "attempts", "reference", "problem"])


def came_back(reference: str, said: Text, *, at: datetime) -> bool:
    """A message that was taken at first has come back; whether it was one of ours.

    `reference`: what `Sender.send` gave. Told twice it is noted once.
    """
    with acting_as(SYSTEM):
        found = Delivery.objects.select_related("message").filter(reference=reference)
        delivery = found.first()
    if delivery is None or not reference:
        return False
    if delivery.state == State.SENT:
        _done(delivery, State.FAILED, at, reference=reference, problem=said)
    return True


def send_code(contact_id: int, *, at: datetime) -> None:
    """Send a fresh code to an address that waits for one. Raises `NotNow`: it is tried again."""
    with acting_as(SYSTEM):
        contact = Contact.objects.filter(pk=contact_id, verified_at=None).first()
        sender = ports.sender(contact.channel) if contact is not None else None
        if contact is None or sender is None:
            return
        code = contacts.draw_code(contact, at=at)
        language = _LANGUAGES.get(contacts.preference_of(contact.account).language, CHINESE)
    said = Text(
        "您的祥云验证码是 {code}，{minutes} 分钟内有效。不是您本人操作，请不要理会。",
        "Your Xiangyun code is {code}, good for {minutes} minutes. Not you? Ignore it.",
        code=code,
        minutes=contacts.CODE_MINUTES,
    )
    title = Text("祥云验证码", "Your Xiangyun code").pick(language)
    key = f"xiangyun-code-{contact.pk}-{int(at.timestamp())}"
    try:
        sender.send(Outgoing(key, contact.address, title, said.pick(language)))
    except Unreachable as problem:
        with acting_as(SYSTEM):
            words = dict(actions.words_of(problem.said))
            Contact.objects.filter(pk=contact.pk).update(problem=words)


_FOOT = Text(
    "这封邮件由祥云政务服务自动发出，请勿回复。在“消息”页面可以选择接收方式。",
    "Sent by Xiangyun public services; please do not reply. Choose how you are reached on the page "
    "“Messages”.",
)
