"""What applicants ask about their cases, and what the office answers."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Enquiry(models.Model):
    """A question about a case, with the answer once there is one.

    Seen by whoever sees the case; asked by whoever acts for its applicant, answered by whoever
    holds `role` in `place` (row-level security).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, db_index=False)
    role = models.TextField(help_text="Who answers, spelled as the group of a task")
    place = models.BigIntegerField(help_text="The division of the case when it was asked")
    question = models.TextField()
    by = models.UUIDField(help_text="The account that asked")
    by_name = models.TextField()
    at = models.DateTimeField()
    due_on = models.DateField(help_text="The last day of the term that the service declares")
    answer = models.TextField(blank=True, default="")
    answered_by = models.UUIDField(null=True)
    answered_by_name = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("answer", "answered_by", "answered_by_name", "answered_at"),
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "at"], name="enquiries_of_a_case"),
            models.Index(
                fields=["place", "due_on"],
                condition=models.Q(answered_at=None),
                name="enquiries_not_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at}"
