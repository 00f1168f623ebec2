from django.db import migrations, models


class Migration(migrations.Migration):
    """Contents of new files lie among the files; those that lie here stay: evidence is not touched."""

    dependencies = [("cases", "0015_paused_work")]
    operations = [
        migrations.AlterField(
            "material",
            "content",
            models.BinaryField(
                help_text="Of what was handed in before files had a place of their own",
                null=True,
            ),
        ),
        migrations.AlterField(
            "material",
            "digest",
            models.TextField(
                db_index=True, help_text="SHA-256; names the content among the files"
            ),
        ),
    ]
