from pathlib import Path

from django.db import migrations

ADMISSION = Path(__file__).with_name("sql") / "admission_1.sql"
UNDONE = """
DROP TRIGGER taken_when_begun ON cases_draft;
DROP TRIGGER taken_when_sent ON cases_draft;
DROP FUNCTION xiangyun_refuse_unless_taken;
DROP FUNCTION xiangyun_applicant_kind;
"""


class Migration(migrations.Migration):
    """The database obeys what a service says of its applicants, its state, its days and desks."""

    dependencies = [
        ("cases", "0021_fewer_questions"),
        ("catalogue", "0004_whom_a_service_takes"),
        ("divisions", "0001_initial"),
        ("parties", "0001_initial"),
    ]
    operations = [migrations.RunSQL(ADMISSION.read_text(encoding="utf-8"), UNDONE)]
