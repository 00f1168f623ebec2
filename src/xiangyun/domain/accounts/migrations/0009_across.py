from django.db import migrations, models


class Migration(migrations.Migration):
    """A mandate of a role that a pack declares says whether it is one for all departments."""

    dependencies = [("accounts", "0008_found_by_number")]
    operations = [
        migrations.AddField(
            "mandate",
            "across",
            models.BooleanField(
                db_default=False,
                help_text="Of a pack's role: whether it is one for all departments",
            ),
        ),
    ]
