from django.db import migrations

# What a certificate says, and whose it is, never changes; only where it is kept: the division and
# the matter whose offices see it. They have no privilege to write these two, so that nobody but the
# functions here does.
FOLLOWING = """
CREATE OR REPLACE FUNCTION xiangyun_certificate_unchanging() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may_change text[] := '{status,status_since,reason_code,reason_text,division,matter}';
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION '证照签发后不可改动或删除。An issued certificate is never changed or deleted.'
            USING ERRCODE = 'insufficient_privilege', HINT = '请撤销或换发。Revoke it or issue a new version.';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION xiangyun_certificates_move_division(low bigint, high bigint, old bigint, new bigint)
RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM xiangyun_refuse_others();
    RETURN QUERY UPDATE certificates_certificate c SET division = xiangyun_moved_to(c.division, old, new)
        WHERE c.division BETWEEN low AND high RETURNING c.identifier;
END $$;
CREATE FUNCTION xiangyun_certificates_move_department(old integer, new integer) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM xiangyun_refuse_others();
    RETURN QUERY UPDATE certificates_certificate c SET matter = new
        WHERE c.matter = old RETURNING c.identifier;
END $$;
REVOKE ALL ON FUNCTION xiangyun_certificates_move_division, xiangyun_certificates_move_department
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_certificates_move_division, xiangyun_certificates_move_department
    TO xiangyun_runtime;
"""
UNDONE = """
DROP FUNCTION xiangyun_certificates_move_division;
DROP FUNCTION xiangyun_certificates_move_department;
"""


class Migration(migrations.Migration):
    """Certificates follow merged divisions and departments."""

    dependencies = [("certificates", "0002_matter_and_need"), ("cases", "0027_following")]
    operations = [migrations.RunSQL(FOLLOWING, UNDONE)]
