from django.db import migrations

# Two settings more of one transaction, beside those of 0001:
#   xiangyun.matters  ranges of matter * 10^12 + division, of mandates for one department or none
#   xiangyun.across   ranges of divisions, of mandates across departments
# A class above `ordinary` (need 1, 2) adds need * 10^17, and so lies outside of every mandate; the
# platform's ranges hold everything. The policies of a queue compare by themselves, with the
# settings read once a statement; all others ask this function.
FUNCTIONS = """
CREATE FUNCTION xiangyun_matters() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(current_setting('xiangyun.matters', true), ''), '{}')::int8multirange
$$;
CREATE FUNCTION xiangyun_across() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(current_setting('xiangyun.across', true), ''), '{}')::int8multirange
$$;
CREATE FUNCTION xiangyun_in_matter(need smallint, matter integer, division bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT need * 100000000000000000 + matter * 1000000000000 + division
            <@ COALESCE(NULLIF(current_setting('xiangyun.matters', true), ''), '{}')::int8multirange
        OR need * 100000000000000000 + division
            <@ COALESCE(NULLIF(current_setting('xiangyun.across', true), ''), '{}')::int8multirange
$$;
"""


class Migration(migrations.Migration):
    """What row-level security asks by place and matter and need."""

    dependencies = [("divisions", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION xiangyun_in_matter(smallint, integer, bigint);"
            " DROP FUNCTION xiangyun_across(); DROP FUNCTION xiangyun_matters();",
        )
    ]
