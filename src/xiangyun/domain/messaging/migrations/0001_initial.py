import datetime
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

WHO_SEES = Path(__file__).with_name("sql") / "messaging_1.sql"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0018_no_request_in_an_own_matter'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('account', models.UUIDField(primary_key=True, serialize=False)),
                ('quiet_from', models.TimeField(default=datetime.time(22, 0), help_text='None: at any hour', null=True)),
                ('quiet_to', models.TimeField(default=datetime.time(8, 0), null=True)),
                ('for_others', models.BooleanField(default=True, help_text='Whether messages to whom the account acts for come there, too')),
                ('language', models.TextField(default='zh-Hans', help_text='Of what leaves the platform')),
                ('digest', models.BooleanField(default=False, help_text='Of an official: a message each working day about waiting tasks')),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.UUIDField()),
                ('channel', models.TextField(choices=[('email', '电子邮件'), ('sms', '短信')])),
                ('address', models.TextField()),
                ('wanted', models.BooleanField(default=True, help_text='Whether messages go there')),
                ('verified_at', models.DateTimeField(null=True)),
                ('code', models.TextField(blank=True, default='', help_text='Digest of the code that was sent')),
                ('code_at', models.DateTimeField(null=True)),
                ('codes', models.SmallIntegerField(default=0, help_text='Codes asked for since `since`')),
                ('since', models.DateTimeField(null=True)),
                ('tries', models.SmallIntegerField(default=0, help_text='Wrong codes since it was sent')),
                ('problem', models.JSONField(help_text='Why it does not work, as it seems', null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'channel'), name='one_contact_per_channel')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.TextField(unique=True)),
                ('recipient', models.UUIDField()),
                ('office', models.BooleanField(default=False)),
                ('name', models.TextField(help_text='The entry, as the pack calls it')),
                ('title', models.JSONField(help_text='{"zh": …, "en": …}')),
                ('body', models.JSONField(default=dict)),
                ('place', models.TextField(blank=True, default='')),
                ('first', models.DateField(null=True)),
                ('last', models.DateField(null=True)),
                ('starts', models.DateTimeField(null=True)),
                ('ends', models.DateTimeField(null=True)),
                ('sequence', models.IntegerField(default=0)),
                ('cancelled', models.BooleanField(default=False)),
                ('at', models.DateTimeField(help_text='When it was last changed')),
                ('number', models.TextField()),
                ('division', models.BigIntegerField()),
                ('matter', models.IntegerField()),
                ('need', models.SmallIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.UUIDField()),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account',), name='one_feed_of_an_account')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(unique=True)),
                ('recipient', models.UUIDField(help_text="The party; an official's is the account's own")),
                ('office', models.BooleanField(default=False, help_text='To an official by a role: seen as long as the case is')),
                ('role', models.TextField(help_text='The role that was written to')),
                ('kind', models.TextField(help_text='letter, notice, entry or digest')),
                ('name', models.TextField(blank=True, default='', help_text='The template, as the pack calls it')),
                ('at', models.DateTimeField()),
                ('title', models.JSONField(help_text='{"zh": …, "en": …}')),
                ('body', models.JSONField(default=dict, help_text='{"zh": …, "en": …}; empty for a letter')),
                ('short', models.JSONField(default=dict, help_text='What a short message says, if not the usual')),
                ('number', models.TextField(blank=True, default='', help_text='The number of the case')),
                ('division', models.BigIntegerField(default=0)),
                ('matter', models.IntegerField(default=0)),
                ('need', models.SmallIntegerField(default=0)),
                ('read_at', models.DateTimeField(null=True)),
                ('read_by', models.TextField(blank=True, default='', help_text='The name of who opened it first')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='messaging.entry')),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.letter')),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.UUIDField()),
                ('channel', models.TextField(choices=[('email', '电子邮件'), ('sms', '短信')])),
                ('shown', models.TextField(help_text='The address with its middle hidden')),
                ('state', models.TextField(choices=[('waiting', '待发送'), ('sent', '已发送'), ('failed', '未送达'), ('dropped', '不再发送')], default='waiting')),
                ('attempts', models.SmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('problem', models.JSONField(help_text='What the last attempt met: {"zh", "en"}', null=True)),
                ('reference', models.TextField(blank=True, default='', help_text="The provider's number")),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='messaging.message')),
            ],
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['recipient', '-at'], name='entries_of_party'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['case'], name='entries_of_case'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first', None), ('starts__isnull', False)), models.Q(('first__isnull', False), ('starts', None)), _connector='OR'), name='an_entry_has_a_day_or_an_hour'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['recipient', '-id'], name='messages_of_party'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='unread_messages'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['case'], name='messages_of_case'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['reference'], name='delivery_by_reference'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('message', 'account', 'channel'), name='one_delivery_per_way'),
        ),
        migrations.RunSQL(WHO_SEES.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
