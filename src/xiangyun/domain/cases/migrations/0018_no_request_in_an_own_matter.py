from django.db import migrations

# With the rights of the owner: whoever acts need not see the account that applied.
GUARD = """
CREATE FUNCTION xiangyun_in_own_matter(which uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT xiangyun_own_matter_2(NULLIF(current_setting('xiangyun.person', true), '')::uuid, which)
$$;
REVOKE ALL ON FUNCTION xiangyun_in_own_matter FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_in_own_matter TO xiangyun_runtime;
CREATE FUNCTION xiangyun_refuse_own_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF xiangyun_in_own_matter(NEW.case_id) THEN
        RAISE EXCEPTION 'a request of an official in an own matter' USING ERRCODE = 'XY001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_request BEFORE INSERT ON cases_workitem FOR EACH ROW
WHEN (NEW.kind = 'extension') EXECUTE FUNCTION xiangyun_refuse_own_request();
"""
UNGUARD = """
DROP TRIGGER own_request ON cases_workitem;
DROP FUNCTION xiangyun_refuse_own_request;
DROP FUNCTION xiangyun_in_own_matter;
"""


class Migration(migrations.Migration):
    """Nobody asks for more time in an own matter, whatever wrote the step and with which account."""

    dependencies = [("cases", "0017_place_matter_need")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
