from django.db import migrations

# Who had a task gives it back: it is nobody's by name, in the column and in the headers.
RELEASE = """
CREATE FUNCTION xiangyun_task_release(which uuid, wanted text, was uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NULLIF(current_setting('xiangyun.person', true), '') IS NULL
        OR NOT EXISTS (SELECT FROM cases_case c WHERE c.id = which AND xiangyun_sees_row(
            c.id, c.need, c.matter, c.division, c.owner, c.filed_by, c.filed_in)) THEN
        RETURN false;
    END IF;
    UPDATE cases_workitem w SET assigned = NULL,
        headers = w.headers - 'assigned' - 'assigned_name'
    WHERE w.case_id = which AND w.token = wanted AND w.need = 0 AND w.closed_at IS NULL
        AND w.assigned = was;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION xiangyun_task_release FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_task_release TO xiangyun_runtime;
"""
BACK = "DROP FUNCTION xiangyun_task_release;"


class Migration(migrations.Migration):
    """Claimed tasks may be given back."""

    dependencies = [("cases", "0031_admission_of_every_opening")]
    operations = [migrations.RunSQL(RELEASE, BACK)]
