from django.db import migrations

# A step records one entry or two: a row is noted faster by itself than as a table of one. The
# trigger stays the only one who notes, and runs as the owner as before. What recorded entries from
# JSON is not needed any more: a step does it within its one statement.
NOTED = """
DROP TRIGGER waits ON journal_entry;
CREATE OR REPLACE FUNCTION xiangyun_journal_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO public.journal_waiting VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER waits AFTER INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION xiangyun_journal_waits();
DROP FUNCTION xiangyun_journal_record;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_deliveries")]
    operations = [migrations.RunSQL(NOTED, migrations.RunSQL.noop)]
