from django.db import migrations, models


class Migration(migrations.Migration):
    """Overdue work is put before its overseer, and found there."""

    dependencies = [("cases", "0006_moving")]
    operations = [
        migrations.AddField(
            "workitem",
            "escalated_to",
            models.TextField(
                blank=True, db_default="", help_text="The role that was told; see escalation.py"
            ),
        ),
        migrations.AddIndex(
            "workitem",
            models.Index(
                fields=["due_on", "id"],
                condition=models.Q(
                    ("closed_at", None),
                    ("escalated_at", None),
                    models.Q(("groups__contains", ["applicant"]), _negated=True),
                ),
                name="untold_work",
            ),
        ),
        migrations.AddIndex(
            "workitem",
            models.Index(
                fields=["division", "due_on", "id"],
                condition=models.Q(("closed_at", None), ("escalated_at__isnull", False)),
                name="escalated_work",
            ),
        ),
    ]
