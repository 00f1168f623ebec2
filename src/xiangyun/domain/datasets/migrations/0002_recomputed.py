"""Which registers were decided anew, for which period."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datasets", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Recomputed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pack", models.TextField(db_collation="C")),
                (
                    "period",
                    models.TextField(
                        db_collation="C", help_text="`2026-11-28`, `2026-11` or `2026`"
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("changed", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pack", "period"), name="once_a_period")
                ],
            },
        ),
        migrations.RunSQL(
            """
            ALTER TABLE datasets_recomputed ENABLE ROW LEVEL SECURITY;
            CREATE POLICY platform ON datasets_recomputed TO xiangyun_runtime
                USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
            """,
            migrations.RunSQL.noop,
        ),
    ]
