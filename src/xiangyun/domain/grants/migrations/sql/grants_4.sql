-- The grant under which somebody looks is asked for once a statement, not once for each of its
-- columns; without a grant told nothing is asked at all.
--
-- Frozen: migration 0004 installs this text. What comes after is another file under another name.

CREATE FUNCTION xiangyun_granted(
    under grants_grant, held_by uuid, kept_in integer, named text
) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT under.company = held_by AND kept_in = ANY (under.registers)
        AND (cardinality(under.keys) = 0 OR named = ANY (under.keys))
$$;

DROP POLICY granted ON registers_record;
CREATE POLICY granted ON registers_record FOR SELECT TO xiangyun_runtime USING (
    reach > 0
    AND (SELECT COALESCE(current_setting('xiangyun.grant', true), '') <> '')
    AND xiangyun_granted((SELECT xiangyun_grant()), holder, number, key)
);
