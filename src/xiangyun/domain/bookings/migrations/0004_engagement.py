from django.db import migrations, models

GUARD = """
-- Where somebody is, the platform alone asks.
ALTER TABLE bookings_engagement ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON bookings_engagement TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """When people are where."""

    dependencies = [("bookings", "0003_matter_and_reference")]

    operations = [
        migrations.CreateModel(
            name="Engagement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person", models.TextField(help_text="A code, such as that of an inspector")),
                ("begins", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("case", models.UUIDField()),
                ("source", models.TextField(help_text="The number of the case")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("begins"))),
                        name="an_engagement_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        fields=("case", "person"), name="one_engagement_a_case"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["person", "ends"], name="engagements_of_people")
                ],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
