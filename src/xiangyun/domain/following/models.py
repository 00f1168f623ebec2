"""How far what is computed from the journal has come."""

from __future__ import annotations

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Follower(models.Model):
    """A follower's mark. To compute all of it anew, empty its tables and set `next` to 0."""

    name = models.TextField(primary_key=True, help_text="The app")
    next = models.BigIntegerField(default=0, help_text="The leaf that it takes next")

    privileges = Privileges(select=ALL, insert=ALL, update=("next",))

    def __str__(self) -> str:
        return f"{self.name} {self.next}"
