"""Where the applicant of a case is reached, each change as a row of its own."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class CaseContact(models.Model):
    """Where the office reaches the applicant about one case, from a moment on.

    The latest row holds; the earlier ones stay. Seen by whoever sees the case; written by whoever
    acts for its applicant, while it runs (row-level security).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, db_index=False)
    telephone = models.TextField(blank=True, default="")
    email = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    by = models.UUIDField(help_text="The account that changed it")
    by_name = models.TextField()
    at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="contacts_of_a_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at}"
