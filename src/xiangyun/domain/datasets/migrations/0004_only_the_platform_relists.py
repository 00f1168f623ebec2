from django.db import migrations


class Migration(migrations.Migration):
    """The revision of the catalogue is read by everybody and changed by the platform alone."""

    dependencies = [("datasets", "0003_numbers_of_listings")]
    operations = [
        migrations.RunSQL(
            """
ALTER TABLE datasets_relisted ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON datasets_relisted TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY everybody ON datasets_relisted FOR SELECT TO xiangyun_runtime USING (true);
""",
            migrations.RunSQL.noop,
        )
    ]
