"""Parties (主体): persons, organisations, places, things, and who acts for whom (代理)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from xiangyun.domain.privileges import ALL, Privileges


class Kind(models.TextChoices):
    """What a party is."""

    PERSON = "person", "自然人"
    ORGANISATION = "organisation", "组织"
    PLACE = "place", "地点"
    THING = "thing", "物"


class Party(models.Model):
    """One whom or which things are about. Each account has the party with the account's own id.

    `department` is the number of the department (`kernel.codes.department`) that an organisation of
    the government is or belongs to, 0 for all others. A duplicate stays and says what it was
    joined with: what names it goes on to be right.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField(choices=Kind.choices)
    code = models.TextField(
        blank=True, default="", help_text="Unified credit code, identity number, address code"
    )
    name = models.TextField()
    division = models.BigIntegerField(null=True)
    department = models.IntegerField(default=0, help_text="An office's department, by its number")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    fictitious = models.BooleanField(default=True)

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("name", "division", "department", "parent_id", "from_on", "to_on"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=~Q(code="") & Q(merged_into=None),
                name="one_party_per_code",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Representation(models.Model):
    """`representative` acts for `party`: in which matters, from when to when, by which proof.

    It is never changed but ended, by one of both or by the platform.
    """

    class Proof(models.TextChoices):
        """What it rests on."""

        REGISTER = "register", "登记信息"
        CONSENT = "consent", "本人授权"
        KINSHIP = "kinship", "亲属关系"
        GUARDIANSHIP = "guardianship", "监护关系"
        NOTARY = "notary", "公证"
        COURT = "court", "裁判文书"

    party = models.ForeignKey(Party, models.PROTECT, related_name="representatives")
    representative = models.ForeignKey(Party, models.PROTECT, related_name="represents")
    matters = ArrayField(
        models.IntegerField(), default=list, help_text="Numbers of departments; none: in all"
    )
    from_on = models.DateField()
    to_on = models.DateField(null=True, help_text="The last day; none: until it is ended")
    proof = models.TextField(choices=Proof.choices)
    reference = models.TextField(blank=True, default="", help_text="Where the proof is found")
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True, help_text="The account that entered it")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    privileges = Privileges(select=ALL, insert=ALL, update=("ended_at", "ended_by"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(party=F("representative")), name="nobody_represents_himself"
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="representation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative_id} for {self.party_id}"
