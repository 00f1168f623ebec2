"""A batch, and what became of each of its tasks."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Batch(models.Model):
    """One action, with one note, that an official does on several tasks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.UUIDField()
    action = models.TextField()
    words = models.JSONField(help_text='The button: {"zh": …, "en": …}')
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-at"], name="batches_of_account")]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%F %H:%M}"


class State(models.TextChoices):
    """What became of a task."""

    WAITING = "waiting", "等待"
    DONE = "done", "已办"
    REFUSED = "refused", "未办"


class Item(models.Model):
    """A task of a batch: done or refused, and then why."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items", db_index=False)
    place = models.IntegerField(help_text="Its place in the batch, from 0")
    case = models.ForeignKey("cases.Case", models.CASCADE, db_index=False)
    token = models.TextField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    said = models.JSONField(null=True, help_text='Why it was refused: {"zh": …, "en": …}')

    privileges = Privileges(
        select=ALL, insert=ALL, update=("state", "said"), sequences=("batches_item_id_seq",)
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "place"], name="one_item_per_place"),
            models.UniqueConstraint(fields=["batch", "case", "token"], name="one_task_per_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.token}"
