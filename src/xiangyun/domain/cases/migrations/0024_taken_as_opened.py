from django.db import migrations

# Applicants and desks are asked of what is applied for. What opens otherwise is about somebody who
# did not ask for it, and filed at no desk; who or what may open it, the verbs ask.
TRIGGERS = """
DROP TRIGGER taken_when_begun ON cases_draft;
DROP TRIGGER taken_when_sent ON cases_draft;
CREATE TRIGGER taken_when_begun BEFORE INSERT ON cases_draft FOR EACH ROW
    WHEN (NOT NEW.sent AND NEW.opened = 'applicant') EXECUTE FUNCTION xiangyun_refuse_unless_taken();
CREATE TRIGGER taken_when_sent BEFORE UPDATE OF sent ON cases_draft FOR EACH ROW
    WHEN (NEW.sent AND NOT OLD.sent AND NEW.opened = 'applicant')
    EXECUTE FUNCTION xiangyun_refuse_unless_taken();
"""


class Migration(migrations.Migration):
    """What the database asks of an application it asks of no case that opens otherwise."""

    dependencies = [("cases", "0022_admission"), ("cases", "0022_openings"), ("cases", "0023_departments_of_a_role")]
    operations = [migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop)]
