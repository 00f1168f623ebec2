import django.db.models.deletion
from django.db import migrations, models

# When the rows of a case go to the archive its fees stay, without it: the database itself sees to it,
# and what erases a case takes for granted that such a key hangs nothing on it.
STAY = """
DO $$
DECLARE named text;
BEGIN
    SELECT conname INTO named FROM pg_constraint
    WHERE contype = 'f' AND conrelid = 'payments_order'::regclass
        AND confrelid = 'cases_case'::regclass;
    EXECUTE format('ALTER TABLE payments_order DROP CONSTRAINT %I', named);
    EXECUTE format('ALTER TABLE payments_order ADD CONSTRAINT %I FOREIGN KEY (case_id) '
        'REFERENCES cases_case (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED', named);
END $$;
"""


class Migration(migrations.Migration):
    """Fees stay when their case goes to the archive."""

    dependencies = [("cases", "0035_reassigned"), ("payments", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="order",
            name="case",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="cases.case"),
        ),
        migrations.RunSQL(STAY, migrations.RunSQL.noop),
    ]
