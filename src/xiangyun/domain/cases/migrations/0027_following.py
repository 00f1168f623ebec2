from pathlib import Path

from django.db import migrations

FOLLOWING = Path(__file__).with_name("sql") / "following_1.sql"
UNDONE = """
DROP FUNCTION xiangyun_cases_join_party;
DROP FUNCTION xiangyun_cases_move_division;
DROP FUNCTION xiangyun_cases_move_department;
DROP FUNCTION xiangyun_moved_to;
DROP FUNCTION xiangyun_refuse_others;
"""


class Migration(migrations.Migration):
    """Cases follow joined parties, merged divisions and departments."""

    dependencies = [("cases", "0026_together"), ("parties", "0001_initial")]
    operations = [migrations.RunSQL(FOLLOWING.read_text(encoding="utf-8"), UNDONE)]
