from django.db import migrations, models

# A draft by which an official opens a case is written by whoever holds a mandate; which roles may,
# the service says, and is asked before. It is nobody's but the subject's once it is sent.
SQL = """
DROP POLICY begun ON cases_draft;
CREATE POLICY begun ON cases_draft FOR INSERT TO xiangyun_runtime WITH CHECK (
    NOT sent AND (
        (xiangyun_is_subject(owner, matter) AND filed_by IS NULL) OR xiangyun_is_system()
        OR (xiangyun_is_person(filed_by) AND EXISTS (
            SELECT FROM accounts_mandate m WHERE m.account_id = filed_by
                AND (m.role = 'desk' OR opened = 'official')
                AND xiangyun_in_term(m.from_on, m.to_on)
        ))
    )
);
CREATE FUNCTION xiangyun_opened_officially(which uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE cases_draft SET filed_by = NULL
    WHERE id = which AND opened = 'official' AND NOT sent AND xiangyun_is_person(filed_by)
$$;
REVOKE ALL ON FUNCTION xiangyun_opened_officially FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_opened_officially TO xiangyun_runtime;
ALTER TABLE cases_reportcode ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON cases_reportcode FOR SELECT TO xiangyun_runtime USING (xiangyun_is_system());
CREATE POLICY given ON cases_reportcode FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
"""
BACK = """
DROP FUNCTION xiangyun_opened_officially;
"""


class Migration(migrations.Migration):
    """Cases open in further ways: by an official, by somebody unknown, by what opens them itself."""

    dependencies = [("cases", "0021_fewer_questions")]
    operations = [
        migrations.AddField(
            "draft",
            "opened",
            models.TextField(
                db_default="applicant", default="applicant", help_text="How its case opens"
            ),
        ),
        migrations.CreateModel(
            "ReportCode",
            [
                (
                    "digest",
                    models.TextField(
                        help_text="SHA-256 of the code, in hex", primary_key=True, serialize=False
                    ),
                ),
                ("party", models.UUIDField(unique=True)),
            ],
        ),
        migrations.RunSQL(SQL, BACK),
    ]
