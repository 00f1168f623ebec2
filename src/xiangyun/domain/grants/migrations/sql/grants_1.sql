-- Who may look into a company's records because the company says so.
--
-- Frozen: migration 0001 installs this text. What comes after is another file under another name.

-- A grant is known to the company, to the bank and to the platform.
ALTER TABLE grants_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON grants_grant FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_subject(company) OR xiangyun_is_subject(bank) OR xiangyun_is_system()
);
CREATE POLICY given ON grants_grant FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
CREATE POLICY changed ON grants_grant FOR UPDATE TO xiangyun_runtime USING (xiangyun_is_system());

-- The grant under which somebody looks is told in one setting of the transaction, `xiangyun.grant`,
-- as "id version". It is asked for anew by each statement: what is committed as revoked opens
-- nothing to the next one, also in a transaction that began before. A grant that was amended is
-- another version, and one for a single look opens in the transaction of that look alone.
CREATE FUNCTION xiangyun_grant() RETURNS grants_grant
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
        AND xiangyun_is_subject(g.bank);
    RETURN found;
END $$;

-- Only records of ordinary need: what a class protects, no company can open.
CREATE POLICY granted ON registers_record FOR SELECT TO xiangyun_runtime USING (
    reach > 0
    AND holder = (SELECT (xiangyun_grant()).company)
    AND number = ANY ((SELECT (xiangyun_grant()).registers)::integer[])
);
