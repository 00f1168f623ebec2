"""What is kept of offers besides registers: searches that somebody wants to be told about."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Search(models.Model):
    """A search over a register that an account keeps, and how far it was looked at.

    `asked`: text, filters by field, within (a division); or `matching` and `key`, an own record of
    that matching, for whatever comes to fit it. `fact` is the newest fact that was looked at.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.UUIDField()
    party = models.UUIDField(help_text="In whose name it was saved")
    register = models.TextField(help_text="The code of the register that is looked into")
    name = models.TextField()
    asked = models.JSONField()
    fact = models.BigIntegerField()
    made_at = models.DateTimeField()

    privileges = Privileges(
        select=ALL, insert=ALL, update=("fact", "party"), delete=True,
        sequences=("offers_search_id_seq",),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "register", "name"], name="one_search_per_name"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["register", "fact"], name="searches_to_look_at")]

    def __str__(self) -> str:
        return self.name


class Sense(models.Model):
    """The sense of a record of a register that everybody may look into: a vector of `<f2`."""

    id = models.BigAutoField(primary_key=True)
    register = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    vector = models.BinaryField()

    privileges = Privileges(
        select=ALL, insert=ALL, update=("vector",), delete=True,
        sequences=("offers_sense_id_seq",),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "key"], name="one_sense_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.key}"


class Sensed(models.Model):
    """Up to which fact the records of a register were encoded, and by which encoder."""

    register = models.TextField(primary_key=True, db_collation="C")
    encoder = models.TextField()
    fact = models.BigIntegerField()

    privileges = Privileges(select=ALL, insert=ALL, update=("encoder", "fact"), delete=True)

    def __str__(self) -> str:
        return self.register
