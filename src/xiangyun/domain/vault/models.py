"""Data keys: one for each thing that is sealed, wrapped by a key outside of the database."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class DataKey(models.Model):
    """The key of one thing, such as a case. Without it the values are unreadable for good.

    It is made with the thing and never changes; a rotation only wraps it anew.
    """

    scope = models.TextField(primary_key=True, help_text="Whose values it seals, such as case/ID")
    wrapped = models.BinaryField(help_text="Encrypted for this scope by the instance's cipher")
    key = models.IntegerField(help_text="The number of the key that wrapped it")

    privileges = Privileges(select=ALL, insert=ALL, update=("wrapped", "key"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key"], name="data_keys_by_key")]

    def __str__(self) -> str:
        return self.scope
