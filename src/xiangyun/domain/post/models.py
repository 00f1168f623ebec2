"""Parcels with the results of cases."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class State(models.TextChoices):
    """How far a parcel has come."""

    ASKED = "asked", "待交寄"
    SENT = "sent", "运输中"
    ARRIVED = "arrived", "已签收"
    RETURNED = "returned", "已退回"


class Parcel(models.Model):
    """The result of a case on its way by post; one for each case at a time.

    Where it goes is seen by whoever sees the case, and told to the carrier alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, db_index=False)
    place = models.BigIntegerField(help_text="The division of the case")
    recipient = models.TextField()
    phone = models.TextField()
    address = models.TextField()
    state = models.TextField(choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    carrier = models.TextField(blank=True, default="")
    number = models.TextField(blank=True, default="", help_text="The carrier's")
    sent_at = models.DateTimeField(null=True)
    events = models.JSONField(default=list, help_text="[{at, zh, en}], as the carrier told them")
    looked_at = models.DateTimeField(null=True, help_text="When the carrier was last asked")

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("state", "carrier", "number", "sent_at", "events", "looked_at"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~models.Q(state="returned"),
                name="one_parcel_of_a_case",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["place", "asked_at"],
                condition=models.Q(state="asked"),
                name="parcels_to_send",
            ),
            models.Index(
                fields=["looked_at"], condition=models.Q(state="sent"), name="parcels_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"
