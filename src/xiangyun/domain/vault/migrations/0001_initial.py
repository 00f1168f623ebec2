from django.db import migrations, models

# A wrapped key is of no use without the keys outside; that it is changed is for the platform alone.
POLICIES = """
ALTER TABLE vault_datakey ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON vault_datakey FOR SELECT TO xiangyun_runtime USING (true);
CREATE POLICY made ON vault_datakey FOR INSERT TO xiangyun_runtime WITH CHECK (true);
CREATE POLICY wrapped ON vault_datakey FOR UPDATE TO xiangyun_runtime USING (xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """Data keys of what is sealed, wrapped by keys outside of the database."""

    initial = True
    dependencies = [("divisions", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "DataKey",
            [
                (
                    "scope",
                    models.TextField(
                        help_text="Whose values it seals, such as case/ID",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "wrapped",
                    models.BinaryField(
                        help_text="Encrypted for this scope by the instance's cipher"
                    ),
                ),
                ("key", models.IntegerField(help_text="The number of the key that wrapped it")),
            ],
            options={"indexes": [models.Index(fields=["key"], name="data_keys_by_key")]},
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
