-- For whom somebody asks, and which parties there are to be seen.
--
-- Frozen: migration 0001 installs this text. What comes after is another file under another name.

-- Two settings more of one transaction (see divisions 0001):
--   xiangyun.subject  the party acted for, with those that were joined with it: an array
--   xiangyun.about    the matters in which that party may be acted for: an array, empty for all
CREATE FUNCTION xiangyun_subjects() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(current_setting('xiangyun.subject', true), ''), '{}')::uuid[]
$$;
CREATE FUNCTION xiangyun_is_about(matter integer) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(current_setting('xiangyun.about', true), ''), '{}') = '{}'
        OR matter = ANY (current_setting('xiangyun.about', true)::integer[])
$$;
CREATE FUNCTION xiangyun_is_subject(party uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT party = ANY (xiangyun_subjects())
$$;
CREATE FUNCTION xiangyun_is_subject(party uuid, matter integer) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT party = ANY (xiangyun_subjects()) AND xiangyun_is_about(matter)
$$;

-- Who acts for whom is known to both of them and to the platform.
ALTER TABLE parties_representation ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON parties_representation FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_person(representative_id) OR xiangyun_is_subject(party_id) OR xiangyun_is_system()
);
CREATE POLICY given ON parties_representation FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
CREATE POLICY ended ON parties_representation FOR UPDATE TO xiangyun_runtime
    USING (xiangyun_is_system());

-- Organisations and places are public by law. A person and a thing are seen by themselves, by those
-- who act for them, and by the platform.
ALTER TABLE parties_party ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON parties_party FOR SELECT TO xiangyun_runtime USING (
    kind IN ('organisation', 'place') OR xiangyun_is_person(id) OR xiangyun_is_subject(id)
    OR xiangyun_is_system()
    OR EXISTS (SELECT FROM parties_representation r
        WHERE parties_party.id IN (r.party_id, r.representative_id))
);
CREATE POLICY entered ON parties_party FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
CREATE POLICY changed ON parties_party FOR UPDATE TO xiangyun_runtime USING (xiangyun_is_system());

-- Two parties are one: the duplicate stays, and says so; who acted for it acts for what it was
-- joined with. Only for the platform.
CREATE FUNCTION xiangyun_merge_party(duplicate uuid, stays uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT xiangyun_is_system() THEN
        RAISE EXCEPTION 'only the platform joins parties' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE parties_party SET merged_into_id = stays
    WHERE id = duplicate OR merged_into_id = duplicate;
    -- where one of both acted for the other, nobody acts for another any more
    UPDATE parties_representation SET ended_at = now()
    WHERE ended_at IS NULL
        AND (party_id, representative_id) IN ((duplicate, stays), (stays, duplicate));
    UPDATE parties_representation SET party_id = stays
    WHERE party_id = duplicate AND representative_id <> stays;
    UPDATE parties_representation SET representative_id = stays
    WHERE representative_id = duplicate AND party_id <> stays;
END $$;
REVOKE ALL ON FUNCTION xiangyun_merge_party FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_merge_party TO xiangyun_runtime;
