from django.db import migrations, models


class Migration(migrations.Migration):
    """The accounts of one person are found at once, however many accounts there are."""

    dependencies = [("accounts", "0007_deputies")]
    operations = [
        migrations.AddIndex(
            "account",
            models.Index(
                fields=["id_number"],
                condition=models.Q(("id_number", ""), _negated=True),
                name="accounts_of_a_person",
            ),
        )
    ]
