from django.db import migrations

# Deliveries are few among the entries; each is looked up by its number before it is taken.
INDEX = """
CREATE INDEX journal_entry_delivery ON journal_entry ((data -> 'delivery')) WHERE data ? 'delivery';
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_record_many")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX journal_entry_delivery")]
