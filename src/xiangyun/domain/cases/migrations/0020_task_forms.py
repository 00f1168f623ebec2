import django.db.models.deletion
from django.db import migrations, models

# Whoever sees a case sees what its tasks were answered with, but in an own matter only what was
# answered for the party that is acted for; what one wrote oneself stays in sight.
POLICIES = """
CREATE FUNCTION xiangyun_sees_answers(which uuid, party uuid, matter integer, writer uuid)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT xiangyun_is_system() OR (xiangyun_sees_case(which) AND (
        COALESCE(xiangyun_is_subject(party, matter), false)
        OR COALESCE(xiangyun_is_person(writer), false)
        OR NOT xiangyun_in_own_matter(which)
    ))
$$;
CREATE FUNCTION xiangyun_waits(which uuid, wanted text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM cases_workitem w
        WHERE w.case_id = which AND w.token = wanted AND w.closed_at IS NULL
    );
END $$;
ALTER TABLE cases_taskanswers ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON cases_taskanswers FOR SELECT TO xiangyun_runtime
    USING (xiangyun_sees_answers(case_id, party, matter, "by"));
CREATE POLICY begun ON cases_taskanswers FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_waits(case_id, token) AND xiangyun_is_person("by"));
CREATE POLICY written ON cases_taskanswers FOR UPDATE TO xiangyun_runtime
    USING (xiangyun_waits(case_id, token))
    WITH CHECK (xiangyun_waits(case_id, token) AND xiangyun_is_person("by"));
ALTER TABLE cases_evidence ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON cases_evidence FOR SELECT TO xiangyun_runtime
    USING (xiangyun_sees_answers(case_id, party, matter, "by"));
CREATE POLICY added ON cases_evidence FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_waits(case_id, token) AND xiangyun_is_person("by"));
CREATE POLICY dropped ON cases_evidence FOR DELETE TO xiangyun_runtime
    USING (xiangyun_waits(case_id, token));
"""


def belonging():
    return [
        (
            "matter",
            models.IntegerField(
                db_default=0, default=0, help_text="The department's number; 0 for nobody's"
            ),
        ),
        (
            "need",
            models.SmallIntegerField(
                db_default=0, default=0, help_text="0 ordinary, 1 handlers, 2 sealed"
            ),
        ),
    ]


def of_case(name):
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=name,
        to="cases.case",
    )


class Migration(migrations.Migration):
    """What forms of tasks are answered with, and the files that come with the answers."""

    dependencies = [("cases", "0019_cases_for_their_handlers")]
    operations = [
        migrations.CreateModel(
            "TaskAnswers",
            [
                *belonging(),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("token", models.TextField(help_text="The task's token; see WorkItem")),
                ("answers", models.JSONField(default=dict)),
                ("revision", models.IntegerField(default=1)),
                ("key", models.UUIDField(null=True)),
                ("party", models.UUIDField(null=True)),
                ("by", models.UUIDField(help_text="The account that wrote last")),
                ("by_name", models.TextField()),
                ("updated_at", models.DateTimeField()),
                ("case", of_case("task_answers")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case", "token"], name="one_set_of_answers_per_task"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            "Evidence",
            [
                *belonging(),
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="Chosen by who sends it",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("token", models.TextField(help_text="The task's token; see WorkItem")),
                ("question", models.TextField()),
                ("name", models.TextField()),
                ("media_type", models.TextField()),
                ("size", models.PositiveIntegerField()),
                (
                    "digest",
                    models.TextField(
                        db_index=True, help_text="SHA-256; names the content among the files"
                    ),
                ),
                ("party", models.UUIDField(null=True)),
                ("by", models.UUIDField()),
                ("added_at", models.DateTimeField()),
                ("case", of_case("evidence")),
            ],
            options={"indexes": [models.Index(fields=["case", "token"], name="evidence_of_task")]},
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
