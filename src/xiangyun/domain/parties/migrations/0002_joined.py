from django.db import migrations

# Each page asks whoever is logged in for them. As a function it is planned once a connection, and
# not with all policies of the table in each statement; it answers the platform and the party itself.
JOINED = """
CREATE FUNCTION xiangyun_joined(party uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (xiangyun_is_system() OR xiangyun_is_person(party)) THEN RETURN '{}'; END IF;
    RETURN ARRAY(SELECT p.id FROM parties_party p WHERE p.merged_into_id = party);
END $$;
REVOKE ALL ON FUNCTION xiangyun_joined FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_joined TO xiangyun_runtime;
"""


class Migration(migrations.Migration):
    """The duplicates that were joined with a party, without its table being read for them."""

    dependencies = [("parties", "0001_initial")]
    operations = [migrations.RunSQL(JOINED, "DROP FUNCTION xiangyun_joined(uuid)")]
