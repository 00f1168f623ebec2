import uuid

import django.db.models.deletion
from django.db import migrations, models

# Between offices: seen by officials of the place who see the case; given by whoever supervises the
# place, in the own name; answered by somebody else there. Applicants never see it.
GUARD = """
ALTER TABLE supervision_order ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION xiangyun_works_in(place bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM xiangyun_mandates() m WHERE place BETWEEN m.low AND m.high)
$$;
CREATE POLICY seen ON supervision_order FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR (xiangyun_works_in(place) AND xiangyun_sees_case(case_id))
);
CREATE POLICY said ON supervision_order FOR INSERT TO xiangyun_runtime WITH CHECK (
    xiangyun_is_person(by) AND xiangyun_gives(ARRAY['supervisor'], place)
    AND xiangyun_sees_case(case_id) AND answered_at IS NULL
);
CREATE POLICY answered ON supervision_order FOR UPDATE TO xiangyun_runtime USING (
    due_on IS NOT NULL AND answered_at IS NULL AND NOT xiangyun_is_person(by)
    AND xiangyun_works_in(place) AND xiangyun_sees_case(case_id)
) WITH CHECK (xiangyun_is_person(answered_by));
"""


class Migration(migrations.Migration):
    """What overseers say to offices about tasks."""

    initial = True
    dependencies = [("cases", "0034_ratings_of_their_own"), ("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token", models.TextField(help_text="The task of the case")),
                ("element", models.TextField()),
                ("place", models.BigIntegerField(help_text="The division in which the task waits")),
                ("why", models.TextField()),
                ("by", models.UUIDField(help_text="The overseer's account")),
                ("by_name", models.TextField()),
                ("at", models.DateTimeField()),
                ("on", models.DateField(help_text="The day of `at` in the province")),
                ("due_on", models.DateField(help_text="The last day for an answer; none: it urges", null=True)),
                ("answer", models.TextField(blank=True, default="")),
                ("answered_by", models.UUIDField(null=True)),
                ("answered_by_name", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("case", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="cases.case")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("due_on", None)), fields=("case", "token", "on"), name="urged_once_a_day"),
                    models.UniqueConstraint(condition=models.Q(("answered_at", None), ("due_on__isnull", False)), fields=("case", "token"), name="one_order_waits_for_its_answer"),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("answered_at", None), ("due_on__isnull", False)), fields=["place", "due_on"], name="orders_not_answered"),
                    models.Index(fields=["by", "-at"], name="orders_given"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
