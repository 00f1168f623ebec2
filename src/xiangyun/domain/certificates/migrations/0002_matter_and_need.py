from django.db import migrations, models

# Certificates of before belong to nobody's matter and are seen by place, as they were. What is
# issued by a case that only its handlers may know is seen by whoever sees that case.
POLICIES = """
ALTER POLICY readable ON certificates_certificate TO xiangyun_app;
ALTER POLICY issuable ON certificates_certificate TO xiangyun_app;
ALTER POLICY endable ON certificates_certificate TO xiangyun_app;
CREATE POLICY seen ON certificates_certificate FOR SELECT TO xiangyun_runtime USING (
    xiangyun_in_matter(need, matter, division) OR xiangyun_is_subject(owner, matter)
    OR identifier = xiangyun_presented() OR xiangyun_sees_subject(case_number)
);
-- Only an office, or the platform for it, issues and ends; nobody does so for himself.
CREATE POLICY issued ON certificates_certificate FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_in_matter(need, matter, division));
CREATE POLICY ended ON certificates_certificate FOR UPDATE TO xiangyun_runtime
    USING (xiangyun_in_matter(need, matter, division)
        OR (need > 0 AND xiangyun_handles_numbered(case_number)));
"""


class Migration(migrations.Migration):
    """A certificate carries the matter and the class of the case that issued it."""

    dependencies = [("certificates", "0001_initial"), ("cases", "0017_place_matter_need")]
    operations = [
        migrations.AddField("certificate", "matter", models.IntegerField(db_default=0, default=0)),
        migrations.AddField("certificate", "need", models.SmallIntegerField(db_default=0, default=0)),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
