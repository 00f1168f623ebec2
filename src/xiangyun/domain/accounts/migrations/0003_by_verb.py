from django.db import migrations

# The policies of before stay for the role of before, for the length of an upgrade.
POLICIES = """
ALTER POLICY own_account ON accounts_account TO xiangyun_app;
CREATE POLICY seen ON accounts_account FOR SELECT TO xiangyun_runtime
    USING (xiangyun_is_person(id) OR xiangyun_is_system());
CREATE POLICY opened ON accounts_account FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
CREATE POLICY changed ON accounts_account FOR UPDATE TO xiangyun_runtime
    USING (xiangyun_is_person(id) OR xiangyun_is_system());

ALTER POLICY own_tokens ON accounts_token TO xiangyun_app;
CREATE POLICY seen ON accounts_token FOR SELECT TO xiangyun_runtime
    USING (xiangyun_is_person(account_id) OR xiangyun_is_system());
CREATE POLICY issued ON accounts_token FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_person(account_id) OR xiangyun_is_system());
CREATE POLICY ended ON accounts_token FOR DELETE TO xiangyun_runtime
    USING (xiangyun_is_person(account_id) OR xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """What the running program may do with an account, verb by verb."""

    dependencies = [("accounts", "0002_row_level_security")]
    operations = [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
