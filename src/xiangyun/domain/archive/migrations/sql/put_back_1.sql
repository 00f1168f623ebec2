-- An archived case comes back: its rows as they lay in its file, and not one of them otherwise.
--
-- Frozen: migration 0002 installs this text. What comes after is another file under another name.

-- Triggers guard what people and steps write, and would write anew what is only to be as it was;
-- they rest while the rows go in, and the digest of all rows is compared in the end. True when it
-- is done; otherwise nothing was written.
CREATE FUNCTION xiangyun_case_put_back(asked uuid, told text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    volume public.archive_volume;
    part record;
    guard record;
    columns text;
    resting text[] := '{}';
    again text;
    stands text;
BEGIN
    IF NOT public.xiangyun_is_system() THEN
        RAISE EXCEPTION '只有平台可以恢复归档的办件。The platform alone brings archived cases back.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO volume FROM public.archive_volume v
    WHERE v."case" = asked AND v.state = 'moved' FOR UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM public.cases_case c WHERE c.id = asked)
        OR encode(sha256(convert_to(told, 'UTF8')), 'hex') <> volume.rows
    THEN
        RETURN false;
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    FOR guard IN
        SELECT format('public.%I', c.relname) AS name, t.tgname, t.tgenabled
        FROM jsonb_object_keys(told::jsonb) AS held(name)
        JOIN pg_class c ON c.oid = ('public.' || quote_ident(held.name))::regclass
        JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', guard.name, guard.tgname);
        resting := resting || format('ALTER TABLE %s ENABLE %s TRIGGER %I', guard.name,
            CASE guard.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END,
            guard.tgname);
    END LOOP;
    FOR part IN SELECT key AS name, value AS told FROM jsonb_each(told::jsonb) LOOP
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
        FROM pg_attribute a
        WHERE a.attrelid = ('public.' || quote_ident(part.name))::regclass
            AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
        EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE
            SELECT %2$s FROM jsonb_populate_recordset(NULL::public.%1$I, $1)', part.name, columns)
            USING part.told;
    END LOOP;
    -- What stayed without its case, the books of payments, knows its number.
    FOR part IN
        SELECT c.conrelid::regclass AS name, a.attname AS col
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        JOIN pg_attribute n ON n.attrelid = c.conrelid AND n.attname = 'case_number'
        WHERE c.contype = 'f' AND c.confrelid = 'public.cases_case'::regclass AND c.confdeltype = 'n'
    LOOP
        EXECUTE format('UPDATE %s SET %I = $1 WHERE %I IS NULL AND case_number = $2',
            part.name, part.col, part.col) USING asked, volume.number;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    FOREACH again IN ARRAY resting LOOP
        EXECUTE again;
    END LOOP;
    SELECT r.digest INTO stands FROM public.xiangyun_case_rows(asked) r;
    IF stands IS DISTINCT FROM volume.rows THEN
        RAISE EXCEPTION '恢复的内容与档案不符。What was put back is not as the file says.'
            USING ERRCODE = 'data_corrupted';
    END IF;
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION xiangyun_case_put_back FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_put_back TO xiangyun_runtime;
