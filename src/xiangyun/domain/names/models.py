"""Names that somebody has reserved."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Reservation(models.Model):
    """A name that nobody else may apply for up to a day.

    Names are no secret: whoever looks for one has to see that it is taken. Whose it is, row-level
    security shows to the party alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.TextField(help_text="The code of the service that registers it")
    name = models.TextField()
    compared = models.TextField(help_text="As names are compared: see registers.names")
    part = models.TextField(
        default="", db_default="", help_text="Its distinctive part, as names are compared"
    )
    sound = models.TextField(
        default="",
        db_default="",
        help_text="How the part is read; empty for those of before",
    )
    kind = models.TextField(
        default="", db_default="", help_text="The line of business, where the service asks for it"
    )
    answers = models.JSONField(help_text="The answers that it is made of")
    owner = models.UUIDField(help_text="The party that it is reserved for")
    reserved_at = models.DateTimeField()
    until = models.DateField(help_text="The last day")
    released_at = models.DateTimeField(null=True)

    privileges = Privileges(select=ALL, insert=ALL, update=("released_at",))

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["service", "compared", "until"],
                condition=models.Q(released_at=None),
                name="names_reserved",
            ),
            models.Index(fields=["owner", "-reserved_at"], name="names_of_owner"),
        ]

    def __str__(self) -> str:
        return self.name
