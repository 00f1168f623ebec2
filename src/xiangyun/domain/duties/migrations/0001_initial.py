from django.db import migrations, models

# The platform alone knows of rows; officials are shown numbers by place.
GUARD = """
ALTER TABLE duties_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE duties_standing ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON duties_progress TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY platform ON duties_standing TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0024_taken_as_opened"), ("registers", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Progress",
            [
                ("code", models.TextField(primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("fact", models.BigIntegerField(default=0)),
                ("ran_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            "Standing",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("duty", models.TextField()),
                (
                    "record",
                    models.BigIntegerField(help_text="The row, by its id in the registers"),
                ),
                ("division", models.BigIntegerField()),
                ("since", models.DateField()),
                ("last", models.DateField(null=True)),
                ("next_on", models.DateField(null=True)),
                ("fact", models.BigIntegerField()),
                (
                    "case",
                    models.UUIDField(help_text="The case that was opened last", null=True),
                ),
                (
                    "problem",
                    models.TextField(
                        blank=True, default="", help_text="Why none could be opened"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["duty", "next_on"], name="standings_by_day")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("duty", "record"), name="one_standing_per_row"
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
