from django.db import migrations

# A step may name another person for an open task: whoever was struck by a recusal goes there no
# more. The headers say whom; empty means everybody who holds the role. A task that is claimed or
# handed over (`xiangyun_task_assign`) writes the column itself.
REASSIGN = """
CREATE FUNCTION xiangyun_note_reassigned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.assigned := NULLIF(NEW.headers ->> 'assigned', '')::uuid;
    IF NEW.assigned IS NULL THEN
        NEW.headers := NEW.headers - 'assigned' - 'assigned_name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER note_reassigned BEFORE UPDATE OF headers ON cases_workitem FOR EACH ROW
    WHEN (NEW.headers ? 'assigned' AND NEW.assigned IS NOT DISTINCT FROM OLD.assigned
        AND NEW.headers ->> 'assigned' IS DISTINCT FROM OLD.headers ->> 'assigned')
    EXECUTE FUNCTION xiangyun_note_reassigned();
-- After it: whoever is named knows of a case that only its handlers may know.
CREATE TRIGGER note_reassigned_handler BEFORE UPDATE OF headers ON cases_workitem FOR EACH ROW
    WHEN (NEW.need > 0 AND NEW.headers ? 'assigned'
        AND NEW.headers ->> 'assigned' IS DISTINCT FROM OLD.headers ->> 'assigned')
    EXECUTE FUNCTION xiangyun_named_handler();
"""
BACK = """
DROP TRIGGER note_reassigned_handler ON cases_workitem;
DROP TRIGGER note_reassigned ON cases_workitem;
DROP FUNCTION xiangyun_note_reassigned;
"""


class Migration(migrations.Migration):
    """Open tasks may pass to another person by a step."""

    dependencies = [("cases", "0034_ratings_of_their_own")]
    operations = [migrations.RunSQL(REASSIGN, BACK)]
