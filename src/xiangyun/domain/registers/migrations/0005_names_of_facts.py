import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The facts of a record have a name of their own in queries; nothing changes in the tables."""

    dependencies = [("registers", "0004_facts")]
    operations = [
        migrations.AlterField(
            "fact",
            "record",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="facts",
                to="registers.record",
            ),
        ),
    ]
