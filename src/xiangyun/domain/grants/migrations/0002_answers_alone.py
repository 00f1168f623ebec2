from pathlib import Path

from django.db import migrations, models

GUARD = Path(__file__).with_name("sql") / "grants_2.sql"


class Migration(migrations.Migration):
    """Grants by which questions are answered and no record is seen."""

    dependencies = [("grants", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="grant",
            name="answers_only",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Questions are answered; no record is seen"
            ),
        ),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
