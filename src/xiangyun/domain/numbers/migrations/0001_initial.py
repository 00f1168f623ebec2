from pathlib import Path

from django.db import migrations, models

NEXT = Path(__file__).with_name("sql") / "numbers_1.sql"


class Migration(migrations.Migration):

    initial = True

    # For the role xiangyun_runtime.
    dependencies = [("divisions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.TextField(db_collation='C')),
                ('year', models.SmallIntegerField()),
                ('place', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'year', 'place'), name='one_count_of_a_series_year_and_place')],
            },
        ),
        migrations.RunSQL(NEXT.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
