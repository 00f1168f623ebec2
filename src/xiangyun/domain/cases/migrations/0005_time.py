from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_one_statement"), ("calendar", "0001_initial")]
    operations = [
        migrations.AddField(
            "case",
            "clocks",
            models.JSONField(default=dict, help_text="The limits of its clocks, and its stages"),
        ),
        migrations.AddField(
            "workitem",
            "escalated_at",
            models.DateTimeField(
                null=True, help_text="When a supervisor was told that it is overdue"
            ),
        ),
    ]
