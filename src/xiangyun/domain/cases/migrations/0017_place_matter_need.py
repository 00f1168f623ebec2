from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

STORE = Path(__file__).with_name("sql") / "case_store_5.sql"
# The departments that tasks waited for before there were numbers, by the numbers that stay: a task
# of before is then of its department's matter. Cases of before are nobody's and seen by place.
MATTERS = """
UPDATE cases_workitem w SET matter = d.number
FROM (VALUES ('development_reform', 1), ('security', 6), ('civil_affairs', 7),
    ('natural_resources', 11), ('ecology', 12), ('housing', 13), ('traffic', 14), ('water', 15),
    ('civil_defence', 31), ('heritage', 37), ('fire', 46), ('archives', 47), ('greening', 97),
    ('utilities', 99), ('drawings', 100)) AS d (key, number)
WHERE w.role LIKE '%:' || d.key;
"""
# The policies of before stay for the role of before, for the length of an upgrade.
POLICIES = """
ALTER POLICY own_cases ON cases_case TO xiangyun_app;
CREATE POLICY seen ON cases_case FOR SELECT TO xiangyun_runtime USING (
    xiangyun_sees_row(id, need, matter, division, owner, filed_by, filed_in)
);
-- The settings are read once a statement, so that a queue counts on its index alone.
ALTER POLICY of_own_cases ON cases_workitem TO xiangyun_app;
CREATE POLICY seen ON cases_workitem FOR SELECT TO xiangyun_runtime USING (
    need * 100000000000000000 + matter * 1000000000000 + division <@ (SELECT xiangyun_matters())
    OR need * 100000000000000000 + division <@ (SELECT xiangyun_across())
    OR xiangyun_sees_case(case_id)
    OR (need > 0 AND xiangyun_may_take(case_id, role, division))
);
DROP POLICY seen ON cases_draft;
DROP POLICY begun ON cases_draft;
DROP POLICY written ON cases_draft;
DROP POLICY dropped ON cases_draft;
CREATE POLICY seen ON cases_draft FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_subject(owner, matter) OR xiangyun_is_person(filed_by) OR xiangyun_is_system()
);
CREATE POLICY begun ON cases_draft FOR INSERT TO xiangyun_runtime WITH CHECK (
    NOT sent AND (
        (xiangyun_is_subject(owner, matter) AND filed_by IS NULL) OR xiangyun_is_system()
        OR (xiangyun_is_person(filed_by) AND EXISTS (
            SELECT FROM accounts_mandate m WHERE m.account_id = filed_by AND m.role = 'desk'
                AND xiangyun_in_term(m.from_on, m.to_on)
        ))
    )
);
CREATE POLICY written ON cases_draft FOR UPDATE TO xiangyun_runtime USING (
    NOT sent AND (xiangyun_is_subject(owner, matter) OR xiangyun_is_person(filed_by)
        OR xiangyun_is_system())
);
CREATE POLICY dropped ON cases_draft FOR DELETE TO xiangyun_runtime USING (
    NOT sent AND (xiangyun_is_subject(owner, matter) OR xiangyun_is_person(filed_by)
        OR xiangyun_is_system())
);
DROP POLICY rated ON cases_rating;
CREATE POLICY rated ON cases_rating FOR INSERT TO xiangyun_runtime WITH CHECK (
    EXISTS (
        SELECT FROM cases_case c WHERE c.id = case_id AND c.ended_at IS NOT NULL
            AND (xiangyun_is_subject(c.owner, c.matter) OR xiangyun_is_person(c.filed_by))
    )
);
ALTER POLICY of_own_cases ON cases_letter TO xiangyun_app;
CREATE POLICY seen ON cases_letter FOR SELECT TO xiangyun_runtime USING (
    xiangyun_sees_case(case_id) OR xiangyun_is_addressed(case_id, "to")
);
ALTER TABLE cases_handler ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON cases_handler FOR SELECT TO xiangyun_runtime
    USING (xiangyun_sees_case(case_id));
ALTER TABLE cases_party ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON cases_party FOR SELECT TO xiangyun_runtime
    USING (xiangyun_sees_case(case_id) OR xiangyun_is_subject(party));
"""
INDEXES = {
    "work_of_county": ["role", "county"],
    "work_of_county_service": ["role", "service", "county"],
    "work_of_place": ["role", "place"],
    "work_of_place_service": ["role", "service", "place"],
}


def indexed_anew(name, equal):
    only = models.Q(closed_at=None)
    if "place" in equal:
        only &= models.Q(place__gt=0)
    return [
        migrations.RemoveIndex("workitem", name),
        migrations.AddIndex(
            "workitem",
            models.Index(
                fields=[*equal, "due_on", "amber_on", "id"],
                include=["division", "matter", "need", "case"],
                condition=only,
                name=name,
            ),
        ),
    ]


def belonging(model):
    return [
        migrations.AddField(
            model,
            "matter",
            models.IntegerField(
                db_default=0, default=0, help_text="The department's number; 0 for nobody's"
            ),
        ),
        migrations.AddField(
            model,
            "need",
            models.SmallIntegerField(
                db_default=0, default=0, help_text="0 ordinary, 1 handlers, 2 sealed"
            ),
        ),
    ]


class Migration(migrations.Migration):
    """Cases and what hangs on them carry place, matter and need; parties stand in them in roles."""

    dependencies = [
        ("cases", "0016_files_have_a_place"),
        ("accounts", "0006_parties_and_terms"),
        ("divisions", "0002_place_matter_need"),
        ("journal", "0006_matter_and_need"),
        ("parties", "0001_initial"),
    ]
    operations = [
        *belonging("draft"),
        *belonging("case"),
        *belonging("workitem"),
        migrations.AddField(
            "letter",
            "to",
            models.TextField(
                db_default="applicant", default="applicant", help_text="The role it is addressed to"
            ),
        ),
        migrations.CreateModel(
            "Handler",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account", models.UUIDField()),
                ("name", models.TextField()),
                ("since", models.DateTimeField()),
                ("reason", models.TextField(blank=True, default="")),
                ("named_by", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handlers",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case", "account"], name="one_handler_per_case_and_account"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            "CaseParty",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.TextField(help_text="A role word of the service")),
                ("party", models.UUIDField()),
                ("name", models.TextField()),
                ("sees", models.BooleanField(help_text="The case, and not its own letters alone")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "db_table": "cases_party",
                "indexes": [models.Index(fields=["party"], name="cases_of_party")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case", "role", "party"], name="one_role_of_a_party_in_a_case"
                    )
                ],
            },
        ),
        *(each for name, equal in INDEXES.items() for each in indexed_anew(name, equal)),
        migrations.RunSQL(MATTERS, migrations.RunSQL.noop),
        migrations.RunSQL(STORE.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
