from django.db import migrations, models

from xiangyun.domain.cases import store


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
        # What a function gives cannot be changed in place.
        migrations.RunSQL(
            "DROP FUNCTION xiangyun_case_load(uuid, text, text, text)", migrations.RunSQL.noop
        ),
        store.installed(),
    ]
