from pathlib import Path

from django.db import migrations

STORE = Path(__file__).with_name("sql") / "case_store_8.sql"


class Migration(migrations.Migration):
    """What a case is about is among what a step writes."""

    dependencies = [("cases", "0029_named_in_a_secret_case")]
    operations = [
        migrations.RunSQL(STORE.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
