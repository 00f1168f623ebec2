"""Administrative divisions by their 12-digit statistical code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiangyun.domain.editions import Marked
from xiangyun.domain.privileges import READ
from xiangyun.kernel.findings import Text

from .names import name_of


class Level(models.IntegerChoices):
    """How deep a division lies; the numbers are those of 行使层级 (GB/T 39554)."""

    PROVINCE = 2, "省"
    PREFECTURE = 3, "市"
    COUNTY = 4, "县"
    TOWN = 5, "乡"
    VILLAGE = 6, "村"


class Division(models.Model):
    """One division. What lies below it is the range of codes that share its leading digits."""

    code = models.BigIntegerField(primary_key=True)
    name = models.TextField()
    level = models.SmallIntegerField(choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    # False for statistical zones, which GB/T 2260 does not know.
    official = models.BooleanField(default=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    privileges = READ

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> Text:
        """The name to be read, in English where there is a standard name."""
        return name_of(self.code, self.name)


class Edition(Marked):
    """Its mark changes with every statement that writes the divisions."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_divisions")
        ]
