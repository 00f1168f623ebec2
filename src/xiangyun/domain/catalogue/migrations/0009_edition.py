"""What was made of the catalogue stands until something is published or withdrawn."""

import uuid

from django.db import migrations, models
from django.db.models import Q

# Public to read; only the trigger writes it.
MARKS = """
INSERT INTO catalogue_edition (id, mark) VALUES (1, gen_random_uuid());
ALTER TABLE catalogue_edition ENABLE ROW LEVEL SECURITY;
CREATE POLICY public ON catalogue_edition FOR SELECT USING (true);
CREATE FUNCTION xiangyun_marks_catalogue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE catalogue_edition SET mark = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE TRIGGER marks_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON catalogue_serviceversion
FOR EACH STATEMENT EXECUTE FUNCTION xiangyun_marks_catalogue();
CREATE TRIGGER marks_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON catalogue_declarationversion
FOR EACH STATEMENT EXECUTE FUNCTION xiangyun_marks_catalogue();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0008_what_finds_a_service")]
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
                "constraints": [models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_catalogue")]
            },
        ),
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
    ]
