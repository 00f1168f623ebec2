import uuid

import django.db.models.deletion
from django.db import migrations, models

# A party sees and ends its own; calls are the platform's to write.
GUARD = """
ALTER TABLE webhooks_webhook ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON webhooks_webhook FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR xiangyun_is_subject(owner)
);
CREATE POLICY made ON webhooks_webhook FOR INSERT TO xiangyun_runtime WITH CHECK (
    xiangyun_is_subject(owner) AND ended_at IS NULL
);
CREATE POLICY ended ON webhooks_webhook FOR UPDATE TO xiangyun_runtime USING (
    xiangyun_is_system() OR xiangyun_is_subject(owner)
);
ALTER TABLE webhooks_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON webhooks_call FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR EXISTS (SELECT FROM webhooks_webhook w WHERE w.id = webhook_id)
);
CREATE POLICY queued ON webhooks_call FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
CREATE POLICY settled ON webhooks_call FOR UPDATE TO xiangyun_runtime
    USING (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """Webhooks and their calls."""

    initial = True
    dependencies = [("accounts", "0001_initial"), ("parties", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.UUIDField(help_text='The party whose cases it tells of')),
                ('address', models.TextField()),
                ('verbs', models.JSONField(default=list, help_text='Of the journal; none: all that are told')),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.TextField(blank=True, default='', help_text='Why the platform ended it')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['owner'], name='webhooks_of_owner')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('entry', models.BigIntegerField(help_text='The entry of the journal')),
                ('verb', models.TextField()),
                ('body', models.TextField()),
                ('at', models.DateTimeField(help_text='When it happened')),
                ('due_at', models.DateTimeField(help_text='When it is tried next')),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('state', models.TextField(choices=[('waiting', '待发'), ('arrived', '已送达'), ('dead', '未送达')], default='waiting')),
                ('status', models.IntegerField(help_text='What the address answered last', null=True)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='webhooks.webhook')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='calls_that_wait')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'entry'), name='one_call_of_an_entry')],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
