"""A draw knows the account that ordered it: another one reveals it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("draws", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="draw",
            name="account",
            field=models.UUIDField(
                help_text="The official who ordered; null: the platform", null=True
            ),
        ),
    ]
