from pathlib import Path

from django.db import migrations

GUARD = Path(__file__).with_name("sql") / "grants_4.sql"


class Migration(migrations.Migration):
    """The grant is asked for once a statement."""

    dependencies = [("grants", "0003_single_records")]
    operations = [
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
