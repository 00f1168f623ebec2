"""Webhooks, and each call of one."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Webhook(models.Model):
    """An address to which what concerns a party is posted, until it is ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.UUIDField(help_text="The party whose cases it tells of")
    address = models.TextField()
    verbs = models.JSONField(default=list, help_text="Of the journal; none: all that are told")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True, default="", help_text="Why the platform ended it")

    privileges = Privileges(select=ALL, insert=ALL, update=("ended_at", "why"))

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["owner"], condition=models.Q(ended_at=None), name="webhooks_of_owner"
            )
        ]

    def __str__(self) -> str:
        return self.address


class State(models.TextChoices):
    """How far a call has come."""

    WAITING = "waiting", "待发"
    ARRIVED = "arrived", "已送达"
    DEAD = "dead", "未送达"


class Call(models.Model):
    """One thing that happened, on its way to one address: the same id however often it is tried."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    entry = models.BigIntegerField(help_text="The entry of the journal")
    verb = models.TextField()
    body = models.TextField()
    at = models.DateTimeField(help_text="When it happened")
    due_at = models.DateTimeField(help_text="When it is tried next")
    attempts = models.PositiveIntegerField(default=0)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    status = models.IntegerField(null=True, help_text="What the address answered last")

    privileges = Privileges(
        select=ALL, insert=ALL, update=("due_at", "attempts", "state", "status")
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "entry"], name="one_call_of_an_entry")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(state="waiting"), name="calls_that_wait"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.state}"
