import uuid

import django.db.models.deletion
from django.db import migrations, models

# Seen with the case; asked for by whoever applied or filed; sent by an official of the place.
GUARD = """
ALTER TABLE post_parcel ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON post_parcel FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR xiangyun_sees_case(case_id)
);
CREATE POLICY asked ON post_parcel FOR INSERT TO xiangyun_runtime WITH CHECK (
    state = 'asked' AND EXISTS (
        SELECT FROM cases_case c WHERE c.id = case_id AND c.need = 0 AND c.ended_at IS NOT NULL
            AND (xiangyun_is_subject(c.owner, c.matter) OR xiangyun_is_person(c.filed_by))
    )
);
CREATE POLICY moved ON post_parcel FOR UPDATE TO xiangyun_runtime USING (
    xiangyun_is_system() OR (xiangyun_works_in(place) AND xiangyun_sees_case(case_id))
);
"""


class Migration(migrations.Migration):
    """Parcels with the results of cases."""

    initial = True
    dependencies = [("cases", "0036_instead"), ("supervision", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('place', models.BigIntegerField(help_text='The division of the case')),
                ('recipient', models.TextField()),
                ('phone', models.TextField()),
                ('address', models.TextField()),
                ('state', models.TextField(choices=[('asked', '待交寄'), ('sent', '运输中'), ('arrived', '已签收'), ('returned', '已退回')], default='asked')),
                ('asked_at', models.DateTimeField()),
                ('carrier', models.TextField(blank=True, default='')),
                ('number', models.TextField(blank=True, default='', help_text="The carrier's")),
                ('sent_at', models.DateTimeField(null=True)),
                ('events', models.JSONField(default=list, help_text='[{at, zh, en}], as the carrier told them')),
                ('looked_at', models.DateTimeField(help_text='When the carrier was last asked', null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='cases.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'asked')), fields=['place', 'asked_at'], name='parcels_to_send'), models.Index(condition=models.Q(('state', 'sent')), fields=['looked_at'], name='parcels_under_way')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('case',), name='one_parcel_of_a_case')],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
