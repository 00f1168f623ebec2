from django.db import migrations

# Where a case is about: the town or village that its application names, within the county whose
# office decides it; otherwise where that office is. Boards count by it. Of a sealed case nothing of
# the application is readable here, so it lies where its office is.
PLACE = """
CREATE FUNCTION xiangyun_case_place(division bigint, variables jsonb, question text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN told ~ '^[0-9]{12}$' AND told::bigint / 1000000 = division / 1000000
        THEN told::bigint ELSE division END
    FROM (SELECT variables #>> ARRAY['application', question]) AS said(told)
$$;
"""


class Migration(migrations.Migration):
    """Boards go down to towns and villages."""

    dependencies = [("cases", "0036_instead")]
    operations = [
        migrations.RunSQL(PLACE, "DROP FUNCTION xiangyun_case_place(bigint, jsonb, text);")
    ]
