import django.db.models.deletion
from django.db import migrations, models


def take_pauses_along(apps, schema_editor):
    pauses = apps.get_model("cases", "Pause").objects.using(schema_editor.connection.alias)
    cases = apps.get_model("cases", "Case").objects.using(schema_editor.connection.alias)
    for case in cases.filter(pk__in=pauses.values("case")):
        case.pauses = [
            {
                "token": pause.token,
                "kind": pause.kind,
                "reason": pause.reason,
                "from": pause.from_on.isoformat(),
                "to": pause.to_on.isoformat() if pause.to_on else None,
            }
            for pause in pauses.filter(case=case).order_by("from_on")
        ]
        case.save(update_fields=["pauses"])


def unindexed(model, name):
    """The unique constraint over case and token finds the rows of a case just as well."""
    return migrations.AlterField(
        model,
        "case",
        models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name=name,
            to="cases.case",
        ),
    )


# A task lies in the division of its case: whoever may see that need not be asked for the case.
POLICY = """
DROP POLICY of_own_cases ON cases_workitem;
CREATE POLICY of_own_cases ON cases_workitem USING (
    xiangyun_in_scope(division) OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id)
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_row_level_security"),
        ("journal", "0002_record_many"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        migrations.AddField("case", "pauses", models.JSONField(default=list)),
        migrations.AddField("case", "revision", models.IntegerField(default=0)),
        migrations.RunPython(take_pauses_along, migrations.RunPython.noop),
        migrations.DeleteModel("Pause"),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE cases_case ALTER COLUMN state TYPE text USING state #>> '{}'",
                    "ALTER TABLE cases_case ALTER COLUMN state TYPE jsonb USING to_jsonb(state)",
                )
            ],
            [
                migrations.AlterField(
                    "case",
                    "state",
                    models.TextField(null=True, help_text="The engine's state as compact JSON"),
                )
            ],
        ),
        unindexed("workitem", "work_items"),
        unindexed("servicecall", "service_calls"),
        unindexed("timer", "timers"),
        # A step changes a case in place: with room on its page no index has to be touched.
        migrations.RunSQL(
            "ALTER TABLE cases_case SET (fillfactor = 70)",
            "ALTER TABLE cases_case RESET (fillfactor)",
        ),
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
    ]
