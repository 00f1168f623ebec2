from pathlib import Path

from django.db import migrations, models

GUARD = Path(__file__).with_name("sql") / "offers_2.sql"


class Migration(migrations.Migration):
    """Vectors of what records mean, and up to where they were made."""

    dependencies = [("offers", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Sense",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("register", models.TextField(db_collation="C")),
                ("key", models.TextField(db_collation="C")),
                ("vector", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("register", "key"), name="one_sense_per_record")
                ],
            },
        ),
        migrations.CreateModel(
            name="Sensed",
            fields=[
                ("register", models.TextField(db_collation="C", primary_key=True, serialize=False)),
                ("encoder", models.TextField()),
                ("fact", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
