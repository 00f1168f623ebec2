from django.db import migrations, models


class Migration(migrations.Migration):
    """What is used once, and what a verifier has asked for: both for some minutes."""

    dependencies = [("certificates", "0004_statuses")]
    operations = [
        migrations.CreateModel(
            name="OneTime",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField(db_index=True)),
                ("value", models.JSONField(null=True)),
            ],
        ),
    ]
