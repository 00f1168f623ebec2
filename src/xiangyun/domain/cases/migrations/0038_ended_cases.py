from django.db import migrations, models


class Migration(migrations.Migration):
    """What ended in a place since a day is found without reading every case there ever was."""

    dependencies = [("cases", "0037_place_of_a_case")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(ended_at__isnull=False),
                fields=["division", "ended_at"],
                name="ended_cases",
            ),
        ),
    ]
