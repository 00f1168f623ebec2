from django.db import migrations, models

# Of the names that others have reserved, those whose distinctive part sounds the same or has most of
# its signs. What a name is made of is told, whose it is not.
LIKE = """
CREATE FUNCTION xiangyun_names_like(
    asked text, heard text, written text[], but uuid, today date, most int
) RETURNS TABLE (name text, part text, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.name, r.part, r.kind FROM names_reservation r
    WHERE r.service = asked AND r.released_at IS NULL AND r.until >= today
        AND r.owner IS DISTINCT FROM but
        AND (r.sound = heard OR EXISTS (
            SELECT FROM unnest(written) one WHERE strpos(r.part, one) > 0
        ))
    ORDER BY r.name LIMIT most
$$;
"""


class Migration(migrations.Migration):
    """What a reserved name is compared by besides itself; of those of before nothing is known."""

    dependencies = [("names", "0001_initial")]
    operations = [
        migrations.AddField("reservation", "part", models.TextField(db_default="", default="", help_text="Its distinctive part, as names are compared")),
        migrations.AddField("reservation", "sound", models.TextField(db_default="", default="", help_text="How the part is read; empty for those of before")),
        migrations.AddField("reservation", "kind", models.TextField(db_default="", default="", help_text="The line of business, where the service asks for it")),
        migrations.RunSQL(LIKE, migrations.RunSQL.noop),
    ]
