-- Whether a service takes an application, held by the database with the guards left out: what it says
-- now of its state, its days, its applicants and its desks; as kernel.service.admission says it.
--
-- Frozen: migration 0022 installs this text. What comes after is another file under another name.

-- The kind of an applicant (服务对象) by the first two characters of its credit code (GB 32100-2015).
CREATE FUNCTION xiangyun_applicant_kind(kind text, code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN kind = 'person' THEN 'person'
        WHEN code !~ '^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$' THEN 'company'
        ELSE CASE left(code, 2)
            WHEN '11' THEN 'government' WHEN '12' THEN 'institution'
            WHEN '51' THEN 'social' WHEN '52' THEN 'social' WHEN '53' THEN 'social'
            WHEN '91' THEN 'company' WHEN '92' THEN 'unincorporated' WHEN '93' THEN 'company'
            ELSE 'other'
        END
    END
$$;
-- With the rights of the owner: a desk need not see the party that it files for. XY004 where the
-- service takes no such application. What was published by the code of before says nothing here.
CREATE FUNCTION xiangyun_refuse_unless_taken() RETURNS trigger
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
        OR NOT said -> 'applicants' ? who OR NOT said -> 'desks' ? desk
    THEN
        RAISE EXCEPTION 'the service takes no such application' USING ERRCODE = 'XY004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER taken_when_begun BEFORE INSERT ON cases_draft FOR EACH ROW
    WHEN (NOT NEW.sent) EXECUTE FUNCTION xiangyun_refuse_unless_taken();
CREATE TRIGGER taken_when_sent BEFORE UPDATE OF sent ON cases_draft FOR EACH ROW
    WHEN (NEW.sent AND NOT OLD.sent) EXECUTE FUNCTION xiangyun_refuse_unless_taken();
