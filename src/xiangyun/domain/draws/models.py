"""What is kept of draws: plans, orders, secrets until they are revealed, outcomes, visits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiangyun.domain.privileges import ALL, Privileges


class Plan(models.Model):
    """A draw that a year's plan foresees: which one, and the month."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(help_text="The code of the declared draw")
    year = models.IntegerField()
    month = models.IntegerField()
    note = models.TextField(blank=True, default="")
    published_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "year", "month"], name="one_plan_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}-{self.month:02}"


class Draw(models.Model):
    """One draw as it was ordered. `number` names it; the lists lie among the files."""

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    code = models.TextField(help_text="The code of the declared draw")
    version = models.IntegerField()
    year = models.IntegerField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="ordered")
    order = models.JSONField()
    digest = models.TextField()
    frame = models.TextField(help_text="The digest of frame.csv")
    inspectors = models.TextField(help_text="The digest of inspectors.csv")
    ordered_on = models.DateField()
    ordered_at = models.DateTimeField()
    ordered_by = models.TextField()
    account = models.UUIDField(null=True, help_text="The official who ordered; null: the platform")

    privileges = Privileges(select=ALL, insert=ALL)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-ordered_at"], name="draws_by_day")]

    def __str__(self) -> str:
        return self.number


class Secret(models.Model):
    """What a draw is committed to, until it is revealed; read by the platform alone."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, primary_key=True)
    value = models.TextField()

    privileges = Privileges(select=ALL, insert=ALL)

    def __str__(self) -> str:
        return str(self.draw_id)


class Outcome(models.Model):
    """What was revealed and came out; seen by everybody from `public_at` on."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, primary_key=True)
    reveal = models.JSONField()
    recusals = models.JSONField(default=list)
    result = models.TextField(help_text="The digest of result.csv")
    drawn_at = models.DateTimeField()
    public_at = models.DateTimeField()

    privileges = Privileges(select=ALL, insert=ALL, update=("recusals", "result"))

    def __str__(self) -> str:
        return str(self.draw_id)


class Visit(models.Model):
    """An object that was drawn, or skipped, as a line of the outcome says it."""

    id = models.BigAutoField(primary_key=True)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT)
    year = models.IntegerField()
    register = models.TextField()
    key = models.TextField(help_text="The object's key in its register")
    division = models.BigIntegerField()
    stratum = models.TextField()
    number = models.IntegerField()
    skipped = models.BooleanField()
    inspectors = models.JSONField(default=list)
    case = models.UUIDField(null=True, help_text="The case that was opened")
    problem = models.TextField(blank=True, default="", help_text="Why none could be opened")
    public_at = models.DateTimeField()

    privileges = Privileges(
        select=ALL, insert=ALL, update=("inspectors", "case", "problem"),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draw", "key"], name="one_visit_per_object")
        ]
        indexes: ClassVar = [
            models.Index(fields=["register", "key", "year"], name="visits_of_an_object"),
            models.Index(
                fields=["draw"],
                name="visits_to_open",
                condition=models.Q(case=None, skipped=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.key}"
