from django.db import migrations

# Public to read. Written by the platform, and by whoever holds a mandate as publisher.
POLICIES = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY public ON {table} FOR SELECT USING (true);
CREATE POLICY entered ON {table} FOR INSERT WITH CHECK (xiangyun_publishes());
CREATE POLICY changed ON {table} FOR UPDATE USING (xiangyun_publishes());
CREATE POLICY removed ON {table} FOR DELETE USING (xiangyun_publishes());
"""
TABLES = ("calendar_day", "calendar_year", "calendar_edition")


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial"), ("accounts", "0004_publishers")]
    operations = [
        migrations.RunSQL(POLICIES.format(table=table), migrations.RunSQL.noop) for table in TABLES
    ]
