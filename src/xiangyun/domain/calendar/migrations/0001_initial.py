import uuid

from django.db import migrations, models
from django.db.models import Q

WHO = (
    ("reason", models.TextField()),
    ("entered_by", models.UUIDField(null=True)),
    ("entered_by_name", models.TextField()),
    ("entered_at", models.DateTimeField()),
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("divisions", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Day",
            [
                ("date", models.DateField(primary_key=True, serialize=False)),
                ("works", models.BooleanField()),
                (
                    "reason",
                    models.TextField(help_text="The announcement or order it rests on"),
                ),
                *WHO[1:],
            ],
        ),
        migrations.CreateModel(
            "Year",
            [("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)), *WHO],
        ),
        migrations.CreateModel(
            "Edition",
            [
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, primary_key=True, serialize=False
                    ),
                ),
                ("mark", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_calendar")
                ]
            },
        ),
        migrations.RunSQL(
            "INSERT INTO calendar_edition (id, mark) VALUES (1, gen_random_uuid())",
            migrations.RunSQL.noop,
        ),
    ]
