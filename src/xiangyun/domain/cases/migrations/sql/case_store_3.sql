-- Writing a step, with the refusal of an own matter as an answer (NULL) and not as an error: an error
-- would end the transaction of whoever is then to be told why. All else is the second writing.
--
-- Frozen: migration 0013 installs this text. What comes after is another file under another name.
CREATE FUNCTION xiangyun_case_step_3(
    which uuid, seen integer, scope text, person text, presented text,
    stands text, changed jsonb, closed json, opened json, recorded json, more jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid;
BEGIN
    IF scope IS NOT NULL THEN
        PERFORM set_config('xiangyun.scope', scope, true),
            set_config('xiangyun.person', person, true),
            set_config('xiangyun.presented', presented, true);
    END IF;
    who := NULLIF(current_setting('xiangyun.person', true), '')::uuid;
    IF closed IS NOT NULL AND who IS NOT NULL AND seen IS NOT NULL AND EXISTS (
        SELECT FROM cases_case c WHERE c.id = which AND xiangyun_own_matter(who, c.owner, c.filed_by)
    ) AND EXISTS (
        SELECT FROM json_populate_recordset(NULL::xiangyun_task_closed, closed) AS n
        JOIN cases_workitem w ON w.case_id = which AND w.token = n.token
        WHERE n."by" = who AND NOT 'applicant' = ANY (w.groups)
    ) THEN
        RETURN NULL;
    END IF;
    RETURN xiangyun_case_step_2(which, seen, NULL, NULL, NULL, stands, changed, closed, opened,
        recorded, more);
END $$;
REVOKE ALL ON FUNCTION xiangyun_case_step_3 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_step_3 TO xiangyun_runtime;
