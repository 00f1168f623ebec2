-- Cases that only their handlers may know: who takes one over, hands it on, or looks as an overseer.
--
-- Frozen: migration 0019 installs this text. What comes after is another file under another name.

-- Whether a mandate of the asker, as told by `xiangyun.roles`, gives one of these roles in a place.
-- One across departments gives the role of each of them.
CREATE FUNCTION xiangyun_mandates()
RETURNS TABLE (role text, across boolean, low bigint, high bigint) LANGUAGE sql STABLE AS $$
    SELECT split_part(one, ' ', 1) || CASE split_part(one, ' ', 2)
            WHEN '-' THEN '' WHEN '.' THEN '' ELSE ':' || split_part(one, ' ', 2) END,
        split_part(one, ' ', 2) = '-', split_part(one, ' ', 3)::bigint, split_part(one, ' ', 4)::bigint
    FROM unnest(string_to_array(NULLIF(current_setting('xiangyun.roles', true), ''), ';')) AS one
$$;
CREATE FUNCTION xiangyun_gives(wanted text[], place bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM xiangyun_mandates() m CROSS JOIN unnest(wanted) AS w (role)
        WHERE place BETWEEN m.low AND m.high
            AND (m.role = w.role OR (m.across AND m.role = split_part(w.role, ':', 1)))
    )
$$;

-- Who handles a case: without an end, or until a moment that has not come, as overseers do.
CREATE OR REPLACE FUNCTION xiangyun_handles(which uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM cases_handler h
        WHERE h.case_id = which AND xiangyun_is_person(h.account)
            AND (h.ended_at IS NULL OR h.ended_at > now())
    );
END $$;

-- Open work that nobody has taken yet, of cases that the asker does not know: what whoever has the
-- mandate may be told of it. The rows themselves are shown to nobody.
CREATE FUNCTION xiangyun_untaken(most integer)
RETURNS TABLE (item bigint, version uuid, place bigint, due_on date, amber_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid := NULLIF(current_setting('xiangyun.person', true), '')::uuid;
BEGIN
    RETURN QUERY SELECT DISTINCT lines.id, lines.version_id, lines.division, lines.due_on, lines.amber_on
    FROM xiangyun_mandates() m
    CROSS JOIN LATERAL (
        SELECT m.role UNION ALL
        SELECT s.role FROM cases_roleset s WHERE m.role = ANY (s.groups)
    ) AS held (role)
    CROSS JOIN LATERAL (
        SELECT w.id, c.version_id, w.division, w.due_on, w.amber_on
        FROM cases_workitem w JOIN cases_case c ON c.id = w.case_id
        WHERE w.need > 0 AND w.closed_at IS NULL AND w.assigned IS NULL AND w.role = held.role
            AND w.division BETWEEN m.low AND m.high
            AND NOT xiangyun_handles(w.case_id) AND NOT xiangyun_own_matter_2(who, w.case_id)
        ORDER BY w.due_on, w.id LIMIT most
    ) AS lines
    ORDER BY lines.due_on, lines.id LIMIT most;
END $$;

-- Take open work that nobody has taken: its case, or NULL where it is gone or not for the asker.
CREATE FUNCTION xiangyun_case_take_2(item bigint, who_name text, why text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid := NULLIF(current_setting('xiangyun.person', true), '')::uuid;
    taken uuid;
BEGIN
    IF who IS NULL THEN RETURN NULL; END IF;
    UPDATE cases_workitem w SET assigned = who
    WHERE w.id = item AND w.need > 0 AND w.closed_at IS NULL AND w.assigned IS NULL
        AND xiangyun_gives(w.groups, w.division) AND NOT xiangyun_own_matter_2(who, w.case_id)
    RETURNING w.case_id INTO taken;
    IF taken IS NULL THEN RETURN NULL; END IF;
    INSERT INTO cases_handler (case_id, account, name, kind, since, reason)
    VALUES (taken, who, who_name, 'handler', now(), why)
    ON CONFLICT (case_id, account) DO UPDATE
        SET ended_at = NULL, kind = 'handler', reason = EXCLUDED.reason;
    RETURN taken;
END $$;

-- Name another official of the case's team, or of its open work. With `instead`, whoever names hands
-- on the own work, and knows of the case no longer unless work of it was done by that hand.
CREATE FUNCTION xiangyun_case_name_2(
    which uuid, whom uuid, whose_name text, why text, instead boolean
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid := NULLIF(current_setting('xiangyun.person', true), '')::uuid;
    place bigint;
    wanted text[];
BEGIN
    SELECT c.division, COALESCE(r.team, '{}') || ARRAY(
        SELECT unnest(w.groups) FROM cases_workitem w WHERE w.case_id = which AND w.closed_at IS NULL
    ) INTO place, wanted
    FROM cases_case c LEFT JOIN cases_circle r ON r.case_id = c.id
    WHERE c.id = which AND c.need > 0 AND c.ended_at IS NULL;
    IF place IS NULL OR xiangyun_own_matter_2(whom, which) OR NOT (xiangyun_is_system() OR EXISTS (
        SELECT FROM cases_handler h
        WHERE h.case_id = which AND h.account = who AND h.kind = 'handler' AND h.ended_at IS NULL
    )) OR NOT EXISTS (
        SELECT FROM accounts_mandate m CROSS JOIN unnest(wanted) AS w (role)
        WHERE m.account_id = whom AND place BETWEEN m.low AND m.high
            AND xiangyun_in_term(m.from_on, m.to_on)
            AND m.role IN (w.role, split_part(w.role, ':', 1))
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO cases_handler (case_id, account, name, kind, since, reason, named_by)
    VALUES (which, whom, whose_name, 'handler', now(), why, who)
    ON CONFLICT (case_id, account) DO UPDATE
        SET ended_at = NULL, kind = 'handler', reason = EXCLUDED.reason, named_by = EXCLUDED.named_by;
    IF instead THEN
        UPDATE cases_workitem w SET assigned = whom
        WHERE w.case_id = which AND w.closed_at IS NULL AND w.assigned = who;
        UPDATE cases_handler h SET ended_at = now()
        WHERE h.case_id = which AND h.account = who AND NOT EXISTS (
            SELECT FROM cases_workitem w WHERE w.case_id = which AND w."by" = who);
    END IF;
    RETURN true;
END $$;

-- Cases that the asker may look at as an overseer, without anything that says whose they are.
CREATE FUNCTION xiangyun_overseen(most integer)
RETURNS TABLE (id uuid, version uuid, place bigint, due_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid := NULLIF(current_setting('xiangyun.person', true), '')::uuid;
BEGIN
    RETURN QUERY SELECT c.id, c.version_id, c.division, c.due_on
    FROM xiangyun_mandates() m
    CROSS JOIN LATERAL (
        SELECT o.* FROM cases_case o JOIN cases_circle r ON r.case_id = o.id
        WHERE o.need > 0 AND o.ended_at IS NULL AND o.division BETWEEN m.low AND m.high
            AND xiangyun_gives(r.overseers, o.division) AND NOT xiangyun_own_matter_2(who, o.id)
        ORDER BY o.due_on, o.id LIMIT most
    ) AS c
    GROUP BY 1, 2, 3, 4 ORDER BY 4, 1 LIMIT most;
END $$;

-- Look at a case as an overseer: it is shown until a moment at most a day away.
CREATE FUNCTION xiangyun_case_look(which uuid, who_name text, why text, until timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid := NULLIF(current_setting('xiangyun.person', true), '')::uuid;
BEGIN
    IF who IS NULL OR why !~ '\S' OR xiangyun_own_matter_2(who, which) OR NOT EXISTS (
        SELECT FROM cases_case c JOIN cases_circle r ON r.case_id = c.id
        WHERE c.id = which AND c.need > 0 AND xiangyun_gives(r.overseers, c.division)
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO cases_handler (case_id, account, name, kind, since, reason, ended_at)
    VALUES (which, who, who_name, 'overseer', now(), why, LEAST(until, now() + interval '1 day'))
    ON CONFLICT (case_id, account) DO UPDATE SET
        kind = CASE WHEN cases_handler.ended_at IS NULL THEN cases_handler.kind ELSE 'overseer' END,
        reason = EXCLUDED.reason,
        ended_at = CASE WHEN cases_handler.ended_at IS NULL THEN NULL ELSE EXCLUDED.ended_at END;
    RETURN true;
END $$;

-- Who besides its tasks may know of a case that was just sent; said once, by who sent it.
CREATE FUNCTION xiangyun_case_circle(which uuid, team_roles text[], overseer_roles text[], hashes text[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO cases_circle (case_id, team, overseers, terms)
    SELECT c.id, team_roles, overseer_roles, hashes FROM cases_case c
    WHERE c.id = which AND c.need > 0
        AND (xiangyun_is_subject(c.owner, c.matter) OR xiangyun_is_person(c.filed_by) OR xiangyun_is_system())
    ON CONFLICT DO NOTHING;
END $$;

REVOKE ALL ON FUNCTION xiangyun_untaken, xiangyun_case_take_2, xiangyun_case_name_2, xiangyun_overseen,
    xiangyun_case_look, xiangyun_case_circle FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_untaken, xiangyun_case_take_2, xiangyun_case_name_2,
    xiangyun_overseen, xiangyun_case_look, xiangyun_case_circle TO xiangyun_runtime;

-- Open work of such a case is taken from the lines above, and its row shown to handlers alone.
ALTER POLICY seen ON cases_workitem USING (
    need * 100000000000000000 + matter * 1000000000000 + division <@ (SELECT xiangyun_matters())
    OR need * 100000000000000000 + division <@ (SELECT xiangyun_across())
    OR xiangyun_sees_case(case_id)
);
DROP FUNCTION xiangyun_case_take(uuid, text, text, text);
DROP FUNCTION xiangyun_case_name(uuid, uuid, text, text);
DROP FUNCTION xiangyun_may_take(uuid, text, bigint);

ALTER TABLE cases_circle ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON cases_circle FOR SELECT TO xiangyun_runtime USING (xiangyun_sees_case(case_id));
