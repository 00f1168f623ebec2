"""What was made of the declarations of registers stands until they change."""

import uuid

from django.db import migrations, models
from django.db.models import Q

# Public to read; only the trigger writes it.
MARKS = """
INSERT INTO registers_edition (id, mark) VALUES (1, gen_random_uuid());
ALTER TABLE registers_edition ENABLE ROW LEVEL SECURITY;
CREATE POLICY public ON registers_edition FOR SELECT USING (true);
CREATE FUNCTION xiangyun_marks_registers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE registers_edition SET mark = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE TRIGGER marks_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON registers_register
FOR EACH STATEMENT EXECUTE FUNCTION xiangyun_marks_registers();
CREATE TRIGGER marks_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON registers_declaration
FOR EACH STATEMENT EXECUTE FUNCTION xiangyun_marks_registers();
CREATE TRIGGER marks_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON registers_fieldnumber
FOR EACH STATEMENT EXECUTE FUNCTION xiangyun_marks_registers();
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0005_names_of_facts")]
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
                "constraints": [models.CheckConstraint(condition=Q(id=1), name="one_edition_of_the_registers")]
            },
        ),
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
    ]
