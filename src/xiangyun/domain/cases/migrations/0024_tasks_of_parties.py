from pathlib import Path

from django.db import migrations

STORE = Path(__file__).with_name("sql") / "case_store_7.sql"


class Migration(migrations.Migration):
    """A party in another role than the applicant's does the tasks that wait for it."""

    dependencies = [("cases", "0023_departments_of_a_role")]
    operations = [
        migrations.RunSQL(STORE.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
