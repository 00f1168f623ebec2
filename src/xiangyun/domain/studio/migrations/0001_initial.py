"""Drafts of packs and the revisions of their files: authors and publishers read and write them."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

POLICIES = """
CREATE FUNCTION xiangyun_writes_packs() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN xiangyun_is_system() OR xiangyun_holds('pack-author') OR xiangyun_holds('publisher');
END $$;
ALTER TABLE studio_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY authors ON studio_draft
    USING (xiangyun_writes_packs()) WITH CHECK (xiangyun_writes_packs());
ALTER TABLE studio_filerevision ENABLE ROW LEVEL SECURITY;
CREATE POLICY authors ON studio_filerevision
    USING (xiangyun_writes_packs()) WITH CHECK (xiangyun_writes_packs());
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0007_deputies")]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "code",
                    models.TextField(
                        help_text="The pack's path"
                    ),
                ),
                (
                    "base",
                    models.PositiveIntegerField(help_text="The version it began with; 0 for none"),
                ),
                (
                    "state",
                    models.TextField(
                        help_text="open, handed_in, agreed or discarded"
                    ),
                ),
                (
                    "submission",
                    models.UUIDField(
                        help_text="The catalogue's draft it was handed in as", null=True
                    ),
                ),
                ("author", models.UUIDField(null=True)),
                ("author_name", models.TextField()),
                (
                    "note",
                    models.TextField(blank=True, default="", help_text="Why it was returned"),
                ),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["-changed_at"], name="studio_latest")],
            },
        ),
        migrations.CreateModel(
            name="FileRevision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "path",
                    models.TextField(help_text="Within the pack: texts/zh-Hans.yaml"),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "text",
                    models.TextField(help_text="Byte for byte; empty where the file is gone"),
                ),
                ("gone", models.BooleanField(default=False)),
                ("author", models.UUIDField(null=True)),
                ("author_name", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="studio.draft",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "path", "number"), name="one_revision_per_number"
                    )
                ],
            },
        ),
        migrations.RunSQL(POLICIES, "DROP FUNCTION xiangyun_writes_packs() CASCADE"),
    ]
