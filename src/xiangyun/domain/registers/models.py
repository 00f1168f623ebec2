"""Registers (库): what the administration already knows and need not ask again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Record(models.Model):
    """One record of a register: a company, a person. `holder` is the account it is about."""

    register = models.TextField()
    key = models.TextField()
    division = models.BigIntegerField()
    holder = models.UUIDField(null=True)
    data = models.JSONField()
    source = models.TextField()
    recorded_on = models.DateField()
    fictitious = models.BooleanField(default=True)

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("division", "data", "source", "recorded_on", "holder"),
        sequences=("registers_organisation",),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "key"], name="one_record_per_key")
        ]
        indexes: ClassVar = [models.Index(fields=["holder", "register"])]

    def __str__(self) -> str:
        return f"{self.register}/{self.key}"
