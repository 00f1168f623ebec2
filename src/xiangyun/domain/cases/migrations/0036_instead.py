from django.db import migrations, models


class Migration(migrations.Migration):
    """A file may stand for one that was not handed in: a certificate, a promise."""

    dependencies = [("cases", "0035_reassigned")]
    operations = [
        migrations.AddField(
            model_name="material",
            name="instead",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="What it stands for; empty: it is the file",
            ),
        ),
    ]
