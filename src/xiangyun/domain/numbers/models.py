"""Counts, one row each: whoever takes a number locks its row until the transaction ends."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import READ


class Counter(models.Model):
    """The last number that was given of a series in a year and a place; 0 for all of them."""

    series = models.TextField(db_collation="C")
    year = models.SmallIntegerField()
    place = models.BigIntegerField()
    last = models.BigIntegerField()

    privileges = READ

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "year", "place"], name="one_count_of_a_series_year_and_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year} {self.place}: {self.last}"
