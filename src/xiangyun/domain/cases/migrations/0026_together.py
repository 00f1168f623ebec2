from django.db import migrations


class Migration(migrations.Migration):
    """Comes after two that landed at the same time, and changes nothing."""

    dependencies = [("cases", "0025_together"), ("cases", "0024_tasks_of_parties")]
    operations = []
