from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


GUARD = Path(__file__).with_name("sql") / "bookings_1.sql"


class Migration(migrations.Migration):
    """Slots, bookings, extended hours, secret addresses, and who sees what of them."""

    initial = True
    dependencies = [("cases", "0033_own_deadlines")]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('account', models.UUIDField()),
                ('digest', models.BinaryField(unique=True)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('resource', models.TextField()),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('hours', models.TextField(help_text='Spans of the clock: 17:00-20:00')),
                ('granted_at', models.DateTimeField()),
                ('granted_by', models.TextField()),
                ('case', models.UUIDField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['resource', 'last'], name='extended_hours')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('resource', models.TextField(help_text='The code of the declared resource')),
                ('begins', models.DateTimeField()),
                ('ends', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('resource', 'begins'), name='one_slot_at_a_time'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('begins'))), name='a_slot_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('resource', models.TextField()),
                ('version', models.IntegerField(help_text='The version of the resource it was booked by')),
                ('division', models.BigIntegerField()),
                ('party', models.UUIDField()),
                ('account', models.UUIDField(null=True)),
                ('lane', models.TextField()),
                ('units', models.IntegerField()),
                ('state', models.TextField()),
                ('until', models.DateTimeField(help_text='The end of a hold', null=True)),
                ('code', models.TextField(unique=True)),
                ('case', models.UUIDField(help_text='The case that booked it', null=True)),
                ('queue', models.IntegerField(null=True)),
                ('called_at', models.DateTimeField(null=True)),
                ('counter', models.TextField(blank=True, default='')),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('sequence', models.IntegerField(default=0, help_text='How often it was changed, for calendars')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='bookings.slot')),
            ],
            options={
                'indexes': [models.Index(fields=['party', '-made_at'], name='bookings_of_a_party'), models.Index(condition=models.Q(('case', None), _negated=True), fields=['case'], name='bookings_of_a_case'), models.Index(condition=models.Q(('state__in', ('waiting', 'on hold', 'confirmed'))), fields=['resource'], name='bookings_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('units__gte', 1)), name='a_booking_has_units')],
            },
        ),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
