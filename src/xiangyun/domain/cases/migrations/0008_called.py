from django.db import migrations, models


class Migration(migrations.Migration):
    """Processes that a case's process calls are kept with the case."""

    dependencies = [("cases", "0007_oversight")]
    operations = [
        migrations.AddField(
            "case",
            "parts",
            models.JSONField(help_text="The called processes under way", null=True),
        ),
    ]
