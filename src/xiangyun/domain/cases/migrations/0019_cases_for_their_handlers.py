from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

SECRECY = Path(__file__).with_name("sql") / "secrecy_1.sql"


class Migration(migrations.Migration):
    """Work of cases that only handlers may know is taken, handed on, and looked at with a reason."""

    dependencies = [("cases", "0018_no_request_in_an_own_matter")]
    operations = [
        migrations.AddField(
            "workitem",
            "assigned",
            models.UUIDField(
                null=True, help_text="The account that took it, where only handlers may know"
            ),
        ),
        migrations.AddField(
            "handler",
            "kind",
            models.TextField(
                choices=[("handler", "经办"), ("overseer", "监督")],
                db_default="handler",
                default="handler",
            ),
        ),
        migrations.AddIndex(
            "workitem",
            models.Index(
                fields=["role", "division", "due_on", "id"],
                condition=models.Q(need__gt=0, closed_at=None, assigned=None),
                name="untaken_work",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["division", "due_on", "id"],
                condition=models.Q(need__gt=0, ended_at=None),
                name="secret_cases",
            ),
        ),
        migrations.CreateModel(
            "Circle",
            [
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="circle",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                (
                    "team",
                    django.contrib.postgres.fields.ArrayField(
                        models.TextField(), help_text="Roles whose holders may be named"
                    ),
                ),
                (
                    "overseers",
                    django.contrib.postgres.fields.ArrayField(
                        models.TextField(), help_text="Roles whose holders may look"
                    ),
                ),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        models.TextField(), help_text="Keyed hashes by which it is found"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["terms"], name="sealed_terms"
                    )
                ]
            },
        ),
        migrations.RunSQL(SECRECY.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
