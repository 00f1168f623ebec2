from pathlib import Path

from django.db import migrations

STORE = Path(__file__).with_name("sql") / "case_store_1.sql"


class Migration(migrations.Migration):
    """A case is read in one statement and written in one; earlier texts are replaced."""

    dependencies = [("cases", "0010_fewer_statements")]
    operations = [migrations.RunSQL(STORE.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
