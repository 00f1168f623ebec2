from django.db import migrations

# In which departments work of some roles waits: whoever holds one across departments has the lanes
# of all of them. It steps from one to the next through the index of the queue, so that it costs as
# many looks as there are, however much work waits. With the owner's rights, since policies would
# be asked of each row; that some department has such work is no secret.
NARROWED = """
CREATE FUNCTION xiangyun_narrowed(wanted text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE asked (general) AS (
        SELECT DISTINCT each COLLATE "C" FROM unnest(wanted) AS each
    ), found (general, role) AS (
        SELECT general, (
            SELECT w.role FROM cases_workitem w
            WHERE w.closed_at IS NULL AND w.role > general || ':' AND w.role < general || ';'
            ORDER BY w.role LIMIT 1
        ) FROM asked
        UNION ALL
        SELECT general, (
            SELECT w.role FROM cases_workitem w
            WHERE w.closed_at IS NULL AND w.role > found.role AND w.role < general || ';'
            ORDER BY w.role LIMIT 1
        ) FROM found WHERE found.role IS NOT NULL
    )
    SELECT role FROM found WHERE role NOT LIKE '%,%'
    UNION
    SELECT each COLLATE "C" FROM cases_roleset, unnest(groups) AS each
    WHERE each LIKE '%:%' AND split_part(each, ':', 1) = ANY (wanted)
$$;
REVOKE ALL ON FUNCTION xiangyun_narrowed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_narrowed TO xiangyun_runtime;
"""


class Migration(migrations.Migration):

    dependencies = [("cases", "0022_openings"), ("cases", "0022_admission")]
    operations = [
        migrations.RunSQL(NARROWED, "DROP FUNCTION xiangyun_narrowed(text[])"),
    ]
