"""Drafts of packs: publishers alone read and write them."""

import uuid
from django.db import migrations, models


POLICIES = """
ALTER TABLE catalogue_packdraft ENABLE ROW LEVEL SECURITY;
CREATE POLICY publishers ON catalogue_packdraft
    USING (xiangyun_publishes()) WITH CHECK (xiangyun_publishes());
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_sheets'),
    ]

    operations = [
        migrations.CreateModel(
            name='PackDraft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField(help_text="The pack's path")),
                ('base', models.PositiveIntegerField(help_text='The version it began with; 0 for none')),
                ('files', models.JSONField(help_text='path to text')),
                ('state', models.TextField(help_text='draft, checked, replayed, waiting, begun or discarded')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('findings', models.JSONField(default=list, help_text='What the check said, as text')),
                ('replayed', models.JSONField(help_text='{"cases", "differing": [numbers]}', null=True)),
                ('author', models.UUIDField(null=True)),
                ('author_name', models.TextField()),
                ('approver', models.UUIDField(null=True)),
                ('approver_name', models.TextField(blank=True, default='')),
                ('from_on', models.DateField(null=True)),
                ('number', models.PositiveIntegerField(help_text='The version that it became', null=True)),
                ('problem', models.TextField(blank=True, default='', help_text='Why it could not begin')),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['code', '-changed_at'], name='drafts_of_a_pack'), models.Index(condition=models.Q(('state', 'waiting')), fields=['from_on'], name='drafts_that_begin')],
            },
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
