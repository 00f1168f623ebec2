from django.db import migrations

# A task that opens with a named person has the name in its headers, which steps read with the case.
# Whoever claims a task or hands it over writes both; what is closed or somebody else's meanwhile is
# left as it is. Nobody gets work in an own matter.
ASSIGN = """
CREATE FUNCTION xiangyun_note_assigned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.assigned := (NEW.headers ->> 'assigned')::uuid;
    RETURN NEW;
END $$;
CREATE TRIGGER note_assigned BEFORE INSERT ON cases_workitem FOR EACH ROW
    WHEN (NEW.headers ? 'assigned') EXECUTE FUNCTION xiangyun_note_assigned();
CREATE FUNCTION xiangyun_task_assign(which uuid, wanted text, was uuid, whom uuid, whose_name text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NULLIF(current_setting('xiangyun.person', true), '') IS NULL
        OR xiangyun_own_matter_2(whom, which)
        OR NOT EXISTS (SELECT FROM cases_case c WHERE c.id = which AND xiangyun_sees_row(
            c.id, c.need, c.matter, c.division, c.owner, c.filed_by, c.filed_in)) THEN
        RETURN false;
    END IF;
    UPDATE cases_workitem w SET assigned = whom, headers = w.headers
        || jsonb_build_object('assigned', whom, 'assigned_name', whose_name)
    WHERE w.case_id = which AND w.token = wanted AND w.need = 0 AND w.closed_at IS NULL
        AND w.assigned IS NOT DISTINCT FROM was;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION xiangyun_task_assign FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_task_assign TO xiangyun_runtime;
-- The function of the triggers asks by itself how a case opens.
DROP TRIGGER taken_when_begun ON cases_draft;
DROP TRIGGER taken_when_sent ON cases_draft;
CREATE TRIGGER taken_when_begun BEFORE INSERT ON cases_draft FOR EACH ROW
    WHEN (NOT NEW.sent) EXECUTE FUNCTION xiangyun_refuse_unless_taken();
CREATE TRIGGER taken_when_sent BEFORE UPDATE OF sent ON cases_draft FOR EACH ROW
    WHEN (NEW.sent AND NOT OLD.sent) EXECUTE FUNCTION xiangyun_refuse_unless_taken();
"""
BACK = """
DROP TRIGGER note_assigned ON cases_workitem;
DROP FUNCTION xiangyun_note_assigned;
DROP FUNCTION xiangyun_task_assign;
"""


class Migration(migrations.Migration):
    """Tasks may be somebody's by name: claimed, or handed over."""

    dependencies = [("cases", "0027_following")]
    operations = [migrations.RunSQL(ASSIGN, BACK)]
