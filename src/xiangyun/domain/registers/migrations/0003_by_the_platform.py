from django.db import migrations

# Whatever enters a record, a service of a case or a command, the platform does it and says so.
POLICIES = """
ALTER POLICY keep_records ON registers_record USING (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """Registers are kept by the platform alone."""

    dependencies = [("registers", "0002_row_level_security")]
    operations = [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
