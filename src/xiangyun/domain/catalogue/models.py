"""The catalogue (目录): what packs declare, in its published versions."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiangyun.domain.privileges import ALL, Privileges


class ServiceVersion(models.Model):
    """One published version of a service: its files, for as long as a case lives by it."""

    kind = "service"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.TextField(help_text="The pack's path, such as market/company-registration")
    number = models.PositiveIntegerField()
    digest = models.TextField(help_text="SHA-256 over all files")
    files = models.JSONField(help_text="path to text")
    name_zh = models.TextField()
    name_en = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.TextField()
    current = models.BooleanField(default=True)
    taken = models.JSONField(
        null=True, help_text='{"state", "applicants", "desks", "from", "until"}, as it says'
    )

    privileges = Privileges(select=ALL, insert=ALL, update=("current",))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["code", "digest"], name="one_version_per_content"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(current=True), name="one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.number}"


class DeclarationVersion(models.Model):
    """One published version of anything else that a pack declares: a register, roles.

    What was kept under a version keeps it, so none is ever deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField(help_text="The name of its kind: register")
    code = models.TextField(help_text="Unique within the kind")
    number = models.PositiveIntegerField()
    pack = models.TextField(help_text="The path of the pack that declares it")
    digest = models.TextField(help_text="SHA-256 over its files")
    files = models.JSONField(help_text="path to text")
    name_zh = models.TextField()
    name_en = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.TextField()
    current = models.BooleanField(default=True)

    privileges = Privileges(select=ALL, insert=ALL, update=("current",))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "code", "number"], name="one_declaration_per_number"
            ),
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=Q(current=True),
                name="one_current_declaration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} v{self.number}"
