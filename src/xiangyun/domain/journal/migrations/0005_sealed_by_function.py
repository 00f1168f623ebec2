from pathlib import Path

from django.db import migrations, models

SEAL = Path(__file__).with_name("sql") / "seal_1.sql"
# Everybody's act may be recorded, but in nobody else's name.
POLICIES = """
ALTER POLICY recordable ON journal_entry TO xiangyun_app;
CREATE POLICY recorded ON journal_entry FOR INSERT TO xiangyun_runtime
    WITH CHECK (actor IS NULL OR xiangyun_is_person(actor) OR xiangyun_is_system());
"""


class Migration(migrations.Migration):
    """The tree grows by a function alone; a false head can be set aside; audits are kept."""

    dependencies = [("journal", "0004_row_by_row")]
    operations = [
        migrations.RunSQL(SEAL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="HeadAside",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                ("algorithm", models.TextField()),
                ("key_id", models.TextField()),
                ("signature", models.BinaryField()),
                ("set_aside_at", models.DateTimeField()),
            ],
            options={"db_table": "journal_head_aside", "managed": False},
        ),
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("leaves", models.BigIntegerField()),
                ("cases", models.BigIntegerField()),
                ("findings", models.JSONField()),
            ],
            options={"db_table": "journal_audit", "ordering": ("-id",), "managed": False},
        ),
    ]
