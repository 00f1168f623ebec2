from django.db import migrations

# The company register is public by law; everything else is seen by the one it is about and by
# the offices of the division it lies in.
POLICIES = """
ALTER TABLE registers_record ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_records ON registers_record FOR SELECT
    USING (register = 'companies' OR xiangyun_in_scope(division) OR xiangyun_is_person(holder));
CREATE POLICY keep_records ON registers_record USING (xiangyun_in_scope(division));
CREATE SEQUENCE registers_organisation;
GRANT USAGE ON SEQUENCE registers_organisation TO xiangyun_app;
CREATE INDEX record_brand ON registers_record (register, (data ->> 'brand'));
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial"), ("divisions", "0001_initial")]
    operations = [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
