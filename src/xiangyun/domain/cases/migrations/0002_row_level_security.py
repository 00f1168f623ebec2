from django.db import migrations

# A case is seen by its applicant, by the offices of its competent division and above, and by the
# desk that filed it. What hangs on a case is seen by those who see the case: the sub-select runs
# under the same policy, so that the rule stands in one place.
OWN = """
ALTER TABLE cases_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_cases ON cases_case USING (
    xiangyun_in_scope(division) OR xiangyun_is_person(owner)
    OR xiangyun_is_person(filed_by) OR xiangyun_in_scope(filed_in)
);
ALTER TABLE cases_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_drafts ON cases_draft USING (
    xiangyun_is_person(owner) OR xiangyun_is_person(filed_by) OR xiangyun_is_system()
);
ALTER TABLE cases_material ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_materials ON cases_material USING (
    EXISTS (SELECT 1 FROM cases_draft d WHERE d.id = draft_id)
    OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = draft_id)
);
CREATE SEQUENCE cases_number;
GRANT USAGE ON SEQUENCE cases_number TO xiangyun_app;
"""
OF_A_CASE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_own_cases ON {table}
    USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id));
"""
TABLES = ("workitem", "servicecall", "timer", "decision", "letter", "pause", "rating")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("divisions", "0001_initial")]
    operations = [
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(OF_A_CASE.format(table=f"cases_{table}"), migrations.RunSQL.noop)
            for table in TABLES
        ),
    ]
