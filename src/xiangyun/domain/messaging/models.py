"""Messages (消息), the ways they go besides the inbox, and what each person chose."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiangyun.domain.privileges import ALL, Privileges
from xiangyun.domain.vault.rows import WORDS, SealedRow
from xiangyun.domain.vault.sealing import MASK


class Channel(models.TextChoices):
    """The ways besides the inbox, which nobody can choose to be without."""

    EMAIL = "email", "电子邮件"
    SMS = "sms", "短信"


class Message(SealedRow):
    """One message in the inbox of a party; whoever acts for the party now reads it.

    `key` makes it once: `letter:ID:PARTY`, `task:CASE:TOKEN:PARTY`, `digest:DAY:ACCOUNT`. The words
    of a letter stay with it. Of a case that only its handlers may know the title says nothing.
    """

    masks: ClassVar = {"body": WORDS}
    key = models.TextField(unique=True)
    recipient = models.UUIDField(help_text="The party; an official's is the account's own")
    office = models.BooleanField(
        default=False, help_text="To an official by a role: seen as long as the case is"
    )
    role = models.TextField(help_text="The role that was written to")
    kind = models.TextField(help_text="letter, notice, entry or digest")
    name = models.TextField(blank=True, default="", help_text="The template, as the pack calls it")
    at = models.DateTimeField()
    title = models.JSONField(help_text='{"zh": …, "en": …}')
    body = models.JSONField(default=dict, help_text='{"zh": …, "en": …}; empty for a letter')
    short = models.JSONField(default=dict, help_text="What a short message says, if not the usual")
    letter = models.ForeignKey("cases.Letter", models.CASCADE, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="+")
    entry = models.ForeignKey("Entry", models.CASCADE, null=True, related_name="+")
    number = models.TextField(blank=True, default="", help_text="The number of the case")
    division = models.BigIntegerField(default=0)
    matter = models.IntegerField(default=0)
    need = models.SmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    read_by = models.TextField(blank=True, default="", help_text="The name of who opened it first")

    privileges = Privileges(select=ALL, insert=ALL, update=("read_at", "read_by"))

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-id"], name="messages_of_party"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="unread_messages"),
            models.Index(fields=["case"], name="messages_of_case"),
        ]

    @property
    def seal_scope(self) -> str:
        return f"case/{self.case_id}"

    def __str__(self) -> str:
        return self.key


class Contact(models.Model):
    """Where an account is reached besides the inbox: one address for each channel.

    Nothing goes there before a code that was sent there has come back. The code is kept as digest.
    """

    account = models.UUIDField()
    channel = models.TextField(choices=Channel.choices)
    address = models.TextField()
    wanted = models.BooleanField(default=True, help_text="Whether messages go there")
    verified_at = models.DateTimeField(null=True)
    code = models.TextField(blank=True, default="", help_text="Digest of the code that was sent")
    code_at = models.DateTimeField(null=True)
    codes = models.SmallIntegerField(default=0, help_text="Codes asked for since `since`")
    since = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0, help_text="Wrong codes since it was sent")
    problem = models.JSONField(null=True, help_text="Why it does not work, as it seems")

    privileges = Privileges(select=ALL, insert=ALL, update=ALL, delete=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "channel"], name="one_contact_per_channel")
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.account}"


class Preference(models.Model):
    """How an account wants to be disturbed. Without a row: as the defaults say."""

    account = models.UUIDField(primary_key=True)
    quiet_from = models.TimeField(null=True, default=time(22), help_text="None: at any hour")
    quiet_to = models.TimeField(null=True, default=time(8))
    for_others = models.BooleanField(
        default=True, help_text="Whether messages to whom the account acts for come there, too"
    )
    language = models.TextField(default="zh-Hans", help_text="Of what leaves the platform")
    digest = models.BooleanField(
        default=False, help_text="Of an official: a message each working day about waiting tasks"
    )

    privileges = Privileges(select=ALL, insert=ALL, update=ALL)

    def __str__(self) -> str:
        return str(self.account)


class State(models.TextChoices):
    """How far a delivery got."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "未送达"
    DROPPED = "dropped", "不再发送"


class Delivery(models.Model):
    """One message on one way to one account: to the address that the account has there then."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", db_index=False)
    account = models.UUIDField()
    channel = models.TextField(choices=Channel.choices)
    shown = models.TextField(help_text="The address with its middle hidden")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    problem = models.JSONField(null=True, help_text='What the last attempt met: {"zh", "en"}')
    reference = models.TextField(blank=True, default="", help_text="The provider's number")

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("state", "attempts", "tried_at", "problem", "reference"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "account", "channel"], name="one_delivery_per_way"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["reference"], name="delivery_by_reference")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}"


class Entry(SealedRow):
    """An appointment, a visit or a deadline of a party, as calendars take it (RFC 5545).

    All day from `first` to `last`, or from `starts` to `ends`. It keeps its `uid`; each change
    counts `sequence` up, so that the calendars it is in take the change.
    """

    masks: ClassVar = {"title": WORDS, "body": WORDS, "place": MASK}
    uid = models.TextField(unique=True)
    recipient = models.UUIDField()
    office = models.BooleanField(default=False)
    name = models.TextField(help_text="The entry, as the pack calls it")
    title = models.JSONField(help_text='{"zh": …, "en": …}')
    body = models.JSONField(default=dict)
    place = models.TextField(blank=True, default="")
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    sequence = models.IntegerField(default=0)
    cancelled = models.BooleanField(default=False)
    at = models.DateTimeField(help_text="When it was last changed")
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+")
    number = models.TextField()
    division = models.BigIntegerField()
    matter = models.IntegerField()
    need = models.SmallIntegerField()

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=(
            *("title", "body", "place", "first", "last", "starts", "ends"),
            *("sequence", "cancelled", "at"),
        ),
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(first=None, starts__isnull=False) | Q(first__isnull=False, starts=None),
                name="an_entry_has_a_day_or_an_hour",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-at"], name="entries_of_party"),
            models.Index(fields=["case"], name="entries_of_case"),
        ]

    @property
    def seal_scope(self) -> str:
        return f"case/{self.case_id}"

    def __str__(self) -> str:
        return self.uid


class Feed(models.Model):
    """A secret address under which an account's calendar is read. Only its SHA-256 is kept."""

    account = models.UUIDField()
    digest = models.BinaryField(unique=True, max_length=32)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    privileges = Privileges(select=ALL, insert=ALL, update=("ended_at",))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="one_feed_of_an_account"
            )
        ]

    def __str__(self) -> str:
        return str(self.account)
