from django.db import migrations

POLICIES = """
ALTER TABLE accounts_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_account ON accounts_account
    USING (xiangyun_is_person(id) OR xiangyun_is_system());

ALTER TABLE accounts_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tokens ON accounts_token
    USING (xiangyun_is_person(account_id) OR xiangyun_is_system());

ALTER TABLE accounts_mandate ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_mandates ON accounts_mandate FOR SELECT
    USING (xiangyun_is_person(account_id) OR xiangyun_is_system());
CREATE POLICY give_mandates ON accounts_mandate USING (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
