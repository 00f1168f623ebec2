import uuid

import django.db.models.deletion
from django.db import migrations, models

# Seen with the case; asked by whoever applied or filed, in the own name, while it runs; answered
# by whoever holds the role in its place, and not in the own matter.
GUARD = """
ALTER TABLE enquiries_enquiry ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON enquiries_enquiry FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR xiangyun_sees_case(case_id)
);
CREATE POLICY asked ON enquiries_enquiry FOR INSERT TO xiangyun_runtime WITH CHECK (
    xiangyun_is_person(by) AND answered_at IS NULL AND EXISTS (
        SELECT FROM cases_case c WHERE c.id = case_id AND c.need = 0 AND c.ended_at IS NULL
            AND (xiangyun_is_subject(c.owner, c.matter) OR xiangyun_is_person(c.filed_by))
    )
);
CREATE POLICY answered ON enquiries_enquiry FOR UPDATE TO xiangyun_runtime USING (
    answered_at IS NULL AND NOT xiangyun_is_person(by)
    AND xiangyun_gives(ARRAY[role], place) AND xiangyun_sees_case(case_id)
) WITH CHECK (xiangyun_is_person(answered_by));
"""


class Migration(migrations.Migration):
    """What applicants ask about their cases."""

    initial = True
    dependencies = [("cases", "0035_reassigned"), ("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.TextField(help_text='Who answers, spelled as the group of a task')),
                ('place', models.BigIntegerField(help_text='The division of the case when it was asked')),
                ('question', models.TextField()),
                ('by', models.UUIDField(help_text='The account that asked')),
                ('by_name', models.TextField()),
                ('at', models.DateTimeField()),
                ('due_on', models.DateField(help_text='The last day of the term that the service declares')),
                ('answer', models.TextField(blank=True, default='')),
                ('answered_by', models.UUIDField(null=True)),
                ('answered_by_name', models.TextField(blank=True, default='')),
                ('answered_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'at'], name='enquiries_of_a_case'), models.Index(condition=models.Q(('answered_at', None)), fields=['place', 'due_on'], name='enquiries_not_answered')],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
