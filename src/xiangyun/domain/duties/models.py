"""What is kept of duties: how far each has come, and with each row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Progress(models.Model):
    """How far a duty, or a start event of the clock, has come.

    `fact`: the facts of registers up to this one were looked at; `version`: of the declaration.
    """

    code = models.TextField(primary_key=True)
    version = models.IntegerField()
    fact = models.BigIntegerField(default=0)
    ran_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, update=("version", "fact", "ran_at"))

    def __str__(self) -> str:
        return self.code


class Standing(models.Model):
    """Where a duty stands with one row of its register.

    `last`: the day on which it was due and a case opened; `next_on`: the day to look again, none
    where nothing is asked for; `fact`: of the row as it was looked at. `due_on`: by when open work
    of the case is due, none where no case is under way; `done_on`: the day the last one ended.
    """

    id = models.BigAutoField(primary_key=True)
    duty = models.TextField()
    record = models.BigIntegerField(help_text="The row, by its id in the registers")
    division = models.BigIntegerField()
    since = models.DateField()
    last = models.DateField(null=True)
    next_on = models.DateField(null=True)
    fact = models.BigIntegerField()
    case = models.UUIDField(null=True, help_text="The case that was opened last")
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    problem = models.TextField(blank=True, default="", help_text="Why none could be opened")

    privileges = Privileges(
        select=ALL,
        insert=ALL,
        update=("division", "last", "next_on", "fact", "case", "due_on", "done_on", "problem"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "record"], name="one_standing_per_row")
        ]
        # The board reads each of its numbers from an index alone, where rows are few.
        indexes: ClassVar = [
            models.Index(fields=["duty", "next_on"], name="standings_by_day"),
            models.Index(fields=["division", "duty", "next_on"], name="standings_by_place"),
            models.Index(
                fields=["division", "duty", "due_on"],
                condition=models.Q(due_on__isnull=False),
                name="standings_open",
            ),
            models.Index(
                fields=["division", "duty", "done_on"],
                condition=models.Q(done_on__isnull=False),
                name="standings_done",
            ),
            models.Index(
                fields=["division", "duty"],
                condition=~models.Q(problem=""),
                name="standings_failed",
            ),
            models.Index(
                fields=["case"], condition=models.Q(case__isnull=False), name="standings_by_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.record}"
