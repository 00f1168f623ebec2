import uuid

from django.db import migrations, models

# A party sees and gives up its own; that a name is taken, and until when, everybody may know, and
# the function tells no more than that.
GUARD = """
ALTER TABLE names_reservation ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON names_reservation FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR xiangyun_is_subject(owner)
);
CREATE POLICY reserved ON names_reservation FOR INSERT TO xiangyun_runtime WITH CHECK (
    xiangyun_is_subject(owner) AND released_at IS NULL
);
CREATE POLICY released ON names_reservation FOR UPDATE TO xiangyun_runtime USING (
    xiangyun_is_subject(owner) AND released_at IS NULL
) WITH CHECK (xiangyun_is_subject(owner));
CREATE FUNCTION xiangyun_name_reserved(asked text, written text, but uuid, today date)
RETURNS date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT max(until) FROM names_reservation
    WHERE service = asked AND compared = written AND released_at IS NULL AND until >= today
        AND owner IS DISTINCT FROM but
$$;
"""


class Migration(migrations.Migration):
    """Names that somebody has reserved."""

    initial = True
    dependencies = [("cases", "0036_instead"), ("accounts", "0001_initial"), ("parties", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('service', models.TextField(help_text='The code of the service that registers it')),
                ('name', models.TextField()),
                ('compared', models.TextField(help_text='As names are compared: see registers.names')),
                ('answers', models.JSONField(help_text='The answers that it is made of')),
                ('owner', models.UUIDField(help_text='The party that it is reserved for')),
                ('reserved_at', models.DateTimeField()),
                ('until', models.DateField(help_text='The last day')),
                ('released_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('released_at', None)), fields=['service', 'compared', 'until'], name='names_reserved'), models.Index(fields=['owner', '-reserved_at'], name='names_of_owner')],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
