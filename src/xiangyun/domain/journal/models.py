"""The journal's tables. The migration writes them in SQL; Django only reads and inserts.

They are `managed = False` so that no generated migration and no `flush` ever touches them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, READ, Privileges
from xiangyun.domain.vault.rows import SealedRow


class Entry(SealedRow):
    """One thing that happened. Never changed, never deleted: the database refuses all but one
    thing, that personal details go and their digests stay (`actions.erase`).

    `data` may be shown to anyone; `private` holds personal details, which the leaf has only as
    salted digests, and is encrypted where its subject is sealed. `leaf` is the leaf hash, computed
    when the entry is recorded, of what is readable.
    """

    masks: ClassVar = {"private": {}}

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    verb = models.TextField()
    subject = models.TextField()
    division = models.BigIntegerField()
    owner = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    actor_name = models.TextField()
    desk = models.TextField()
    salt = models.BinaryField(max_length=16)
    data = models.JSONField(default=dict)
    private = models.JSONField(default=dict)
    leaf = models.BinaryField(max_length=32)
    matter = models.IntegerField(default=0)
    need = models.SmallIntegerField(default=0)

    privileges = Privileges(select=ALL, insert=ALL, sequences=("journal_entry_id_seq",))

    class Meta:
        managed = False
        db_table = "journal_entry"
        ordering = ("id",)

    @property
    def seal_scope(self) -> str:
        return scope_of(self.subject)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


def scope_of(subject: str) -> str:
    """As what the private parts of all entries about a subject are sealed."""
    return f"journal/{subject}"


class Leaf(models.Model):
    """The place of a sealed entry in the tree, counted from 0 without gaps."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="sealed")

    privileges = READ

    class Meta:
        managed = False
        db_table = "journal_leaf"

    def __str__(self) -> str:
        return str(self.index)


class Node(models.Model):
    """The hash of a complete subtree (kernel.ledger.store); level 0 holds the leaf hashes."""

    pk = models.CompositePrimaryKey("level", "offset")
    level = models.SmallIntegerField()
    offset = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    privileges = READ

    class Meta:
        managed = False
        db_table = "journal_node"

    def __str__(self) -> str:
        return f"{self.level}/{self.offset}"


class Head(models.Model):
    """A signed tree head: the root over the first `size` leaves."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    algorithm = models.TextField()
    key_id = models.TextField()
    signature = models.BinaryField()

    privileges = READ

    class Meta:
        managed = False
        db_table = "journal_head"
        ordering = ("size",)

    def __str__(self) -> str:
        return str(self.size)


class Cosignature(models.Model):
    """What a witness signed under the checkpoint of a size, as a line of a signed note."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    witness = models.TextField()
    line = models.TextField()
    at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, sequences=("journal_cosignature_id_seq",))

    class Meta:
        managed = False
        db_table = "journal_cosignature"

    def __str__(self) -> str:
        return f"{self.size} {self.witness}"


class HeadAside(models.Model):
    """A false tree head, set aside by the operator; see `actions.set_aside`."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    algorithm = models.TextField()
    key_id = models.TextField()
    signature = models.BinaryField()
    set_aside_at = models.DateTimeField()

    privileges = READ

    class Meta:
        managed = False
        db_table = "journal_head_aside"

    def __str__(self) -> str:
        return str(self.size)


class Audit(models.Model):
    """What an audit of the whole found: `findings` as JSON, empty when all is as recorded."""

    id = models.BigAutoField(primary_key=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    leaves = models.BigIntegerField()
    cases = models.BigIntegerField()
    findings = models.JSONField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        managed = False
        db_table = "journal_audit"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.ended_at:%F %H:%M}"
