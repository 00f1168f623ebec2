from django.db import migrations

# A task whose own deadline is a moment is late from that moment on, not only from the next day.
LATE = """
CREATE FUNCTION xiangyun_task_is_late(which uuid, wanted text, over date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT xiangyun_is_system() THEN
        RETURN false;
    END IF;
    UPDATE cases_workitem w SET due_on = over, amber_on = over
    WHERE w.case_id = which AND w.token = wanted AND w.closed_at IS NULL AND w.own_due
        AND w.due_on > over;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION xiangyun_task_is_late FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_task_is_late TO xiangyun_runtime;
"""
BACK = "DROP FUNCTION xiangyun_task_is_late;"


class Migration(migrations.Migration):
    """The moment of a task's own deadline counts."""

    dependencies = [("cases", "0032_release")]
    operations = [migrations.RunSQL(LATE, BACK)]
