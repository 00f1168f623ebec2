"""What is kept of grants: who lets whom look into which registers, for what, until when."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from xiangyun.domain.privileges import ALL, Privileges


class Grant(models.Model):
    """A company lets a bank look. It is amended by a higher version, and ended, never deleted.

    Without a last day it is for one look alone, within a day. `ends_at` is the first moment at
    which it opens nothing. `used_in` is the transaction of the one look. What is granted and
    looked at stands in the journal, version by version.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.UUIDField(help_text="The party whose records are looked at")
    bank = models.UUIDField(help_text="The party that may look")
    purpose = models.TextField()
    registers = ArrayField(models.IntegerField(), help_text="Numbers of registers")
    keys = ArrayField(
        models.TextField(),
        default=list,
        db_default=[],
        help_text="Keys of records; none: all of them",
    )
    until = models.DateField(null=True, help_text="The last day; none: one look")
    ends_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    given_at = models.DateTimeField()
    signed = models.JSONField(help_text="Who signed this version, when, and the digest of its text")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True, help_text="The party that ended it")
    answers_only = models.BooleanField(
        default=False, db_default=False, help_text="Questions are answered; no record is seen"
    )
    used_in = models.BigIntegerField(null=True)

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=(
            "company",
            "bank",
            "purpose",
            "registers",
            "until",
            "ends_at",
            "version",
            "signed",
            "ended_at",
            "ended_by",
            "used_in",
        ),
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(registers=[]), name="a_grant_names_a_register")
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-given_at"], name="grants_of_a_company"),
            models.Index(fields=["bank", "-given_at"], name="grants_to_a_bank"),
        ]

    def __str__(self) -> str:
        return f"{self.company} to {self.bank} v{self.version}"
