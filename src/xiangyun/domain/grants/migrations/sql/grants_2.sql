-- Under a grant for answers alone no record is seen: the platform answers questions instead.
--
-- Frozen: migration 0002 installs this text. What comes after is another file under another name.

CREATE OR REPLACE FUNCTION xiangyun_grant() RETURNS grants_grant
LANGUAGE plpgsql STABLE AS $$
DECLARE
    told text := COALESCE(current_setting('xiangyun.grant', true), '');
    found grants_grant;
BEGIN
    IF told = '' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO found FROM grants_grant g
    WHERE g.id = split_part(told, ' ', 1)::uuid AND g.version = split_part(told, ' ', 2)::integer
        AND g.ended_at IS NULL AND g.ends_at > statement_timestamp()
        AND (g.until IS NOT NULL OR g.used_in = txid_current_if_assigned())
        AND NOT g.answers_only
        AND xiangyun_is_subject(g.bank);
    RETURN found;
END $$;
