import uuid

import django.db.models.deletion
from django.db import migrations, models

# Seen with the case; written by whoever applied or filed, in the own name, while it runs. Rows are
# never changed: the latest holds.
GUARD = """
ALTER TABLE contact_casecontact ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON contact_casecontact FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR xiangyun_sees_case(case_id)
);
CREATE POLICY changed ON contact_casecontact FOR INSERT TO xiangyun_runtime WITH CHECK (
    xiangyun_is_person(by) AND EXISTS (
        SELECT FROM cases_case c WHERE c.id = case_id AND c.need = 0 AND c.ended_at IS NULL
            AND (xiangyun_is_subject(c.owner, c.matter) OR xiangyun_is_person(c.filed_by))
    )
);
"""


class Migration(migrations.Migration):
    """Where applicants are reached about their cases."""

    initial = True
    dependencies = [("cases", "0035_reassigned"), ("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name='CaseContact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('telephone', models.TextField(blank=True, default='')),
                ('email', models.TextField(blank=True, default='')),
                ('address', models.TextField(blank=True, default='')),
                ('by', models.UUIDField(help_text='The account that changed it')),
                ('by_name', models.TextField()),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'at'], name='contacts_of_a_case')],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
