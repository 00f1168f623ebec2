from pathlib import Path

from django.db import migrations, models

GUARD = Path(__file__).with_name("sql") / "offers_1.sql"


class Migration(migrations.Migration):
    """Saved searches, and whose they are."""

    initial = True
    dependencies = [("registers", "0005_names_of_facts"), ("parties", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Search",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account", models.UUIDField()),
                ("party", models.UUIDField(help_text="In whose name it was saved")),
                ("register", models.TextField(help_text="The code of the register that is looked into")),
                ("name", models.TextField()),
                ("asked", models.JSONField()),
                ("fact", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["register", "fact"], name="searches_to_look_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "register", "name"), name="one_search_per_name")
                ],
            },
        ),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
