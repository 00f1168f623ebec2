from django.db import migrations

# As open work: the settings are read once a statement. Above ordinary need the case is asked.
POLICIES = """
ALTER TABLE lookup_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON lookup_line FOR SELECT USING (
    reach <@ (SELECT xiangyun_matters()) OR spot <@ (SELECT xiangyun_across())
    OR (spot >= 100000000000000000 AND xiangyun_sees_case(case_id))
);
CREATE POLICY kept ON lookup_line FOR INSERT WITH CHECK (xiangyun_is_system());
CREATE POLICY changed ON lookup_line FOR UPDATE USING (xiangyun_is_system());
ALTER TABLE lookup_term ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON lookup_term FOR SELECT USING (
    reach <@ (SELECT xiangyun_matters()) OR spot <@ (SELECT xiangyun_across())
    OR (spot >= 100000000000000000 AND xiangyun_sees_case(case_id))
);
CREATE POLICY kept ON lookup_term FOR INSERT WITH CHECK (xiangyun_is_system());
CREATE POLICY ended ON lookup_term FOR DELETE USING (xiangyun_is_system());
ALTER TABLE lookup_county ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON lookup_county FOR SELECT USING (true);
CREATE POLICY kept ON lookup_county FOR INSERT WITH CHECK (xiangyun_is_system());
ALTER TABLE lookup_done ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON lookup_done FOR SELECT
    USING (xiangyun_is_person(account) OR xiangyun_is_system());
CREATE POLICY kept ON lookup_done FOR INSERT WITH CHECK (xiangyun_is_system());
ALTER TABLE lookup_saved ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON lookup_saved USING (xiangyun_is_person(account));
"""


class Migration(migrations.Migration):
    """What is found is what may be seen."""

    dependencies = [("lookup", "0001_initial"), ("cases", "0018_no_request_in_an_own_matter")]
    operations = [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
