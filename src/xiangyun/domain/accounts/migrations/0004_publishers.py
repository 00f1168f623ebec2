from django.db import migrations

PUBLISHES = """
CREATE FUNCTION xiangyun_publishes() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN xiangyun_is_system() OR EXISTS (
        SELECT FROM accounts_mandate m
        WHERE m.role = 'publisher' AND xiangyun_is_person(m.account_id)
    );
END $$;
"""


class Migration(migrations.Migration):
    """Who may publish services and enter the calendar, for the policies of both."""

    dependencies = [("accounts", "0003_by_verb")]
    operations = [migrations.RunSQL(PUBLISHES, "DROP FUNCTION xiangyun_publishes()")]
