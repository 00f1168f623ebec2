"""What was made of the divisions stands until they change."""

import uuid

from django.db import migrations, models
from django.db.models import Q

# Public to read; only the trigger writes it.
MARKS = """
INSERT INTO divisions_edition (id, mark) VALUES (1, gen_random_uuid());
ALTER TABLE divisions_edition ENABLE ROW LEVEL SECURITY;
CREATE POLICY public ON divisions_edition FOR SELECT USING (true);
CREATE FUNCTION xiangyun_marks_divisions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE divisions_edition SET mark = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE TRIGGER marks_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON divisions_division
FOR EACH STATEMENT EXECUTE FUNCTION xiangyun_marks_divisions();
"""


class Migration(migrations.Migration):
    dependencies = [("divisions", "0002_place_matter_need")]
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
                "constraints": [models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_divisions")]
            },
        ),
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
    ]
