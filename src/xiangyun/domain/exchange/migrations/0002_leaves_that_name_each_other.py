from django.db import migrations, models


class Migration(migrations.Migration):
    """A message remembers the leaf of the journal that says that it left, or that it came."""

    dependencies = [
        ('exchange', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoing',
            name='leaf',
            field=models.TextField(db_default='', default='', help_text="Hash of the journal's leaf that says it left, in hex"),
        ),
        migrations.AddField(
            model_name='incoming',
            name='leaf',
            field=models.TextField(db_default='', default='', help_text="Hash of the journal's leaf that says it came, in hex"),
        ),
    ]
