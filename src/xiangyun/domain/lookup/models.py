"""What cases are found by: rows computed from them behind the journal, and so never part of a step.

`reach` and `spot` are what row-level security compares, as for open work: need, matter and
division in one number, and need and division in another for mandates across departments.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiangyun.domain.privileges import ALL, Privileges


class Line(models.Model):
    """A case as a list shows it. Its number is found without it: `Case.number` is unique."""

    case = models.OneToOneField("cases.Case", models.CASCADE, primary_key=True)
    county = models.IntegerField(help_text="The first six digits of the division")
    service = models.TextField(db_collation="C", help_text="The service's code")
    submitted_at = models.DateTimeField()
    ended = models.BooleanField()
    reach = models.BigIntegerField()
    spot = models.BigIntegerField()
    found_by = models.TextField(help_text="The digest of what its index rows were made of")

    privileges = Privileges(select=ALL, insert=ALL, update=ALL)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["county", "-submitted_at", "-case"],
                include=["reach", "spot"],
                name="lines_of_county",
            ),
            models.Index(
                fields=["county", "service", "-submitted_at", "-case"],
                include=["reach", "spot"],
                name="lines_of_service",
            ),
            models.Index(
                fields=["county", "-submitted_at", "-case"],
                include=["reach", "spot", "service"],
                condition=Q(ended=False),
                name="open_lines_of_county",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class Term(models.Model):
    """An index row: a code, or a suffix of a name with its pinyin and initials.

    `lane` is the kind (see lines.py) and the county in one number, so that a search reads one
    range of an index for each county. Texts are compared under "C", which is leakproof.
    """

    lane = models.BigIntegerField()
    text = models.TextField(db_collation="C")
    latin = models.TextField(db_collation="C", null=True)
    initials = models.TextField(db_collation="C", null=True)
    case = models.ForeignKey("cases.Case", models.CASCADE, db_index=False)
    reach = models.BigIntegerField()
    spot = models.BigIntegerField()

    privileges = Privileges(select=ALL, insert=ALL, delete=True, sequences=("lookup_term_id_seq",))

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["lane", "text", "case"], include=["reach", "spot"], name="lookup_text"
            ),
            models.Index(
                fields=["lane", "latin", "case"],
                include=["reach", "spot"],
                condition=Q(latin__isnull=False),
                name="lookup_latin",
            ),
            models.Index(
                fields=["lane", "initials", "case"],
                include=["reach", "spot"],
                condition=Q(initials__isnull=False),
                name="lookup_initials",
            ),
            models.Index(fields=["case"], name="terms_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.lane} {self.text}"


class County(models.Model):
    """A county that has cases: a lane that a search reads."""

    county = models.IntegerField(primary_key=True)

    privileges = Privileges(select=ALL, insert=ALL)

    def __str__(self) -> str:
        return f"{self.county:06}"


class Done(models.Model):
    """A task that an official did; see the entry of the journal for what was written with it."""

    entry = models.BigIntegerField(primary_key=True, help_text="The entry of the journal")
    account = models.UUIDField()
    case = models.ForeignKey("cases.Case", models.CASCADE, db_index=False)
    element = models.TextField()
    action = models.TextField()
    at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-entry"], name="done_by_account")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.element}"


class Saved(models.Model):
    """A filter that an official keeps under a name."""

    account = models.UUIDField()
    name = models.TextField()
    asked = models.JSONField(help_text="The fields of `queries.Asked`")

    privileges = Privileges(
        select=ALL, insert=ALL, update=("asked",), delete=True, sequences=("lookup_saved_id_seq",)
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="one_filter_per_name")
        ]

    def __str__(self) -> str:
        return self.name
