import django.db.models.deletion
from django.db import migrations, models

# Who is asking is told to PostgreSQL in three settings that live for one transaction:
#   xiangyun.scope      the code ranges of the divisions whose records the asker may see
#   xiangyun.person     the account of the asker
#   xiangyun.presented  the certificate identifier that the asker holds in the hand
# Absent settings match nothing, so that a query nobody thought about returns nothing.
FUNCTIONS = """
CREATE FUNCTION xiangyun_in_scope(division bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT division <@ COALESCE(NULLIF(current_setting('xiangyun.scope', true), ''), '{}')::int8multirange
$$;
CREATE FUNCTION xiangyun_is_person(account uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT account = NULLIF(current_setting('xiangyun.person', true), '')::uuid
$$;
CREATE FUNCTION xiangyun_presented() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NULLIF(current_setting('xiangyun.presented', true), '')
$$;
CREATE FUNCTION xiangyun_is_system() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT '[0,999999999999]'::int8range <@ COALESCE(NULLIF(current_setting('xiangyun.scope', true), ''), '{}')::int8multirange
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION xiangyun_in_scope; DROP FUNCTION xiangyun_is_person;"
            " DROP FUNCTION xiangyun_presented; DROP FUNCTION xiangyun_is_system;",
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                ("code", models.BigIntegerField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                (
                    "level",
                    models.SmallIntegerField(
                        choices=[(2, "省"), (3, "市"), (4, "县"), (5, "乡"), (6, "村")]
                    ),
                ),
                ("official", models.BooleanField(default=True)),
                ("longitude", models.FloatField(null=True)),
                ("latitude", models.FloatField(null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="divisions.division",
                    ),
                ),
            ],
            options={"ordering": ("code",)},
        ),
    ]
