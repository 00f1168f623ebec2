import uuid
from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

GUARD = Path(__file__).with_name("sql") / "grants_1.sql"


class Migration(migrations.Migration):
    """Grants, and the policy by which a record is seen under one."""

    initial = True
    dependencies = [("registers", "0005_names_of_facts"), ("parties", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("company", models.UUIDField(help_text="The party whose records are looked at")),
                ("bank", models.UUIDField(help_text="The party that may look")),
                ("purpose", models.TextField()),
                ("registers", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), help_text="Numbers of registers", size=None)),
                ("until", models.DateField(help_text="The last day; none: one look", null=True)),
                ("ends_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("given_at", models.DateTimeField()),
                ("signed", models.JSONField(help_text="Who signed this version, when, and the digest of its text")),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(help_text="The party that ended it", null=True)),
                ("used_in", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "-given_at"], name="grants_of_a_company"),
                    models.Index(fields=["bank", "-given_at"], name="grants_to_a_bank"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("registers", []), _negated=True), name="a_grant_names_a_register")
                ],
            },
        ),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
