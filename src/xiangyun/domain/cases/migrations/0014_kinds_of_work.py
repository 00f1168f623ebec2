from pathlib import Path

from django.db import migrations, models

STORE = Path(__file__).with_name("sql") / "case_store_4.sql"
# Rows of before said by a header what they are. Those that the platform asks for are few.
SAID = """
UPDATE cases_workitem SET kind = CASE WHEN headers ? 'incident' THEN 'incident' ELSE 'extension' END
WHERE headers ? 'incident' OR headers ? 'extension';
"""


class Migration(migrations.Migration):
    """A work item says in a column what it is: a task of the drawing, a request, an incident."""

    dependencies = [("cases", "0013_own_matter_is_an_answer")]
    operations = [
        migrations.AddField(
            "workitem",
            "kind",
            models.TextField(
                choices=[
                    ("task", "任务"),
                    ("extension", "延期申请"),
                    ("incident", "停滞"),
                ],
                db_default="task",
                help_text="What asks for it; see Kind",
            ),
        ),
        migrations.RunSQL(SAID, migrations.RunSQL.noop),
        migrations.RunSQL(STORE.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
