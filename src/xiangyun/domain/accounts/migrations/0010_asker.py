"""Who asks, by one statement; and an edition of the mandates, which each page of a case asks for."""

import uuid

from django.db import migrations, models
from django.db.models import Q

# With the rights of the owner: nobody acts yet. Whoever has the key of an open session may know
# whose it is; of nobody else anything is told.
ASKER = """
CREATE FUNCTION xiangyun_asker(opened_with text, at timestamptz) RETURNS json
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT json_build_object(
        'data', s.session_data,
        'account', (SELECT to_json(a) FROM accounts_account a WHERE a.id = s.account),
        'joined', ARRAY(SELECT p.id FROM parties_party p WHERE p.merged_into_id = s.account),
        'mandates', (
            SELECT json_agg(m ORDER BY m.id) FROM accounts_mandate m WHERE m.account_id = s.account
        ),
        'deputises', (
            SELECT json_agg(json_build_object(
                'deputy', d,
                'absent', (SELECT to_json(a) FROM accounts_account a WHERE a.id = d.absent_id),
                'mandates', (
                    SELECT json_agg(m ORDER BY m.id) FROM accounts_mandate m
                    WHERE m.account_id = d.absent_id
                )
            ) ORDER BY d.id)
            FROM accounts_deputy d WHERE d.deputy_id = s.account AND d.ended_at IS NULL
        )
    )
    FROM accounts_session s WHERE s.session_key = opened_with AND s.expire_date > at
$$;
REVOKE ALL ON FUNCTION xiangyun_asker FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_asker TO xiangyun_runtime;
"""

# Public to read; only the triggers write it. Accounts are opened all the time: only what is told
# of the holder of a mandate counts.
MARKS = """
INSERT INTO accounts_edition (id, mark) VALUES (1, gen_random_uuid());
ALTER TABLE accounts_edition ENABLE ROW LEVEL SECURITY;
CREATE POLICY public ON accounts_edition FOR SELECT USING (true);
CREATE FUNCTION xiangyun_marks_accounts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE accounts_edition SET mark = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE TRIGGER marks_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON accounts_mandate
FOR EACH STATEMENT EXECUTE FUNCTION xiangyun_marks_accounts();
CREATE TRIGGER marks_edition AFTER UPDATE OF name, login, is_active ON accounts_account
FOR EACH ROW WHEN (
    (OLD.name, OLD.login, OLD.is_active) IS DISTINCT FROM (NEW.name, NEW.login, NEW.is_active)
) EXECUTE FUNCTION xiangyun_marks_accounts();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_across"), ("parties", "0002_joined")]
    operations = [
        migrations.RunSQL(ASKER, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("mark", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_mandates")
                ]
            },
        ),
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
    ]
