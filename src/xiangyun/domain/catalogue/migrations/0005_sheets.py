"""Sheets of places: what is approved is for everybody, drafts for whoever keeps the place."""

import uuid

from django.db import migrations, models

POLICIES = """
ALTER TABLE catalogue_sheetversion ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION xiangyun_keeps_sheets(place bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN xiangyun_is_system() OR EXISTS (
        SELECT FROM accounts_mandate m
        WHERE m.role = 'sheet-keeper' AND xiangyun_is_person(m.account_id)
            AND xiangyun_in_term(m.from_on, m.to_on)
            AND place BETWEEN m.low AND m.high);
END $$;
CREATE POLICY public ON catalogue_sheetversion FOR SELECT
    USING (state IN ('in_force', 'ended') OR xiangyun_keeps_sheets(division));
CREATE POLICY entered ON catalogue_sheetversion FOR INSERT
    WITH CHECK (xiangyun_keeps_sheets(division) AND state IN ('draft', 'in_force'));
CREATE POLICY changed ON catalogue_sheetversion FOR UPDATE
    USING (xiangyun_keeps_sheets(division))
    WITH CHECK (xiangyun_keeps_sheets(division));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_whom_a_service_takes"),
        ("accounts", "0007_deputies"),
    ]
    operations = [
        migrations.CreateModel(
            name="SheetVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("item", models.TextField(help_text="The code of the service")),
                ("division", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(help_text="The sheet, byte for byte")),
                (
                    "state",
                    models.TextField(
                        help_text="draft, submitted, in_force, returned or ended"
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=1, help_text="The optimistic lock of a draft"
                    ),
                ),
                (
                    "against",
                    models.PositiveIntegerField(
                        help_text="The version of the item it was proved against"
                    ),
                ),
                ("author", models.UUIDField(null=True)),
                ("author_name", models.TextField()),
                ("approver", models.UUIDField(null=True)),
                ("approver_name", models.TextField(blank=True, default="")),
                (
                    "note",
                    models.TextField(
                        blank=True, default="", help_text="Why it was returned or set aside"
                    ),
                ),
                ("from_on", models.DateField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "division", "number"), name="one_sheet_per_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted"])),
                        fields=("item", "division"),
                        name="one_open_sheet",
                    ),
                ]
            },
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
