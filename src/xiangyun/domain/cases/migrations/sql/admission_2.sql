-- As the first writing; a case that nobody applies for opens as the service says (`opened_by`), for
-- whomever and wherever that is.
--
-- Frozen: migration 0024 installs this text. What comes after is another file under another name.

-- With the rights of the owner: a desk need not see the party that it files for. XY004 where the
-- service takes no such application. What was published by the code of before says nothing here.
CREATE OR REPLACE FUNCTION xiangyun_refuse_unless_taken() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    -- on the day on which it is begun, or sent
    moment timestamptz := CASE TG_OP WHEN 'INSERT' THEN NEW.created_at ELSE NEW.updated_at END;
    today date := (moment AT TIME ZONE 'Asia/Shanghai')::date;
    said jsonb;
    who text;
    desk text := 'online';
BEGIN
    SELECT now.taken INTO said FROM catalogue_serviceversion began
        JOIN catalogue_serviceversion now ON now.code = began.code AND now.current
        WHERE began.id = NEW.version_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the service is not offered' USING ERRCODE = 'XY004';
    END IF;
    IF said IS NULL OR said = 'null' THEN RETURN NEW; END IF;
    SELECT xiangyun_applicant_kind(p.kind, p.code) INTO who FROM parties_party p
        WHERE p.id = NEW.owner;
    IF NEW.filed_in IS NOT NULL THEN
        SELECT CASE WHEN d.level > 4 THEN 'village_desk' ELSE 'window' END INTO desk
            FROM divisions_division d WHERE d.code = NEW.filed_in;
    END IF;
    IF said ->> 'state' <> 'in_force'
        OR today < (said ->> 'from')::date OR today > (said ->> 'until')::date
        OR (NEW.opened = 'applicant'
            AND (NOT said -> 'applicants' ? who OR NOT said -> 'desks' ? desk))
        OR (NEW.opened <> 'applicant' AND NOT said -> 'opened_by' ? NEW.opened)
    THEN
        RAISE EXCEPTION 'the service takes no such application' USING ERRCODE = 'XY004';
    END IF;
    RETURN NEW;
END $$;
