from pathlib import Path

from django.db import migrations, models

GUARD = Path(__file__).with_name("sql") / "archive_1.sql"


class Migration(migrations.Migration):
    """Cases as files, and how their rows are erased."""

    initial = True
    dependencies = [("payments", "0002_books_stay"), ("vault", "0001_initial"), ("journal", "0008_erasing")]

    operations = [
        migrations.CreateModel(
            name='Volume',
            fields=[
                ('number', models.TextField(help_text='The number of the case', primary_key=True, serialize=False)),
                ('case', models.UUIDField(unique=True)),
                ('service', models.TextField(db_collation='C')),
                ('division', models.BigIntegerField()),
                ('matter', models.IntegerField()),
                ('need', models.SmallIntegerField()),
                ('owner', models.UUIDField(db_index=True)),
                ('ended_on', models.DateField()),
                ('kept_until', models.DateField(help_text='None: for good', null=True)),
                ('place', models.TextField(help_text='Within the place of the archive')),
                ('digest', models.TextField()),
                ('size', models.BigIntegerField()),
                ('rows', models.TextField()),
                ('last_entry', models.BigIntegerField()),
                ('state', models.TextField(choices=[('written', '已写成文件'), ('moved', '已归档'), ('destroyed', '已销毁')])),
                ('written_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField(null=True)),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['kept_until'], name='volumes_by_term'), models.Index(fields=['service', 'state'], name='volumes_of_service')],
            },
        ),
        migrations.RunSQL(GUARD.read_text("utf-8"), migrations.RunSQL.noop),
    ]
