from django.db import migrations

# Beside the leaf and not in it: what was sealed stays sealed. Entries of before belong to nobody's
# matter and are seen by place, as they were. The policy of before stays for the role of before.
COLUMNS = """
-- Whoever sees a thing sees what is written of it. The app whose things those are replaces this.
CREATE FUNCTION xiangyun_sees_subject(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN false; END $$;
ALTER TABLE journal_entry
    ADD COLUMN matter integer NOT NULL DEFAULT 0, ADD COLUMN need smallint NOT NULL DEFAULT 0;
ALTER POLICY readable ON journal_entry TO xiangyun_app;
CREATE POLICY seen ON journal_entry FOR SELECT TO xiangyun_runtime USING (
    xiangyun_in_matter(need, matter, division) OR xiangyun_is_subject(owner, matter)
    OR xiangyun_sees_subject(subject)
);
"""


class Migration(migrations.Migration):
    """An entry carries the matter and the class of what it is about."""

    dependencies = [
        ("journal", "0005_sealed_by_function"),
        ("divisions", "0002_place_matter_need"),
        ("parties", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            COLUMNS,
            "DROP POLICY seen ON journal_entry; ALTER POLICY readable ON journal_entry TO PUBLIC;"
            " ALTER TABLE journal_entry DROP COLUMN matter, DROP COLUMN need",
        )
    ]
