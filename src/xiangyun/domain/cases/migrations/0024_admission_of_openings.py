from pathlib import Path

from django.db import migrations

ADMISSION = Path(__file__).with_name("sql") / "admission_2.sql"


class Migration(migrations.Migration):
    """What a service takes, where cases open that nobody applies for."""

    dependencies = [("cases", "0022_admission"), ("cases", "0023_departments_of_a_role")]
    operations = [migrations.RunSQL(ADMISSION.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
