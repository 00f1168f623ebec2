from django.db import migrations

# Rows of duties are the platform's alone; whether there are some in one's own places is no secret.
STAND = """
CREATE FUNCTION xiangyun_duties_stand() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM unnest(xiangyun_scope()) AS held (span)
        CROSS JOIN LATERAL (
            SELECT FROM duties_standing s
            WHERE s.division >= lower(span) AND s.division < upper(span) LIMIT 1
        ) AS stands
    )
$$;
REVOKE ALL ON FUNCTION xiangyun_duties_stand FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_duties_stand TO xiangyun_runtime;
"""


class Migration(migrations.Migration):
    """Whether a duty stands in a place of whoever acts, as one column of a statement."""

    dependencies = [("duties", "0002_what_became"), ("cases", "0009_lanes")]
    operations = [migrations.RunSQL(STAND, "DROP FUNCTION xiangyun_duties_stand()")]
