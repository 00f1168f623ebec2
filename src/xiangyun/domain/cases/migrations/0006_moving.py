from django.db import migrations


class Migration(migrations.Migration):
    """Once put a text of the store into the database that 0011 replaces."""

    dependencies = [("cases", "0005_time")]
    operations = []
