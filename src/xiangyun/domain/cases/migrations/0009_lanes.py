from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# The one role of a task, or the name of the set. Inlined where it is called; the case of several
# is apart because joining an array counts as stable, for types whose text depends on settings.
ROLES = """
CREATE FUNCTION xiangyun_role_set(groups text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_string(groups, ',') $$;
CREATE FUNCTION xiangyun_role_of(groups text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN cardinality(groups) = 1 THEN groups[1] ELSE xiangyun_role_set(groups) END
$$;
"""
NO_ROLES = "DROP FUNCTION xiangyun_role_of(text[]); DROP FUNCTION xiangyun_role_set(text[])"
# Public: names of roles. What is known once stays known, so that nobody waits for anybody.
KEPT = """
REVOKE UPDATE, DELETE ON cases_roleset FROM xiangyun_app;
INSERT INTO cases_roleset (role, groups)
SELECT DISTINCT role, groups FROM cases_workitem WHERE cardinality(groups) > 1;
"""
FILLED = """
UPDATE cases_workitem w SET service = v.code, role = xiangyun_role_of(w.groups),
    county = w.division / 1000000,
    place = CASE WHEN w.division % 1000000 = 0 THEN 0 ELSE w.division END
FROM cases_case c JOIN catalogue_serviceversion v ON v.id = c.version_id WHERE c.id = w.case_id;
"""
# The scope is read once a statement, and not parsed for every row that is counted.
POLICY = """
CREATE FUNCTION xiangyun_scope() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(current_setting('xiangyun.scope', true), ''), '{}')::int8multirange
$$;
ALTER POLICY of_own_cases ON cases_workitem USING (
    division <@ (SELECT xiangyun_scope())
    OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id)
);
"""
# Counting reads an index alone where a page of the table holds nothing new: see to that sooner
# than after a fifth of all work has changed.
TENDED = """
ALTER TABLE cases_workitem SET (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02
);
"""


def added(name, field, default):
    field.default = default
    return migrations.AddField("workitem", name, field, preserve_default=False)


def index(name, *equal, only=models.Q()):
    return migrations.AddIndex(
        "workitem",
        models.Index(
            fields=[*equal, "due_on", "amber_on", "id"],
            include=["division", "case"],
            condition=models.Q(closed_at=None) & only,
            name=name,
        ),
    )


BELOW_COUNTY = models.Q(place__gt=0)


class Migration(migrations.Migration):
    """An official's queue is found by lanes; see queries/lanes.py."""

    dependencies = [
        ("cases", "0008_called"),
        ("catalogue", "0001_initial"),
        ("divisions", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(ROLES, NO_ROLES),
        added("service", models.TextField(db_collation="C", help_text="The service's code"), ""),
        added(
            "role",
            models.TextField(
                db_collation="C", help_text="Its one role; of several their set, as in RoleSet"
            ),
            "",
        ),
        added("county", models.IntegerField(help_text="The first six digits of the division"), 0),
        added(
            "place",
            models.BigIntegerField(help_text="The division, if a town or a village; otherwise 0"),
            0,
        ),
        migrations.CreateModel(
            "RoleSet",
            [
                (
                    "role",
                    models.TextField(db_collation="C", primary_key=True, serialize=False),
                ),
                ("groups", ArrayField(models.TextField())),
            ],
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RemoveIndex("workitem", "open_work"),
        index("work_of_county", "role", "county"),
        index("work_of_county_service", "role", "service", "county"),
        index("work_of_place", "role", "place", only=BELOW_COUNTY),
        index("work_of_place_service", "role", "service", "place", only=BELOW_COUNTY),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
        migrations.RunSQL(TENDED, migrations.RunSQL.noop),
    ]
