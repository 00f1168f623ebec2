"""What is kept of bookings: slots that somebody asked for, bookings, extended hours."""

from __future__ import annotations

import re
import secrets
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from xiangyun.domain.privileges import ALL, Privileges

_NUMBER = re.compile(r"YY([0-9]{8,18})")
OPEN: Final = ("waiting", "on hold", "confirmed")
"""States in which something may yet become of a booking."""


def new_code() -> str:
    """What stands in the QR code of a booking: nobody guesses it."""
    return secrets.token_hex(12)


def key_of(number: str) -> int:
    """The key of a booking from its number; 0, which is nobody's, for what is none."""
    found = _NUMBER.fullmatch(number.strip().upper())
    return int(found[1]) if found else 0


class Slot(models.Model):
    """A slot that somebody asked for: its row is locked by whoever changes a booking of it."""

    id = models.BigAutoField(primary_key=True)
    resource = models.TextField(help_text="The code of the declared resource")
    begins = models.DateTimeField()
    ends = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, update=("ends",))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "begins"], name="one_slot_at_a_time"),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("begins")), name="a_slot_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.begins.isoformat()}"


class Booking(models.Model):
    """Somebody's booking. Its id is the order of arrival: it is drawn while the slot is locked.

    `party` has it, `account` made it. `code` stands in the QR code. `queue` is the number of the
    day under which who checked in is called. `matter`: the department of its resource, whose
    officials see it. `reference` finds it at the door, such as the plate of a vehicle.
    """

    id = models.BigAutoField(primary_key=True)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    resource = models.TextField()
    version = models.IntegerField(help_text="The version of the resource it was booked by")
    division = models.BigIntegerField()
    party = models.UUIDField()
    account = models.UUIDField(null=True)
    lane = models.TextField()
    units = models.IntegerField()
    state = models.TextField()
    until = models.DateTimeField(null=True, help_text="The end of a hold")
    code = models.TextField(unique=True)
    case = models.UUIDField(null=True, help_text="The case that booked it")
    queue = models.IntegerField(null=True)
    called_at = models.DateTimeField(null=True)
    counter = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sequence = models.IntegerField(default=0, help_text="How often it was changed, for calendars")
    matter = models.IntegerField(
        default=0, db_default=0, help_text="The department whose officials see it"
    )
    reference = models.TextField(
        blank=True, default="", db_default="", help_text="What finds it at the door"
    )

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("party", "state", "until", "queue", "called_at", "counter", "changed_at",
                "sequence", "case", "matter"),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(units__gte=1), name="a_booking_has_units")
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "-made_at"], name="bookings_of_a_party"),
            models.Index(fields=["case"], name="bookings_of_a_case", condition=~Q(case=None)),
            models.Index(fields=["resource"], name="bookings_open", condition=Q(state__in=OPEN)),
            models.Index(
                fields=["reference"], name="bookings_found_by", condition=~Q(reference="")
            ),
        ]

    @property
    def number(self) -> str:
        """As people read and say it."""
        return f"YY{self.pk:08}"

    def __str__(self) -> str:
        return self.number


class Extension(models.Model):
    """Hours beside the usual ones, granted on application."""

    id = models.BigAutoField(primary_key=True)
    resource = models.TextField()
    first = models.DateField()
    last = models.DateField()
    hours = models.TextField(help_text="Spans of the clock: 17:00-20:00")
    granted_at = models.DateTimeField()
    granted_by = models.TextField()
    case = models.UUIDField(null=True)

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["resource", "last"], name="extended_hours")]

    def __str__(self) -> str:
        return f"{self.resource} {self.first}…{self.last} {self.hours}"


class Engagement(models.Model):
    """Somebody's time that a case has set: from a moment until another, which counts no more."""

    id = models.BigAutoField(primary_key=True)
    person = models.TextField(help_text="A code, such as that of an inspector")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    case = models.UUIDField()
    source = models.TextField(help_text="The number of the case")

    privileges = Privileges(select=ALL, insert=ALL, delete=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("begins")), name="an_engagement_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["case", "person"], name="one_engagement_a_case"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "ends"], name="engagements_of_people")]

    def __str__(self) -> str:
        return f"{self.person} {self.begins.isoformat()} {self.source}"
