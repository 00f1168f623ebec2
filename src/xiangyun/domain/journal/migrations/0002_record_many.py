from django.db import migrations

# Entries as rows of JSON, for a step of a case that writes all it has to write in one statement.
# It runs with the rights of whoever calls it: the table's own policies and triggers decide.
RECORD = """
CREATE FUNCTION xiangyun_journal_record(entries jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO journal_entry
        (at, verb, subject, division, owner, actor, actor_name, desk, salt, data, private, leaf)
    SELECT at, verb, subject, division, owner, actor, actor_name, desk, salt, data, private, leaf
    FROM jsonb_to_recordset(entries) AS entry (
        at timestamptz, verb text, subject text, division bigint, owner uuid, actor uuid,
        actor_name text, desk text, salt bytea, data jsonb, private jsonb, leaf bytea
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(RECORD, "DROP FUNCTION xiangyun_journal_record")]
