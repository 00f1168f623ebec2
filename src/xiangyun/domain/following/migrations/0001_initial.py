from django.db import migrations, models

POLICY = """
ALTER TABLE following_follower ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_platform ON following_follower USING (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """What follows the journal has a mark how far it has come."""

    initial = True
    dependencies = [("journal", "0006_matter_and_need")]
    operations = [
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "name",
                    models.TextField(help_text="The app", primary_key=True, serialize=False),
                ),
                (
                    "next",
                    models.BigIntegerField(default=0, help_text="The leaf that it takes next"),
                ),
            ],
        ),
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
    ]
