-- Cases follow parties that were joined, divisions and departments that were merged: the case, its
-- work with its lane in the queue, its drafts and parties. Only for the platform; each answers with
-- the cases that are another's or elsewhere now, and counts their revision, so that a step that was
-- read before is done anew.
--
-- Frozen: migration 0027 installs this text. What comes after is another file under another name.
CREATE FUNCTION xiangyun_refuse_others() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT xiangyun_is_system() THEN
        RAISE EXCEPTION 'only the platform does this' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
CREATE FUNCTION xiangyun_cases_join_party(old uuid, new uuid) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM xiangyun_refuse_others();
    DELETE FROM cases_handler h USING cases_handler k
        WHERE h.account = old AND k.account = new AND k.case_id = h.case_id;
    UPDATE cases_handler SET account = new WHERE account = old;
    UPDATE cases_draft SET owner = new WHERE owner = old;
    RETURN QUERY WITH
        twice AS (  -- both stood in the same role of a case
            DELETE FROM cases_party p USING cases_party q
            WHERE p.party = old AND q.party = new AND q.case_id = p.case_id AND q.role = p.role
            RETURNING p.case_id
        ),
        stood AS (
            UPDATE cases_party p SET party = new WHERE p.party = old AND NOT EXISTS (
                SELECT FROM cases_party q
                WHERE q.party = new AND q.case_id = p.case_id AND q.role = p.role
            ) RETURNING p.case_id
        ),
        followed AS (
            UPDATE cases_case c SET revision = c.revision + 1,
                owner = CASE WHEN c.owner = old THEN new ELSE c.owner END
            WHERE c.owner = old OR c.id IN (SELECT case_id FROM stood)
                OR c.id IN (SELECT case_id FROM twice) RETURNING c.id
        )
        SELECT id FROM followed;
END $$;
-- A place below keeps its last digits where the new division has a place with them.
CREATE FUNCTION xiangyun_moved_to(place bigint, old bigint, new bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT COALESCE((SELECT d.code FROM divisions_division d WHERE d.code = new + place - old), new)
$$;
CREATE FUNCTION xiangyun_cases_move_division(low bigint, high bigint, old bigint, new bigint)
RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM xiangyun_refuse_others();
    UPDATE cases_draft SET filed_in = xiangyun_moved_to(filed_in, old, new)
        WHERE filed_in BETWEEN low AND high;
    UPDATE cases_workitem w SET division = m.place, county = m.place / 1000000,
        place = CASE WHEN m.place % 1000000 = 0 THEN 0 ELSE m.place END
    FROM (
        SELECT DISTINCT division, xiangyun_moved_to(division, old, new) AS place
        FROM cases_workitem WHERE division BETWEEN low AND high
    ) AS m WHERE w.division = m.division;
    RETURN QUERY UPDATE cases_case c SET revision = c.revision + 1,
        division = CASE WHEN c.division BETWEEN low AND high
            THEN xiangyun_moved_to(c.division, old, new) ELSE c.division END,
        filed_in = CASE WHEN c.filed_in BETWEEN low AND high
            THEN xiangyun_moved_to(c.filed_in, old, new) ELSE c.filed_in END
        WHERE c.division BETWEEN low AND high OR c.filed_in BETWEEN low AND high RETURNING c.id;
END $$;
CREATE FUNCTION xiangyun_cases_move_department(old integer, new integer, old_key text, new_key text)
RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM xiangyun_refuse_others();
    UPDATE cases_draft SET matter = new WHERE matter = old;
    -- Whose work it was once is seen by the new department; what is open waits for its roles.
    UPDATE cases_workitem SET matter = new WHERE matter = old;
    RETURN QUERY WITH
        named AS (
            UPDATE cases_workitem w SET groups = n.groups, role = xiangyun_role_of(n.groups)
            FROM (
                SELECT o.id, array_agg(CASE WHEN split_part(g, ':', 2) = old_key
                    THEN split_part(g, ':', 1) || ':' || new_key ELSE g END ORDER BY nth) AS groups
                FROM cases_workitem o, unnest(o.groups) WITH ORDINALITY AS u (g, nth)
                WHERE o.closed_at IS NULL
                GROUP BY o.id HAVING bool_or(split_part(g, ':', 2) = old_key)
            ) AS n WHERE n.id = w.id RETURNING w.case_id, w.groups
        ),
        sets AS (
            INSERT INTO cases_roleset (role, groups)
            SELECT DISTINCT xiangyun_role_of(groups), groups FROM named WHERE cardinality(groups) > 1
            ON CONFLICT DO NOTHING
        ),
        followed AS (
            UPDATE cases_case c SET revision = c.revision + 1,
                matter = CASE WHEN c.matter = old THEN new ELSE c.matter END
            WHERE c.matter = old OR c.id IN (SELECT case_id FROM named) RETURNING c.id
        )
        SELECT id FROM followed;
END $$;
REVOKE ALL ON FUNCTION xiangyun_cases_join_party, xiangyun_cases_move_division,
    xiangyun_cases_move_department FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_cases_join_party, xiangyun_cases_move_division,
    xiangyun_cases_move_department TO xiangyun_runtime;
