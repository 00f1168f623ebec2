"""The calendar of this instance: days and years that people entered over the packaged ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiangyun.domain.editions import Marked
from xiangyun.domain.privileges import ALL, Privileges


class Day(models.Model):
    """Whether offices work on a day, whatever the packaged calendar says."""

    date = models.DateField(primary_key=True)
    works = models.BooleanField()
    reason = models.TextField(help_text="The announcement or order it rests on")
    entered_by = models.UUIDField(null=True)
    entered_by_name = models.TextField()
    entered_at = models.DateTimeField()

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("works", "reason", "entered_by", "entered_by_name", "entered_at"),
        delete=True,
    )

    def __str__(self) -> str:
        return f"{self.date} {'works' if self.works else 'rest'}"


class Year(models.Model):
    """A year entered as a whole: its days off the ordinary week are all in `Day`."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    reason = models.TextField()
    entered_by = models.UUIDField(null=True)
    entered_by_name = models.TextField()
    entered_at = models.DateTimeField()

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("reason", "entered_by", "entered_by_name", "entered_at"),
    )

    def __str__(self) -> str:
        return str(self.year)


class Edition(Marked):
    """Its mark changes with every entry, which `actions` see to."""

    privileges = Privileges(select=ALL, update=("mark",))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_calendar")
        ]
