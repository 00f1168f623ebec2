from pathlib import Path

from django.db import migrations, models
from django.db.models import Func, Value

COUNTING = Path(__file__).with_name("sql") / "datasets_3.sql"


class Migration(migrations.Migration):
    """Entries of the catalogue have numbers, and it says how often it has changed."""

    dependencies = [("datasets", "0002_recomputed")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE datasets_listing_number", "DROP SEQUENCE datasets_listing_number"
        ),
        migrations.AddField(
            "Listing",
            "number",
            models.BigIntegerField(
                unique=True,
                editable=False,
                db_default=Func(Value("datasets_listing_number"), function="nextval"),
                help_text="By which it is counted in memory",
            ),
        ),
        migrations.CreateModel(
            name="Relisted",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("revision", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(COUNTING.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
