"""Registers (库): what the administration already knows and need not ask again.

A register is declared by a file of a pack and has a number. A record is one row for a key of a
register; what was true of it is rows that never change, its facts. What is searched stands in
typed index rows, its terms: publishing a register changes no table.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from xiangyun.domain.editions import Marked
from xiangyun.domain.privileges import ALL, Privileges


class Register(models.Model):
    """A register and its number. `version` is that of its current declaration, 0 before any.

    `placed`: whether its records lie in a division, so that readers see those of their own.
    """

    number = models.AutoField(primary_key=True)
    code = models.TextField(unique=True)
    department = models.TextField(db_default="")
    need = models.SmallIntegerField(db_default=0, help_text="0 ordinary, 1 handlers, 2 sealed")
    placed = models.BooleanField(db_default=True)
    version = models.IntegerField(db_default=0)
    formerly = models.JSONField(default=list, help_text="Codes that older packs know it by")

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("code", "department", "need", "placed", "version", "formerly"),
    )

    def __str__(self) -> str:
        return self.code


class Declaration(models.Model):
    """A version of a register's file; old facts keep the one that they were recorded under."""

    register = models.ForeignKey(Register, models.PROTECT, db_column="register")
    version = models.IntegerField()
    pack = models.TextField()
    text = models.TextField(help_text="The file as it was published")
    declared_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["register", "version"], name="one_declaration_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.register_id} v{self.version}"


class Reader(models.Model):
    """A role that may look into a register, by the current declaration; see `xiangyun_reach`."""

    register = models.ForeignKey(Register, models.CASCADE, db_column="register")
    role = models.TextField(help_text="A role; * for any mandate over the place; everybody")
    department = models.TextField(db_default="")

    privileges = Privileges(select=ALL, insert=ALL, delete=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["register", "role", "department"], name="one_reader_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.role}"


class FieldNumber(models.Model):
    """The number of a searched field: the same in all versions of a declaration."""

    register = models.ForeignKey(Register, models.CASCADE, db_column="register")
    name = models.TextField()
    number = models.SmallIntegerField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "name"], name="one_number_per_field"),
            models.UniqueConstraint(fields=["register", "number"], name="one_field_per_number"),
        ]

    def __str__(self) -> str:
        return self.name


class County(models.Model):
    """A county in which a register has records: a lane that a search reads."""

    pk = models.CompositePrimaryKey("register", "county")
    register = models.IntegerField()
    county = models.IntegerField(help_text="The first six digits of the division, 0 without one")

    privileges = Privileges(select=ALL, insert=ALL)

    def __str__(self) -> str:
        return f"{self.register} {self.county:06}"


class Batch(models.Model):
    """What was recorded at once: one entry of the journal, with the root over its facts.

    A single act is a batch of one. `salt` opens the leaves of its facts (see proofs.py). For a
    file: its name, its SHA-256, and the rows taken so far, so that a load goes on where it ended.
    """

    register = models.ForeignKey(Register, models.PROTECT, db_column="register")
    at = models.DateTimeField()
    size = models.IntegerField()
    root = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    entry = models.BigIntegerField(help_text="The entry of the journal that proves it")
    file = models.TextField(db_default="")
    digest = models.TextField(db_default="")
    rows = models.BigIntegerField(db_default=0, help_text="Rows of the file that are done with it")
    refused = models.BigIntegerField(db_default=0, help_text="Those of them that were refused")

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["register", "digest", "rows"],
                condition=~Q(digest=""),
                name="how_far_a_file_is",
            ),
            models.Index(fields=["entry"], name="batch_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.at:%Y-%m-%d}"


class Record(models.Model):
    """One row for a key of a register: whom it is about, where it lies, who may look.

    `holder` is the party it is about. `reach` is register * 10^12 + division, negative above
    ordinary need: what row-level security compares. `merged_into` is the record that goes on
    for this one, where two were about the same. `data`, `source` and `recorded_on` repeat the
    fact recorded last by a single act, for builds of before that read and write them during an
    upgrade (without sensitive values); what those write, a trigger makes a fact.
    """

    register = models.TextField()
    number = models.IntegerField(help_text="The number of the register")
    key = models.TextField()
    division = models.BigIntegerField()
    holder = models.UUIDField(null=True)
    matter = models.IntegerField(default=0, help_text="The number of the register's department")
    reach = models.BigIntegerField()
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, db_index=False)
    fictitious = models.BooleanField(default=True)
    fact = models.BigIntegerField(null=True, help_text="The fact that `data` repeats")
    data = models.JSONField(default=dict)
    source = models.TextField(default="")
    recorded_on = models.DateField(default=date(2026, 1, 1))

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=(
            "division",
            "fact",
            "data",
            "source",
            "recorded_on",
            "holder",
            "register",
            "key",
            "reach",
            "matter",
            "merged_into_id",
        ),
        sequences=("registers_organisation", "registers_record_id_seq", "registers_fact_id_seq"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "key"], name="one_record_per_key")
        ]
        indexes: ClassVar = [
            models.Index(fields=["holder", "register"]),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="merged_records",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register}/{self.key}"


class Fact(models.Model):
    """What was true of a record from a day on; never changed, only superseded.

    `data` is null where the record ends. Of the facts that hold on a day, the one counts that
    begins last, then the one recorded last. `valid_to` is the first day on which it is no
    longer true. Values of sensitive fields stand in it encrypted; `sealed_by` is the key's number.
    """

    record = models.ForeignKey(
        Record, models.PROTECT, related_name="facts", db_constraint=False, db_index=False
    )
    version = models.IntegerField(help_text="Of the declaration it was recorded under")
    data = models.JSONField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    source = models.TextField()
    why = models.TextField(db_default="")
    superseded_by = models.BigIntegerField(null=True)
    superseded_at = models.DateTimeField(null=True)
    batch = models.BigIntegerField(null=True)
    leaf = models.IntegerField(help_text="Its place in the tree of its batch")
    sealed_by = models.IntegerField(null=True)

    privileges = Privileges(
        select=ALL, insert=ALL, update=("superseded_by", "superseded_at", "data", "sealed_by")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                name="true_for_a_day_at_least",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True, superseded_at__isnull=True)
                | Q(superseded_by__isnull=False, superseded_at__isnull=False),
                name="superseded_at_a_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record", "valid_from", "id"], name="facts_of_a_record"),
            models.Index(fields=["batch", "leaf"], name="facts_of_a_batch"),
            models.Index(
                fields=["id"], condition=Q(sealed_by__isnull=False), name="encrypted_facts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} from {self.valid_from}"


class Term(models.Model):
    """A typed index row; its table and its policies are SQL of a migration. See terms.py."""

    pk = models.CompositePrimaryKey("lane", "record_id", "text")
    lane = models.BigIntegerField()
    text = models.TextField()  # null for numbers and dates; part of the key that Django asks for
    latin = models.TextField(null=True)
    initials = models.TextField(null=True)
    number = models.BigIntegerField(null=True)
    record_id = models.BigIntegerField()
    reach = models.BigIntegerField()

    privileges = Privileges(select=ALL, insert=ALL, update=("lane", "reach"), delete=True)

    class Meta:
        managed = False
        db_table = "registers_term"

    def __str__(self) -> str:
        return str(self.lane)


class Handler(models.Model):
    """Somebody named for a record above ordinary need: who may look, besides its subject."""

    record = models.ForeignKey(Record, models.CASCADE)
    account = models.UUIDField()
    why = models.TextField()
    named_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, delete=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "account"], name="one_handler_per_account")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.account}"


class Edition(Marked):
    """Its mark changes with every statement that writes registers, their declarations or fields."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_registers")
        ]
