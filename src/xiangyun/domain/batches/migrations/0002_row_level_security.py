from django.db import migrations

POLICIES = """
ALTER TABLE batches_batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON batches_batch USING (xiangyun_is_person(account) OR xiangyun_is_system());
ALTER TABLE batches_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_own_batch ON batches_item FOR SELECT
    USING (EXISTS (SELECT FROM batches_batch b WHERE b.id = batch_id));
CREATE POLICY chosen ON batches_item FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM batches_batch b WHERE b.id = batch_id));
CREATE POLICY worked ON batches_item FOR UPDATE USING (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """A batch is seen by whoever began it; what became of its tasks the platform alone writes."""

    dependencies = [("batches", "0001_initial"), ("accounts", "0006_parties_and_terms")]
    operations = [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
