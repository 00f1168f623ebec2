"""Which office an official works for."""

from __future__ import annotations

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Member(models.Model):
    """An official's office: a department, by its number (0: the government as a whole), at a place.

    It says whose administrator looks after the account, and gives no right of its own.
    """

    account = models.OneToOneField("accounts.Account", models.CASCADE, primary_key=True)
    department = models.IntegerField(default=0)
    division = models.ForeignKey("divisions.Division", models.PROTECT)
    office = models.TextField(help_text="The office's name as it stands in records")
    since = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, update=("department", "division_id", "office"))

    def __str__(self) -> str:
        return self.office
