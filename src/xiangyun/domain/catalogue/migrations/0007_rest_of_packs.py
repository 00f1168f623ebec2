"""What no declaration of a pack keeps is kept beside them: public to read, as they are."""

from django.db import migrations, models

POLICIES = """
ALTER TABLE catalogue_packrest ENABLE ROW LEVEL SECURITY;
CREATE POLICY public ON catalogue_packrest FOR SELECT USING (true);
CREATE POLICY entered ON catalogue_packrest FOR INSERT WITH CHECK (xiangyun_publishes());
CREATE POLICY changed ON catalogue_packrest FOR UPDATE USING (xiangyun_publishes());
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_drafts")]
    operations = [
        migrations.CreateModel(
            name="PackRest",
            fields=[
                (
                    "code",
                    models.TextField(
                        help_text="The pack's path", primary_key=True, serialize=False
                    ),
                ),
                ("files", models.JSONField(help_text="path to text")),
            ],
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
