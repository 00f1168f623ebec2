from pathlib import Path

from django.db import migrations

STORE = Path(__file__).with_name("sql") / "case_store_2.sql"

# From its submission on, an application stands as it was sent. What is handed in later comes by a
# task that asks for it, beside what was there. The policies of before stay for the role of before,
# for the length of an upgrade.
POLICIES = """
ALTER POLICY own_drafts ON cases_draft TO xiangyun_app;
CREATE POLICY seen ON cases_draft FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_person(owner) OR xiangyun_is_person(filed_by) OR xiangyun_is_system()
);
CREATE POLICY begun ON cases_draft FOR INSERT TO xiangyun_runtime WITH CHECK (
    NOT sent AND (
        (xiangyun_is_person(owner) AND filed_by IS NULL) OR xiangyun_is_system()
        OR (xiangyun_is_person(filed_by) AND EXISTS (
            SELECT FROM accounts_mandate m WHERE m.account_id = filed_by AND m.role = 'desk'
        ))
    )
);
CREATE POLICY written ON cases_draft FOR UPDATE TO xiangyun_runtime USING (
    NOT sent
    AND (xiangyun_is_person(owner) OR xiangyun_is_person(filed_by) OR xiangyun_is_system())
);
CREATE POLICY dropped ON cases_draft FOR DELETE TO xiangyun_runtime USING (
    NOT sent
    AND (xiangyun_is_person(owner) OR xiangyun_is_person(filed_by) OR xiangyun_is_system())
);

ALTER POLICY own_materials ON cases_material TO xiangyun_app;
CREATE POLICY seen ON cases_material FOR SELECT TO xiangyun_runtime USING (
    EXISTS (SELECT FROM cases_draft d WHERE d.id = draft_id)
    OR EXISTS (SELECT FROM cases_case c WHERE c.id = draft_id)
);
CREATE POLICY handed_in ON cases_material FOR INSERT TO xiangyun_runtime WITH CHECK (
    EXISTS (
        SELECT FROM cases_draft d WHERE d.id = draft_id AND (NOT d.sent OR EXISTS (
            SELECT FROM cases_workitem w
            WHERE w.case_id = draft_id AND w.closed_at IS NULL AND 'applicant' = ANY (w.groups)
                AND w.headers ->> 'form' = 'answers'
        ))
    )
);
CREATE POLICY taken_out ON cases_material FOR DELETE TO xiangyun_runtime USING (
    EXISTS (SELECT FROM cases_draft d WHERE d.id = draft_id AND NOT d.sent)
);

ALTER POLICY of_own_cases ON cases_rating TO xiangyun_app;
CREATE POLICY seen ON cases_rating FOR SELECT TO xiangyun_runtime
    USING (xiangyun_sees_case(case_id));
CREATE POLICY rated ON cases_rating FOR INSERT TO xiangyun_runtime WITH CHECK (
    EXISTS (
        SELECT FROM cases_case c WHERE c.id = case_id AND c.ended_at IS NOT NULL
            AND (xiangyun_is_person(c.owner) OR xiangyun_is_person(c.filed_by))
    )
);
"""


class Migration(migrations.Migration):
    """A case is written by its step alone; the application stands as it was sent."""

    dependencies = [
        ("cases", "0011_narrow_steps"),
        ("accounts", "0003_by_verb"),
        ("journal", "0005_sealed_by_function"),
    ]
    operations = [
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(STORE.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
