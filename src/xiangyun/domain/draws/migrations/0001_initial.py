import django.db.models.deletion
from django.db import migrations, models

# Plans and orders are for everybody; a secret for the platform alone; what came out is for everybody
# from the day on that the order says, so that a visit without notice stays one.
GUARD = """
ALTER TABLE draws_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE draws_draw ENABLE ROW LEVEL SECURITY;
ALTER TABLE draws_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE draws_outcome ENABLE ROW LEVEL SECURITY;
ALTER TABLE draws_visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON draws_plan TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY everybody ON draws_plan FOR SELECT TO xiangyun_runtime USING (true);
CREATE POLICY platform ON draws_draw TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY everybody ON draws_draw FOR SELECT TO xiangyun_runtime USING (true);
CREATE POLICY platform ON draws_secret TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY platform ON draws_outcome TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY everybody ON draws_outcome FOR SELECT TO xiangyun_runtime
    USING (public_at <= now());
CREATE POLICY platform ON draws_visit TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY everybody ON draws_visit FOR SELECT TO xiangyun_runtime
    USING (public_at <= now());
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0024_taken_as_opened"), ("registers", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('number', models.TextField(unique=True)),
                ('code', models.TextField(help_text='The code of the declared draw')),
                ('version', models.IntegerField()),
                ('year', models.IntegerField()),
                ('order', models.JSONField()),
                ('digest', models.TextField()),
                ('frame', models.TextField(help_text='The digest of frame.csv')),
                ('inspectors', models.TextField(help_text='The digest of inspectors.csv')),
                ('ordered_on', models.DateField()),
                ('ordered_at', models.DateTimeField()),
                ('ordered_by', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('draw', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='draws.draw')),
                ('reveal', models.JSONField()),
                ('recusals', models.JSONField(default=list)),
                ('result', models.TextField(help_text='The digest of result.csv')),
                ('drawn_at', models.DateTimeField()),
                ('public_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('draw', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='draws.draw')),
                ('value', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField(help_text='The code of the declared draw')),
                ('year', models.IntegerField()),
                ('month', models.IntegerField()),
                ('note', models.TextField(blank=True, default='')),
                ('published_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'year', 'month'), name='one_plan_a_month')],
            },
        ),
        migrations.AddField(
            model_name='draw',
            name='plan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ordered', to='draws.plan'),
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('year', models.IntegerField()),
                ('register', models.TextField()),
                ('key', models.TextField(help_text="The object's key in its register")),
                ('division', models.BigIntegerField()),
                ('stratum', models.TextField()),
                ('number', models.IntegerField()),
                ('skipped', models.BooleanField()),
                ('inspectors', models.JSONField(default=list)),
                ('case', models.UUIDField(help_text='The case that was opened', null=True)),
                ('problem', models.TextField(blank=True, default='', help_text='Why none could be opened')),
                ('public_at', models.DateTimeField()),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='draws.draw')),
            ],
        ),
        migrations.AddIndex(
            model_name='draw',
            index=models.Index(fields=['-ordered_at'], name='draws_by_day'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['register', 'key', 'year'], name='visits_of_an_object'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('case', None), ('skipped', False)), fields=['draw'], name='visits_to_open'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.UniqueConstraint(fields=('draw', 'key'), name='one_visit_per_object'),
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
