-- A grant may name single records of its registers; then no others are seen.
--
-- Frozen: migration 0003 installs this text. What comes after is another file under another name.

DROP POLICY granted ON registers_record;
CREATE POLICY granted ON registers_record FOR SELECT TO xiangyun_runtime USING (
    reach > 0
    AND holder = (SELECT (xiangyun_grant()).company)
    AND number = ANY ((SELECT (xiangyun_grant()).registers)::integer[])
    AND (
        cardinality((SELECT (xiangyun_grant()).keys)::text[]) = 0
        OR key = ANY ((SELECT (xiangyun_grant()).keys)::text[])
    )
);
