from pathlib import Path

from django.db import migrations

STORE = Path(__file__).with_name("sql") / "case_store_3.sql"


class Migration(migrations.Migration):
    """Who is refused an own matter can be told so within the same transaction."""

    dependencies = [("cases", "0012_only_by_the_step")]
    operations = [migrations.RunSQL(STORE.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
