"""What was made of the sets of roles stands until there is a further one."""

import uuid

from django.db import migrations, models
from django.db.models import Q

# Public to read; only the trigger writes it. Steps offer the sets of their tasks each time: only a
# row that was not there counts.
MARKS = """
INSERT INTO cases_edition (id, mark) VALUES (1, gen_random_uuid());
ALTER TABLE cases_edition ENABLE ROW LEVEL SECURITY;
CREATE POLICY public ON cases_edition FOR SELECT USING (true);
CREATE FUNCTION xiangyun_marks_cases() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE cases_edition SET mark = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE TRIGGER marks_edition AFTER INSERT OR UPDATE OR DELETE ON cases_roleset
FOR EACH ROW EXECUTE FUNCTION xiangyun_marks_cases();
CREATE TRIGGER marks_edition_anew AFTER TRUNCATE ON cases_roleset
FOR EACH STATEMENT EXECUTE FUNCTION xiangyun_marks_cases();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0038_ended_cases")]
    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("mark", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_role_sets")
                ]
            },
        ),
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
    ]
