"""What is kept of exchange: partners with their keys, and every message that left or came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.privileges import ALL, Privileges
from xiangyun.domain.vault.rows import SealedRow
from xiangyun.domain.vault.sealing import MASK


class Partner(models.Model):
    """Another organisation, by its code (GB 32100), and where its system is.

    `address` is a URL, the path of a folder, or `mailto:`; empty: it cannot be reached yet.
    `certifies`: its certificates are valid here, and it is asked whether they stand. `bundles`: it
    takes many messages in one request.
    """

    organisation = models.TextField(primary_key=True)
    name = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    signs_answers = models.BooleanField(default=True)
    certifies = models.BooleanField(default=False, db_default=False)
    bundles = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("name", "address", "signs_answers", "certifies", "bundles", "at"),
    )

    def __str__(self) -> str:
        return self.organisation


class PartnerKey(models.Model):
    """A public key (Ed25519, PEM) of a partner, and from when until when it is good."""

    key_id = models.TextField(primary_key=True, help_text="As `journal.signatures.key_id` names it")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="keys")
    pem = models.TextField()
    first = models.DateTimeField()
    last = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True, default="")

    privileges = Privileges(select=ALL, insert=ALL, update=("last", "revoked_at", "why"))

    @property
    def days(self) -> int:
        """Whole days that it is still good; 0 for one without an end."""
        return max((self.last - timezone.now()).days, 0) if self.last else 0

    def __str__(self) -> str:
        return self.key_id


class State(models.TextChoices):
    """How far a message that goes out has come."""

    WAITING = "waiting", "待发"
    SENDING = "sending", "正在发"
    SENT = "sent", "已送到，等答复"
    ANSWERED = "answered", "已答复，尚未交给办件"
    DONE = "done", "办妥"
    DEAD = "dead", "未送到"
    DROPPED = "dropped", "不再发送"


class Outgoing(SealedRow):
    """A message that goes out; `id` is its idempotency key for whoever gets it.

    It is written in the transaction of the step that wants it. `series` is a digest of what it is
    in order with, `serial` its place there. `body` and `answer` are JSON texts, so that no digit is
    lost and the digest stays the same; of a sealed case they are encrypted.
    """

    masks: ClassVar = {"body": MASK, "answer": MASK}
    id = models.UUIDField(primary_key=True)
    connector = models.TextField()
    message = models.TextField()
    organisation = models.TextField()
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="+")
    number = models.TextField(blank=True, default="", help_text="The number of the case")
    token = models.TextField(blank=True, default="")
    division = models.BigIntegerField(default=0)
    matter = models.IntegerField(default=0)
    need = models.SmallIntegerField(default=0)
    key = models.TextField(blank=True, default="", help_text="By which a later message names it")
    series = models.TextField(blank=True, default="")
    serial = models.BigIntegerField(default=0)
    body = models.JSONField()
    digest = models.TextField(help_text="SHA-256 of the body, in hex")
    asked_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    problem = models.JSONField(null=True, help_text='{"id": …, "zh": …, "en": …}')
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)
    simulated = models.BooleanField(default=False)
    leaf = models.TextField(
        default="", db_default="", help_text="Hash of the journal's leaf that says it left, in hex"
    )

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=(
            *("state", "due_at", "leased_until", "attempts", "problem"),
            *("answered_at", "answer", "simulated", "leaf"),
        ),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "token"], name="one_message_per_service_task"),
            models.UniqueConstraint(
                fields=["connector", "organisation", "series", "serial"],
                condition=~Q(series=""),
                name="one_message_per_place_in_a_series",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=("waiting", "sending", "answered")),
                name="messages_under_way",
            ),
            models.Index(
                fields=["connector", "message", "key"],
                condition=Q(state="sent"),
                name="messages_to_be_answered",
            ),
            models.Index(
                fields=["-asked_at"], condition=Q(state="dead"), name="messages_undelivered"
            ),
        ]

    @property
    def seal_scope(self) -> str:
        return f"case/{self.case_id}"

    def __str__(self) -> str:
        return f"{self.connector}/{self.message} {self.id}"


class Line(models.Model):
    """How it goes with one partner by one connector: what the circuit breaker and limits need."""

    code = models.TextField(primary_key=True, help_text="connector@organisation")
    failures = models.IntegerField(default=0, help_text="In a row")
    closed_until = models.DateTimeField(null=True, help_text="Nothing is sent before")
    minute = models.DateTimeField(null=True, help_text="The minute that is counted")
    sent = models.IntegerField(default=0, help_text="Attempts in that minute")

    privileges = Privileges(
        select=ALL, insert=ALL, update=("failures", "closed_until", "minute", "sent")
    )

    def __str__(self) -> str:
        return self.code


class Taken(models.TextChoices):
    """What became of a message that came."""

    DONE = "done", "已处理"
    FAILED = "failed", "处理失败"
    DROPPED = "dropped", "不再处理"


class Incoming(models.Model):
    """A message that came and was genuine; the same number again is answered as before.

    The words of a message about a sealed case lie where they went, not here: see `receiving`.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.TextField()
    message_id = models.TextField(help_text="The idempotency key that the sender gave it")
    connector = models.TextField()
    message = models.TextField()
    key_id = models.TextField()
    digest = models.TextField()
    body = models.TextField(blank=True, default="", help_text="Empty once it is dealt with")
    series = models.TextField(blank=True, default="")
    serial = models.BigIntegerField(default=0)
    follows = models.BigIntegerField(default=0, help_text="The place of the one before it")
    came_at = models.DateTimeField()
    state = models.TextField(choices=Taken.choices)
    answer = models.TextField(blank=True, default="")
    number = models.TextField(blank=True, default="", help_text="The case that it went to")
    problem = models.JSONField(null=True)
    leaf = models.TextField(
        default="", db_default="", help_text="Hash of the journal's leaf that says it came, in hex"
    )

    privileges = Privileges(
        select=ALL, insert=ALL, update=("state", "answer", "number", "problem", "body", "leaf")
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "message_id"], name="one_message_taken_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "connector", "-came_at"], name="messages_that_came"
            ),
            models.Index(fields=["-came_at"], condition=Q(state="failed"), name="messages_stuck"),
        ]

    def __str__(self) -> str:
        return f"{self.connector}/{self.message} {self.message_id}"


class Enclosure(models.Model):
    """A file that a message which came has named: its content is fetched from the sender.

    `digest` is the one that the message names; `found` that of the content, which the signed
    answer says: another one where the sender keeps the file encrypted.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.TextField()
    message_id = models.TextField()
    connector = models.TextField()
    number = models.TextField(help_text="The number of the case that it goes to")
    digest = models.TextField()
    size = models.BigIntegerField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    problem = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True)
    found = models.TextField(blank=True, default="")

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("state", "due_at", "attempts", "problem", "came_at", "found"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "message_id", "digest"], name="one_file_fetched_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=("waiting", "dead")), name="files_awaited"
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.digest}"


class Series(models.Model):
    """How far the messages of one series from one partner have come."""

    code = models.TextField(primary_key=True, help_text="connector@organisation:series")
    serial = models.BigIntegerField()

    privileges = Privileges(select=ALL, insert=ALL, update=("serial",))

    def __str__(self) -> str:
        return self.code
