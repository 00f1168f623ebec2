"""The catalogue (目录): what packs declare, in its published versions."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiangyun.domain.editions import Marked
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
    found_by = models.JSONField(
        null=True, help_text='{"names", "also", "body"}: what people find it by'
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


class SheetVersion(models.Model):
    """One version of the implementation sheet of a place for an item: the text as it was written.

    What was approved is never changed; the newest that is approved and has begun is in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.TextField(help_text="The code of the service")
    division = models.BigIntegerField()
    number = models.PositiveIntegerField()
    text = models.TextField(help_text="The sheet, byte for byte")
    state = models.TextField(help_text="draft, submitted, in_force, returned or ended")
    revision = models.PositiveIntegerField(default=1, help_text="The optimistic lock of a draft")
    against = models.PositiveIntegerField(help_text="The version of the item it was proved against")
    author = models.UUIDField(null=True)
    author_name = models.TextField()
    approver = models.UUIDField(null=True)
    approver_name = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="", help_text="Why it was returned or set aside")
    from_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=(
            *("text", "state", "revision", "against", "author", "author_name"),
            *("approver", "approver_name", "note", "from_on", "changed_at"),
        ),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "division", "number"], name="one_sheet_per_number"
            ),
            models.UniqueConstraint(
                fields=["item", "division"],
                condition=Q(state__in=["draft", "submitted"]),
                name="one_open_sheet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.division} v{self.number}"


class PackDraft(models.Model):
    """A version of a pack on its way: written, checked, replayed, agreed to, in force from a day.

    `revision` is the optimistic lock; whatever is written takes the draft back to its beginning.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.TextField(help_text="The pack's path")
    base = models.PositiveIntegerField(help_text="The version it began with; 0 for none")
    files = models.JSONField(help_text="path to text")
    state = models.TextField(help_text="draft, checked, replayed, waiting, begun or discarded")
    revision = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list, help_text="What the check said, as text")
    replayed = models.JSONField(null=True, help_text='{"cases", "differing": [numbers]}')
    author = models.UUIDField(null=True)
    author_name = models.TextField()
    approver = models.UUIDField(null=True)
    approver_name = models.TextField(blank=True, default="")
    from_on = models.DateField(null=True)
    number = models.PositiveIntegerField(null=True, help_text="The version that it became")
    problem = models.TextField(blank=True, default="", help_text="Why it could not begin")
    changed_at = models.DateTimeField()

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=(
            *("base", "files", "state", "revision", "findings", "replayed", "author"),
            *("author_name", "approver", "approver_name", "from_on", "number", "problem"),
            "changed_at",
        ),
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["code", "-changed_at"], name="drafts_of_a_pack"),
            models.Index(
                fields=["from_on"], condition=Q(state="waiting"), name="drafts_that_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} draft {self.id}"


class PackRest(models.Model):
    """Files of a published pack that no declaration keeps, so that a pack comes back whole."""

    code = models.TextField(primary_key=True, help_text="The pack's path")
    files = models.JSONField(help_text="path to text")

    privileges = Privileges(select=ALL, insert=ALL, update=("files",))

    def __str__(self) -> str:
        return self.code


class Edition(Marked):
    """Its mark changes with every statement that writes a version of anything declared."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_catalogue")
        ]
