from django.db import migrations

# What stands still already has no deadline, as what will stand still from now on. A pause of a
# stage holds its own tasks, and those of stages that have no clock of their own.
STANDING = """
UPDATE cases_workitem w SET due_on = '9999-12-31', amber_on = '9999-12-31'
FROM cases_case c
WHERE w.case_id = c.id AND w.closed_at IS NULL AND NOT w.own_due AND EXISTS (
    SELECT FROM jsonb_array_elements(c.pauses) p
    WHERE p ->> 'to' IS NULL AND (
        coalesce(p ->> 'stage', '') IN ('', coalesce(w.headers ->> 'stage', ''))
        OR NOT EXISTS (
            SELECT FROM jsonb_array_elements(coalesce(c.clocks -> 'stages', '[]')) s
            WHERE s ->> 'stage' = w.headers ->> 'stage' AND s ->> 'to' IS NULL
        )
    )
);
"""


class Migration(migrations.Migration):
    """The work of a case whose clock stands still lies behind all other work."""

    dependencies = [("cases", "0014_kinds_of_work")]
    operations = [migrations.RunSQL(STANDING, migrations.RunSQL.noop)]
