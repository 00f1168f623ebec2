from django.db import migrations

# Whoever a task names when it opens knows of a case that only its handlers may know: nobody else
# is told that it waits. Somebody with a part in the matter gets no work, and then everybody who
# holds the role is told. What is handed on is the other's by name, too.
NAMED = """
CREATE FUNCTION xiangyun_named_handler() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF xiangyun_own_matter_2(NEW.assigned, NEW.case_id) THEN
        NEW.assigned := NULL;
        NEW.headers := NEW.headers - 'assigned' - 'assigned_name';
        RETURN NEW;
    END IF;
    INSERT INTO cases_handler (case_id, account, name, kind, since, reason)
    VALUES (NEW.case_id, NEW.assigned, COALESCE(NEW.headers ->> 'assigned_name', ''), 'handler',
        NEW.opened_at, '')
    ON CONFLICT (case_id, account) DO UPDATE SET ended_at = NULL, kind = 'handler';
    RETURN NEW;
END $$;
-- After `note_assigned`, which reads the person from the headers: triggers go by their names.
CREATE TRIGGER note_named_handler BEFORE INSERT ON cases_workitem FOR EACH ROW
    WHEN (NEW.need > 0 AND NEW.headers ? 'assigned') EXECUTE FUNCTION xiangyun_named_handler();
CREATE FUNCTION xiangyun_named_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.headers := NEW.headers || jsonb_build_object('assigned', NEW.assigned, 'assigned_name', (
        SELECT h.name FROM cases_handler h
        WHERE h.case_id = NEW.case_id AND h.account = NEW.assigned));
    RETURN NEW;
END $$;
CREATE TRIGGER named_anew BEFORE UPDATE OF assigned ON cases_workitem FOR EACH ROW
    WHEN (NEW.need > 0 AND NEW.headers ? 'assigned' AND NEW.assigned IS NOT NULL)
    EXECUTE FUNCTION xiangyun_named_anew();
"""
BACK = """
DROP TRIGGER named_anew ON cases_workitem;
DROP TRIGGER note_named_handler ON cases_workitem;
DROP FUNCTION xiangyun_named_anew;
DROP FUNCTION xiangyun_named_handler;
"""


class Migration(migrations.Migration):
    """A task that names somebody makes that person a handler of a case for its handlers alone."""

    dependencies = [("cases", "0028_assignment")]
    operations = [migrations.RunSQL(NAMED, BACK)]
