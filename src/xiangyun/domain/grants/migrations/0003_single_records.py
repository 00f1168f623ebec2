from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

GUARD = Path(__file__).with_name("sql") / "grants_3.sql"


class Migration(migrations.Migration):
    """Grants that open single records of a register, such as the drawings of one demand."""

    dependencies = [("grants", "0002_answers_alone")]
    operations = [
        migrations.AddField(
            model_name="grant",
            name="keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, help_text="Keys of records; none: all of them", size=None
            ),
        ),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
