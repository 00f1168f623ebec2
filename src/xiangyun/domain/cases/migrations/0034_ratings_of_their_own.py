from django.db import migrations

# Whoever handled a case saw its rating, and so who gave it. A rating is known to whoever gave it and
# to the platform.
OWN = """
ALTER POLICY seen ON cases_rating USING (
    xiangyun_is_system() OR EXISTS (
        SELECT FROM cases_case c WHERE c.id = case_id
            AND (xiangyun_is_subject(c.owner, c.matter) OR xiangyun_is_person(c.filed_by))
    )
);
"""
BACK = "ALTER POLICY seen ON cases_rating USING (xiangyun_sees_case(case_id));"


class Migration(migrations.Migration):
    """The rated office does not see who rated."""

    dependencies = [("cases", "0033_own_deadlines")]
    operations = [migrations.RunSQL(OWN, BACK)]
