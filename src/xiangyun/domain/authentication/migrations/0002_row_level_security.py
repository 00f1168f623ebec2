from django.db import migrations

TABLES = ("totp", "passkey", "recoverycode", "grace")
POLICIES = "".join(
    f"""
ALTER TABLE authentication_{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_factors ON authentication_{table}
    USING (xiangyun_is_person(account_id) OR xiangyun_is_system());
"""
    for table in TABLES
)
# Officials who are here already have a time to get a second factor; it begins when one is demanded.
GRACE = """
INSERT INTO authentication_grace (account_id, since)
SELECT id, NULL FROM accounts_account WHERE kind = 'official'
"""


class Migration(migrations.Migration):
    dependencies = [("authentication", "0001_initial"), ("accounts", "0005_sessions")]
    operations = [
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(GRACE, migrations.RunSQL.noop),
    ]
