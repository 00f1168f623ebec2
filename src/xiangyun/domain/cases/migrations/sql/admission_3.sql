-- As the second writing, which was asked of applications alone: what opens otherwise opens as the service
-- says and while it is offered, and what an official opens is opened by a role that may, about another.
--
-- Frozen: migration 0031 installs this text. What comes after is another file under another name.

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
    IF NEW.opened = 'official' AND TG_OP = 'INSERT' AND said ? 'officials' AND (
        NEW.owner = NEW.filed_by OR xiangyun_is_subject(NEW.owner, NEW.matter) OR NOT xiangyun_gives(
            -- each of the department of the service, unless it names another: as tasks wait
            ARRAY(
                SELECT CASE WHEN strpos(role, ':') > 0 OR said ->> 'department' = '' THEN role
                    ELSE role || ':' || (said ->> 'department') END
                FROM jsonb_array_elements_text(said -> 'officials') AS r (role)
            ), NEW.filed_in
        )
    ) THEN
        RAISE EXCEPTION 'no role of this official opens such a case' USING ERRCODE = 'XY004';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER taken_when_begun ON cases_draft;
DROP TRIGGER taken_when_sent ON cases_draft;
CREATE TRIGGER taken_when_begun BEFORE INSERT ON cases_draft FOR EACH ROW
    WHEN (NOT NEW.sent) EXECUTE FUNCTION xiangyun_refuse_unless_taken();
CREATE TRIGGER taken_when_sent BEFORE UPDATE OF sent ON cases_draft FOR EACH ROW
    WHEN (NEW.sent AND NOT OLD.sent) EXECUTE FUNCTION xiangyun_refuse_unless_taken();
