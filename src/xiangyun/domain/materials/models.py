"""What stands instead of the papers of an application, and what became of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Substitute(models.Model):
    """One paper that was not handed in, and what stands for it.

    `material` is the file that was put in its place: the certificate, the text of the promise. It
    goes when that is taken out of the draft. `case` has the id of the draft, and is there once that
    is sent. Words and terms are those of the version that the application was made by.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.DO_NOTHING, db_constraint=False)
    material = models.OneToOneField("cases.Material", models.CASCADE)
    question = models.TextField()
    name_zh = models.TextField(help_text="What the paper is called")
    name_en = models.TextField()
    way = models.TextField(help_text="See kernel.service.instead")
    said = models.TextField(blank=True, default="", help_text="The promise, or a number")
    identifier = models.TextField(blank=True, default="", help_text="Of the certificate")
    role = models.TextField(blank=True, default="", help_text="Who checks it, or is told")
    days = models.PositiveIntegerField(default=0)
    remind = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When the office was told it did not come")
    settled_at = models.DateTimeField(null=True, help_text="When it came, or was checked")
    kept = models.BooleanField(null=True, help_text="Whether the promise held")
    note = models.TextField(blank=True, default="")
    settled_by = models.UUIDField(null=True)
    settled_by_name = models.TextField(blank=True, default="")

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=(
            *("reminded_at", "told_at"),
            *("settled_at", "kept", "note", "settled_by", "settled_by_name"),
        ),
        delete=True,
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["way", "case"],
                condition=models.Q(settled_at=None, way__in=["promise", "later"]),
                name="substitutes_not_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.question}"
