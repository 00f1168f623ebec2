import uuid

import django.db.models.deletion
from django.db import migrations, models

# Seen with the file that stands in the place of the paper. Made and taken out while the draft is
# not sent; settled by the applicant (a paper that follows) or by whoever holds the role (a promise).
# A file comes to a case that is sent only where a paper is to follow, or a task asks for one.
GUARD = """
ALTER TABLE materials_substitute ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON materials_substitute FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR EXISTS (SELECT FROM cases_material m WHERE m.id = material_id)
);
CREATE POLICY chosen ON materials_substitute FOR INSERT TO xiangyun_runtime WITH CHECK (
    settled_at IS NULL AND EXISTS (
        SELECT FROM cases_draft d WHERE d.id = case_id AND NOT d.sent AND d.need = 0
    )
);
CREATE POLICY taken_out ON materials_substitute FOR DELETE TO xiangyun_runtime USING (
    EXISTS (SELECT FROM cases_draft d WHERE d.id = case_id AND NOT d.sent)
);
CREATE POLICY settled ON materials_substitute FOR UPDATE TO xiangyun_runtime USING (
    xiangyun_is_system() OR settled_at IS NULL AND EXISTS (
        SELECT FROM cases_case c WHERE c.id = case_id AND CASE way
            WHEN 'later' THEN
                xiangyun_is_subject(c.owner, c.matter) OR xiangyun_is_person(c.filed_by)
            WHEN 'promise' THEN xiangyun_gives(ARRAY[role], c.division)
            ELSE false END
    )
) WITH CHECK (xiangyun_is_system() OR xiangyun_is_person(settled_by));
-- In a function, since the policies of the two tables ask each other.
CREATE FUNCTION xiangyun_paper_follows(which uuid, asked text) RETURNS boolean LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT FROM materials_substitute s WHERE s.case_id = which AND s.question = asked
            AND s.way = 'later' AND s.settled_at IS NULL
    )
$$;
CREATE POLICY followed ON cases_material FOR INSERT TO xiangyun_runtime WITH CHECK (
    instead = '' AND xiangyun_paper_follows(draft_id, question)
    AND EXISTS (SELECT FROM cases_draft d WHERE d.id = draft_id)
);
"""


class Migration(migrations.Migration):
    """What stands instead of papers."""

    initial = True
    dependencies = [("cases", "0036_instead"), ("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name='Substitute',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('question', models.TextField()),
                ('name_zh', models.TextField(help_text='What the paper is called')),
                ('name_en', models.TextField()),
                ('way', models.TextField(help_text='See kernel.service.instead')),
                ('said', models.TextField(blank=True, default='', help_text='The promise, or a number')),
                ('identifier', models.TextField(blank=True, default='', help_text='Of the certificate')),
                ('role', models.TextField(blank=True, default='', help_text='Who checks it, or is told')),
                ('days', models.PositiveIntegerField(default=0)),
                ('remind', models.PositiveIntegerField(default=0)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(help_text='When the office was told it did not come', null=True)),
                ('settled_at', models.DateTimeField(help_text='When it came, or was checked', null=True)),
                ('kept', models.BooleanField(help_text='Whether the promise held', null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('settled_by', models.UUIDField(null=True)),
                ('settled_by_name', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='cases.case')),
                ('material', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='cases.material')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at', None), ('way__in', ['promise', 'later'])), fields=['way', 'case'], name='substitutes_not_settled')],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
