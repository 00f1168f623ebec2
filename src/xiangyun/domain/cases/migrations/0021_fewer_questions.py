from pathlib import Path

from django.db import migrations

STORE = Path(__file__).with_name("sql") / "case_store_6.sql"


class Migration(migrations.Migration):
    """Reading and writing a step ask PostgreSQL less; who may see and do what stays as it was."""

    dependencies = [
        ("cases", "0020_task_forms"),
        ("accounts", "0008_found_by_number"),
        ("parties", "0001_initial"),
    ]
    operations = [migrations.RunSQL(STORE.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
