"""What lies in the archive: a row a file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class State(models.TextChoices):
    """How far a case has come on its way."""

    WRITTEN = "written", "已写成文件"
    MOVED = "moved", "已归档"
    BACK = "back", "已调回"
    DESTROYED = "destroyed", "已销毁"


class Volume(models.Model):
    """One case as a file (一件). Nothing personal stands here but whose case it was.

    `digest`: SHA-256 of the file; `rows`: that of the case's rows as they were written into it, by
    which the database refuses to erase what has changed since; `last_entry`: the last entry of the
    journal that the file holds.
    """

    number = models.TextField(primary_key=True, help_text="The number of the case")
    case = models.UUIDField(unique=True)
    service = models.TextField(db_collation="C")
    division = models.BigIntegerField()
    matter = models.IntegerField()
    need = models.SmallIntegerField()
    owner = models.UUIDField(db_index=True)
    ended_on = models.DateField()
    kept_until = models.DateField(null=True, help_text="None: for good")
    place = models.TextField(help_text="Within the place of the archive")
    digest = models.TextField()
    size = models.BigIntegerField()
    rows = models.TextField()
    last_entry = models.BigIntegerField()
    state = models.TextField(choices=State.choices)
    written_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    back_until = models.DateField(null=True, help_text="A case that was brought back stays so long")

    privileges = Privileges(select=ALL, insert=ALL, update=ALL, delete=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kept_until"], name="volumes_by_term"),
            models.Index(fields=["service", "state"], name="volumes_of_service"),
        ]

    def __str__(self) -> str:
        return self.number
