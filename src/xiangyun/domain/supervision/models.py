"""What overseers have said to offices about single tasks, and what was answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiangyun.domain.privileges import ALL, Privileges


class Order(models.Model):
    """A word to an office about a task of a case.

    Without `due_on` it urges (催办) and nothing has to be said to it; with one it is an order
    (督办) that somebody there answers. What it says is seen by officials of the place who see the
    case, never by applicants (row-level security).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, db_index=False)
    token = models.TextField(help_text="The task of the case")
    element = models.TextField()
    place = models.BigIntegerField(help_text="The division in which the task waits")
    why = models.TextField()
    by = models.UUIDField(help_text="The overseer's account")
    by_name = models.TextField()
    at = models.DateTimeField()
    on = models.DateField(help_text="The day of `at` in the province")
    due_on = models.DateField(null=True, help_text="The last day for an answer; none: it urges")
    answer = models.TextField(blank=True, default="")
    answered_by = models.UUIDField(null=True)
    answered_by_name = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("answer", "answered_by", "answered_by_name", "answered_at"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "token", "on"],
                condition=Q(due_on=None),
                name="urged_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["case", "token"],
                condition=Q(due_on__isnull=False, answered_at=None),
                name="one_order_waits_for_its_answer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["place", "due_on"],
                condition=Q(due_on__isnull=False, answered_at=None),
                name="orders_not_answered",
            ),
            models.Index(fields=["by", "-at"], name="orders_given"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.element}"
