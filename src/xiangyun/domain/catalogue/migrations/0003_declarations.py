import uuid

from django.db import migrations, models

# Public to read. Written by the platform, and by whoever holds a mandate as publisher.
POLICIES = """
ALTER TABLE catalogue_declarationversion ENABLE ROW LEVEL SECURITY;
CREATE POLICY public ON catalogue_declarationversion FOR SELECT USING (true);
CREATE POLICY entered ON catalogue_declarationversion FOR INSERT
    WITH CHECK (xiangyun_publishes());
CREATE POLICY changed ON catalogue_declarationversion FOR UPDATE USING (xiangyun_publishes());
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_row_level_security")]
    operations = [
        migrations.CreateModel(
            name="DeclarationVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.TextField(help_text="The name of its kind: register")),
                ("code", models.TextField(help_text="Unique within the kind")),
                ("number", models.PositiveIntegerField()),
                ("pack", models.TextField(help_text="The path of the pack that declares it")),
                ("digest", models.TextField(help_text="SHA-256 over its files")),
                ("files", models.JSONField(help_text="path to text")),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("published_at", models.DateTimeField()),
                ("published_by", models.TextField()),
                ("current", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "code", "number"), name="one_declaration_per_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("current", True)),
                        fields=("kind", "code"),
                        name="one_current_declaration",
                    ),
                ],
            },
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
