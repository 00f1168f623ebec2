from pathlib import Path

from django.db import migrations

ADMISSION = Path(__file__).with_name("sql") / "admission_3.sql"


class Migration(migrations.Migration):
    """The database asks of every case that opens whether its service opens so."""

    dependencies = [("cases", "0030_subject_line")]
    operations = [migrations.RunSQL(ADMISSION.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
