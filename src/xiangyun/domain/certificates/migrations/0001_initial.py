import django.db.models.deletion
from django.db import migrations, models

# The status may change; what was issued and signed may not, whoever asks.
UNCHANGING = """
CREATE FUNCTION xiangyun_certificate_unchanging() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may_change text[] := '{status,status_since,reason_code,reason_text}';
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION '证照签发后不可改动或删除。An issued certificate is never changed or deleted.'
            USING ERRCODE = 'insufficient_privilege', HINT = '请撤销或换发。Revoke it or issue a new version.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unchanging BEFORE UPDATE OR DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION xiangyun_certificate_unchanging();
ALTER TABLE certificates_certificate ENABLE ALWAYS TRIGGER unchanging;
"""

RIGHTS = """
REVOKE ALL ON certificates_certificate FROM xiangyun_app;
GRANT SELECT, INSERT ON certificates_certificate TO xiangyun_app;
GRANT UPDATE (status, status_since, reason_code, reason_text) ON certificates_certificate TO xiangyun_app;
ALTER TABLE certificates_certificate ENABLE ROW LEVEL SECURITY;
CREATE POLICY readable ON certificates_certificate FOR SELECT
    USING (xiangyun_in_scope(division) OR xiangyun_is_person(owner) OR identifier = xiangyun_presented());
-- Only an office, or the platform for it, issues and ends; nobody does so for himself.
CREATE POLICY issuable ON certificates_certificate FOR INSERT WITH CHECK (xiangyun_in_scope(division));
CREATE POLICY endable ON certificates_certificate FOR UPDATE
    USING (xiangyun_in_scope(division)) WITH CHECK (xiangyun_in_scope(division));
"""

UNDO = """
DROP POLICY readable ON certificates_certificate; DROP POLICY issuable ON certificates_certificate;
DROP POLICY endable ON certificates_certificate;
DROP TRIGGER unchanging ON certificates_certificate; DROP FUNCTION xiangyun_certificate_unchanging;
"""


class Migration(migrations.Migration):
    initial = True
    # For the functions xiangyun_in_scope, xiangyun_is_person and xiangyun_presented.
    dependencies = [("divisions", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("identifier", models.TextField(primary_key=True, serialize=False)),
                ("type_code", models.TextField()),
                ("kind", models.TextField(help_text="The id of its specification in the pack")),
                ("number", models.TextField(help_text="What it is known by, such as a unified code")),
                ("holder_name", models.TextField()),
                ("holder_code", models.TextField()),
                ("owner", models.UUIDField(null=True)),
                ("division", models.BigIntegerField()),
                ("authority_name", models.TextField()),
                ("authority_code", models.TextField()),
                ("content", models.JSONField()),
                ("page", models.TextField(help_text="The whole file: the page with its signed data")),
                ("page_hash", models.TextField()),
                ("signature", models.JSONField()),
                ("case_number", models.TextField(null=True)),
                ("issued_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                (
                    "status",
                    models.TextField(
                        choices=[
                            ("valid", "有效"),
                            ("suspended", "暂停"),
                            ("revoked", "撤销"),
                            ("withdrawn", "吊销"),
                            ("cancelled", "注销"),
                            ("replaced", "已换发"),
                        ],
                        default="valid",
                    ),
                ),
                ("status_since", models.DateTimeField()),
                ("reason_code", models.TextField(blank=True, default="")),
                ("reason_text", models.TextField(blank=True, default="")),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="certificates.certificate",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "-issued_on"], name="certificates_of_owner"),
                    models.Index(fields=["kind", "number"], name="certificates_by_number"),
                    models.Index(fields=["case_number"], name="certificates_from_case"),
                ],
            },
        ),
        migrations.RunSQL(UNCHANGING + RIGHTS, UNDO),
    ]
