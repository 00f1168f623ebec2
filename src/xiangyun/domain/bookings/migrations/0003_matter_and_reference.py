"""A booking belongs to the department of its resource, and is found by a reference at the door."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

GUARD = Path(__file__).with_name("sql") / "bookings_2.sql"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("bookings", "0002_one_calendar"),
        ("divisions", "0002_place_matter_need"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "booking",
            "matter",
            models.IntegerField(
                default=0, db_default=0, help_text="The department whose officials see it"
            ),
        ),
        migrations.AddField(
            "booking",
            "reference",
            models.TextField(
                blank=True, default="", db_default="", help_text="What finds it at the door"
            ),
        ),
        migrations.AddIndex(
            "booking",
            models.Index(
                fields=["reference"],
                name="bookings_found_by",
                condition=models.Q(("reference", ""), _negated=True),
            ),
        ),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
