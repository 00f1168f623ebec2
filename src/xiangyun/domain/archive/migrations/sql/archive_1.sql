-- The rows of a case: what lies in its file, and what is erased once it lies there.
--
-- Frozen: migration 0001 installs this text. What comes after is another file under another name.

-- Every row that hangs on some rows of a table, by the foreign keys that the tables declare, and
-- those rows themselves; the deepest first. A key that is declared ON DELETE SET NULL hangs nothing:
-- the books of payments stay.
CREATE FUNCTION xiangyun_hanging(at regclass, ids text[], depth int)
RETURNS TABLE (name text, id text, deep int, told jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    key text;
    kind text;
    below record;
    found text[];
BEGIN
    IF cardinality(ids) = 0 OR ids IS NULL THEN RETURN; END IF;
    IF depth > 8 THEN
        RAISE EXCEPTION 'rows of a case hang on each other in a circle: %', at;
    END IF;
    SELECT a.attname, format_type(a.atttypid, a.atttypmod) INTO key, kind
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'p' AND c.conrelid = at;
    FOR below IN
        SELECT c.conrelid::regclass AS rel, a.attname AS col,
            format_type(a.atttypid, a.atttypmod) AS type,
            (SELECT p.attname FROM pg_constraint k
                JOIN pg_attribute p ON p.attrelid = k.conrelid AND p.attnum = k.conkey[1]
                WHERE k.contype = 'p' AND k.conrelid = c.conrelid) AS pk
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid = at AND c.confdeltype <> 'n'
            AND cardinality(c.conkey) = 1 AND c.conrelid <> at
        ORDER BY 1, 2
    LOOP
        EXECUTE format('SELECT array_agg(t.%I::text ORDER BY t.%I) FROM %s t WHERE t.%I = ANY ($1::%s[])',
            below.pk, below.pk, below.rel, below.col, below.type) INTO found USING ids;
        RETURN QUERY SELECT * FROM xiangyun_hanging(below.rel, found, depth + 1);
    END LOOP;
    RETURN QUERY EXECUTE format(
        'SELECT $1, t.%I::text, $2, to_jsonb(t) FROM %s t WHERE t.%I = ANY ($3::%s[]) ORDER BY t.%I',
        key, at, key, kind, key) USING at::text, depth, ids;
END $$;
REVOKE ALL ON FUNCTION xiangyun_hanging FROM PUBLIC;

-- The rows of a case, of the application that it was, and of the code by which a reporter who stays
-- unknown came back.
CREATE FUNCTION xiangyun_of_case(asked uuid)
RETURNS TABLE (name text, id text, deep int, told jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT ON (name, id) name, id, deep, told FROM (
        SELECT * FROM xiangyun_hanging('cases_case', ARRAY[asked::text], 0)
        UNION ALL
        SELECT * FROM xiangyun_hanging('cases_draft', ARRAY[asked::text], 0)
        UNION ALL
        SELECT 'cases_reportcode', r.digest, 0, to_jsonb(r) FROM cases_reportcode r
        JOIN cases_case c ON c.owner = r.party WHERE c.id = asked
    ) AS rows ORDER BY name, id, deep DESC
$$;
REVOKE ALL ON FUNCTION xiangyun_of_case FROM PUBLIC;

-- All of them as one value, {table: [rows]}, and its digest: two readings of the same rows agree.
CREATE FUNCTION xiangyun_case_rows(asked uuid, OUT rows text, OUT digest text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF NOT public.xiangyun_is_system() THEN
        RAISE EXCEPTION '只有平台可以归档。The platform alone moves cases to the archive.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT jsonb_object_agg(name, told)::text INTO rows FROM (
        SELECT name, jsonb_agg(told ORDER BY id) AS told FROM xiangyun_of_case(asked) GROUP BY name
    ) AS tables;
    digest := encode(sha256(convert_to(rows, 'UTF8')), 'hex');
END $$;
REVOKE ALL ON FUNCTION xiangyun_case_rows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_rows TO xiangyun_runtime;

-- Erase them: only of a case that has ended, that was written into a file, and whose rows and
-- entries are still what the file holds. True when it is done.
CREATE FUNCTION xiangyun_case_erase(asked uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    volume public.archive_volume;
    stands text;
    part record;
BEGIN
    IF NOT public.xiangyun_is_system() THEN
        RAISE EXCEPTION '只有平台可以归档。The platform alone moves cases to the archive.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM FROM public.cases_case c WHERE c.id = asked AND c.ended_at IS NOT NULL FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    SELECT * INTO volume FROM public.archive_volume v
    WHERE v."case" = asked AND v.state = 'written' FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    SELECT r.digest INTO stands FROM public.xiangyun_case_rows(asked) r;
    IF stands IS DISTINCT FROM volume.rows OR EXISTS (
        SELECT FROM public.journal_entry e WHERE e.subject = volume.number
            AND e.id > volume.last_entry AND e.verb <> 'case.archived'
    ) THEN
        RETURN false;
    END IF;
    FOR part IN
        SELECT name, array_agg(id) AS ids, max(deep) AS deep
        FROM public.xiangyun_of_case(asked) GROUP BY name ORDER BY deep DESC, name
    LOOP
        EXECUTE format('DELETE FROM public.%I t WHERE t.%I = ANY ($1::%s[])', part.name,
            (SELECT a.attname FROM pg_constraint c JOIN pg_attribute a
                ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                WHERE c.contype = 'p' AND c.conrelid = ('public.' || quote_ident(part.name))::regclass),
            (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_constraint c JOIN pg_attribute a
                ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                WHERE c.contype = 'p' AND c.conrelid = ('public.' || quote_ident(part.name))::regclass)
        ) USING part.ids;
    END LOOP;
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION xiangyun_case_erase FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_erase TO xiangyun_runtime;

-- The key of a sealed case goes with its file: what copies of the database still hold of it is
-- unreadable from then on.
CREATE FUNCTION xiangyun_case_forget_key(asked uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT public.xiangyun_is_system() OR EXISTS (
        SELECT FROM public.cases_case c WHERE c.id = asked
    ) THEN
        RAISE EXCEPTION '只有已归档的办件可以销毁密钥。The key of an archived case alone may go.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM public.vault_datakey WHERE scope = 'case/' || asked::text;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION xiangyun_case_forget_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_forget_key TO xiangyun_runtime;

-- The platform writes; whoever applied sees that the file is there.
ALTER TABLE archive_volume ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON archive_volume TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY own ON archive_volume FOR SELECT TO xiangyun_runtime
    USING (xiangyun_is_subject(owner, matter));
