import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Only the platform reads and writes ratings: the rated office never learns who rated, and whoever
# rated is shown it by the platform.
GUARD = """
ALTER TABLE ratings_rating ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON ratings_rating TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """Ratings of cases and of counters."""

    initial = True
    dependencies = [("cases", "0034_ratings_of_their_own")]
    operations = [
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("channel", models.TextField(help_text="case or counter")),
                ("service", models.TextField(db_collation="C", help_text="The code of the service")),
                ("division", models.BigIntegerField(help_text="Of the office that is rated")),
                ("matter", models.IntegerField(help_text="The number of its department; 0 for none")),
                ("stars", models.PositiveSmallIntegerField()),
                ("tags", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ("words", models.TextField(blank=True, default="")),
                ("contact", models.TextField(blank=True, default="", help_text="For the call-back alone; forgotten once that is opened")),
                ("at", models.DateTimeField()),
                ("rectification", models.UUIDField(help_text="The case that it set going", null=True, unique=True)),
                ("rectified_at", models.DateTimeField(null=True)),
                ("first", models.OneToOneField(help_text="What is rated again", null=True, on_delete=django.db.models.deletion.CASCADE, related_name="again", to="ratings.rating")),
            ],
            options={
                "indexes": [models.Index(fields=["service", "division"], name="ratings_of_an_office")],
                "constraints": [models.CheckConstraint(condition=models.Q(("stars__gte", 1), ("stars__lte", 5)), name="a_rating_has_one_to_five_stars")],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
