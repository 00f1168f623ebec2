from django.db import migrations


class Migration(migrations.Migration):
    """Comes after two that landed at the same time, and changes nothing."""

    dependencies = [("cases", "0024_admission_of_openings"), ("cases", "0024_taken_as_opened")]
    operations = []
