from django.db import migrations, models

# A task lies in the division of its case, so mostly that decides. Where it does not, the case is
# asked: by a function, because a sub-select would be made ready in every statement that names the
# table, once for each policy check in it, whether it is needed or not.
SEES = """
CREATE FUNCTION xiangyun_sees_case(which uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM cases_case c WHERE c.id = which);
END $$;
ALTER POLICY of_own_cases ON cases_workitem USING (
    division <@ (SELECT xiangyun_scope()) OR xiangyun_sees_case(case_id)
);
"""
OF_A_CASE = """
ALTER POLICY of_own_cases ON {table} USING (xiangyun_sees_case(case_id));
"""
TABLES = ("servicecall", "timer", "decision", "letter", "rating")


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_lanes"), ("journal", "0004_row_by_row")]
    operations = [
        migrations.RunSQL(SEES, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(OF_A_CASE.format(table=f"cases_{table}"), migrations.RunSQL.noop)
            for table in TABLES
        ),
        # Words alone, which an earlier migration left out.
        migrations.AlterField(
            "case",
            "pauses",
            models.JSONField(default=list, help_text="When its clock stood still, and why"),
        ),
        migrations.AlterField(
            "case",
            "revision",
            models.IntegerField(default=0, help_text="Counts its steps; see store.py"),
        ),
    ]
