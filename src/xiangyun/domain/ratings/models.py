"""What is kept of ratings. Nothing in a row says who rated, and nothing leads from it to them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from xiangyun.domain.privileges import ALL, Privileges


class Rating(models.Model):
    """1 to 5 stars for an office, by way of a case or of its counter; see `actions`.

    The id of a case's rating follows from the id of the case, so that whoever rated finds it; the
    case itself is not named. Only the platform reads these rows (row-level security).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.TextField(help_text="case or counter")
    service = models.TextField(db_collation="C", help_text="The code of the service")
    division = models.BigIntegerField(help_text="Of the office that is rated")
    matter = models.IntegerField(help_text="The number of its department; 0 for none")
    stars = models.PositiveSmallIntegerField()
    tags = ArrayField(models.TextField(), default=list)
    words = models.TextField(blank=True, default="")
    contact = models.TextField(
        blank=True, default="", help_text="For the call-back alone; forgotten once that is opened"
    )
    at = models.DateTimeField()
    first = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="again", help_text="What is rated again"
    )
    rectification = models.UUIDField(null=True, unique=True, help_text="The case that it set going")
    rectified_at = models.DateTimeField(null=True)

    privileges = Privileges(
        select=ALL, insert=ALL, update=("contact", "rectification", "rectified_at")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="a_rating_has_one_to_five_stars"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["service", "division"], name="ratings_of_an_office")
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.division} {self.stars}"
