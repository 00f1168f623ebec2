"""Drafts of packs as their authors write them: one row for each revision of each file."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Draft(models.Model):
    """A pack on its way, from its first file until a second person agrees to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.TextField(help_text="The pack's path")
    base = models.PositiveIntegerField(help_text="The version it began with; 0 for none")
    state = models.TextField(help_text="open, handed_in, agreed or discarded")
    submission = models.UUIDField(null=True, help_text="The catalogue's draft it was handed in as")
    author = models.UUIDField(null=True)
    author_name = models.TextField()
    note = models.TextField(blank=True, default="", help_text="Why it was returned")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    privileges = Privileges(
        select=ALL, insert=ALL, update=("state", "submission", "note", "changed_at")
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-changed_at"], name="studio_latest")]

    def __str__(self) -> str:
        return f"{self.code} {self.id}"


class FileRevision(models.Model):
    """What a file of a draft says from one saving to the next. None is ever changed.

    The number is the optimistic lock: who saves writes the one after what he saw, and two cannot
    write the same.
    """

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="revisions")
    path = models.TextField(help_text="Within the pack: texts/zh-Hans.yaml")
    number = models.PositiveIntegerField()
    text = models.TextField(help_text="Byte for byte; empty where the file is gone")
    gone = models.BooleanField(default=False)
    author = models.UUIDField(null=True)
    author_name = models.TextField()
    at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draft", "path", "number"], name="one_revision_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.number}"
