-- A case is read in one statement and written in one. Both run with the rights of whoever calls
-- them, so that row-level security holds for each statement inside. Where nobody has told
-- PostgreSQL yet who asks (no `acting_as` around), the three settings come along and live as long
-- as this one statement. The migrations install what stands here; see store.py.

DROP FUNCTION IF EXISTS xiangyun_case_load;
-- The case, its tasks with whoever did them, and the calendar that stands: in one array, which is
-- read faster than a column for each. NULL where there is no such case to be seen.
CREATE FUNCTION xiangyun_case_load(which uuid, scope text, person text, presented text)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF scope IS NOT NULL THEN
        PERFORM set_config('xiangyun.scope', scope, true),
            set_config('xiangyun.person', person, true),
            set_config('xiangyun.presented', presented, true);
    END IF;
    RETURN (
        SELECT json_build_array(
            row_to_json(c),
            (SELECT json_agg(json_build_array(w.token, w.element, w.groups, w.headers,
                w.closed_at IS NULL, w.by) ORDER BY w.id)
                FROM cases_workitem w WHERE w.case_id = which),
            (SELECT e.mark FROM calendar_edition e)
        ) FROM cases_case c WHERE c.id = which
    );
END $$;

DROP FUNCTION IF EXISTS xiangyun_case_step;
-- Everything one step of a case changes; false, and nothing written, when somebody else changed
-- the case since it was read (`seen` is its revision then, NULL for a new case). What nearly every
-- step writes has a parameter of its own and is one statement inside; all else stands in `more`,
-- and so do tasks that are closed besides the one.
CREATE FUNCTION xiangyun_case_step(
    which uuid, seen integer, scope text, person text, presented text,
    stands text, changed jsonb, closing json, opening json, recording json, more jsonb
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    wide boolean := COALESCE(more ? 'case', false);  -- more of the case than its tokens moves
BEGIN
    IF scope IS NOT NULL THEN
        PERFORM set_config('xiangyun.scope', scope, true),
            set_config('xiangyun.person', person, true),
            set_config('xiangyun.presented', presented, true);
    END IF;
    IF seen IS NULL THEN
        INSERT INTO cases_case SELECT * FROM jsonb_populate_record(NULL::cases_case, more -> 'case')
            RETURNING revision INTO seen;
    END IF;

    WITH moved AS (
        UPDATE cases_case c SET revision = seen + 1, state = stands,
            -- what is left as it is is not written again, nor does it touch an index
            variables = CASE WHEN changed IS NULL THEN c.variables ELSE c.variables || changed END,
            version_id = CASE WHEN wide THEN n.version_id ELSE c.version_id END,
            parts = CASE WHEN wide THEN n.parts ELSE c.parts END,
            awaiting = CASE WHEN wide THEN n.awaiting ELSE c.awaiting END,
            passed = CASE WHEN wide THEN n.passed ELSE c.passed END,
            outcome = CASE WHEN wide THEN n.outcome ELSE c.outcome END,
            pauses = CASE WHEN wide THEN n.pauses ELSE c.pauses END,
            clocks = CASE WHEN wide THEN n.clocks ELSE c.clocks END,
            clock_from = CASE WHEN wide THEN n.clock_from ELSE c.clock_from END,
            clock_stopped = CASE WHEN wide THEN n.clock_stopped ELSE c.clock_stopped END,
            due_on = CASE WHEN wide THEN n.due_on ELSE c.due_on END,
            statutory_on = CASE WHEN wide THEN n.statutory_on ELSE c.statutory_on END,
            ended_at = CASE WHEN wide THEN n.ended_at ELSE c.ended_at END
        FROM jsonb_to_record(COALESCE(more -> 'case', '{}')) AS n (
            version_id uuid, parts jsonb, awaiting jsonb, passed text[], outcome text,
            pauses jsonb, clocks jsonb, clock_from date, clock_stopped date, due_on date,
            statutory_on date, ended_at timestamptz
        )
        WHERE c.id = which AND c.revision = seen
        RETURNING c.revision
    ), closed AS (
        UPDATE cases_workitem w SET closed_at = n.closed_at, action = n.action, note = n.note,
            "by" = n."by", by_name = n.by_name, by_desk = n.by_desk
        FROM moved, json_to_record(closing) AS n (
            token text, closed_at timestamptz, action text, note text, "by" uuid, by_name text,
            by_desk text
        )
        WHERE w.case_id = which AND w.token = n.token AND w.closed_at IS NULL
    ), opened AS (
        INSERT INTO cases_workitem AS w (case_id, token, element, name, groups, headers, inputs,
            division, service, role, county, place, opened_at, due_on, amber_on, own_due,
            action, note, by_name, by_desk)
        SELECT which, n.token, n.element, n.name, n.groups, n.headers, n.inputs, n.division,
            n.service, xiangyun_role_of(n.groups), n.division / 1000000,
            CASE WHEN n.division % 1000000 = 0 THEN 0 ELSE n.division END, n.opened_at, n.due_on,
            n.amber_on, n.own_due, '', '', '', ''
        FROM moved, json_to_recordset(opening) AS n (
            token text, element text, name text, groups text[], headers jsonb, inputs jsonb,
            division bigint, service text, opened_at timestamptz, due_on date, amber_on date,
            own_due boolean
        )
    ), recorded AS (
        INSERT INTO journal_entry (at, verb, subject, division, owner, actor, actor_name, desk,
            salt, data, private, leaf)
        SELECT n.at, n.verb, n.subject, n.division, n.owner, n.actor, n.actor_name, n.desk,
            n.salt, n.data, n.private, n.leaf
        FROM moved, json_to_recordset(recording) AS n (
            at timestamptz, verb text, subject text, division bigint, owner uuid, actor uuid,
            actor_name text, desk text, salt bytea, data jsonb, private jsonb, leaf bytea
        )
    )
    SELECT revision INTO seen FROM moved;
    IF NOT FOUND THEN RETURN false; END IF;
    IF more IS NULL THEN RETURN true; END IF;

    IF more ? 'closed' THEN
        UPDATE cases_workitem w SET closed_at = n.closed_at, action = n.action, note = n.note,
            "by" = n."by", by_name = n.by_name, by_desk = n.by_desk
        FROM jsonb_to_recordset(more -> 'closed') AS n (
            token text, closed_at timestamptz, action text, note text, "by" uuid, by_name text,
            by_desk text
        )
        WHERE w.case_id = which AND w.token = n.token AND w.closed_at IS NULL;
    END IF;
    IF more ? 'parked' THEN
        INSERT INTO cases_workitem AS w (case_id, token, element, name, groups, headers, inputs,
            division, service, role, county, place, opened_at, due_on, amber_on, own_due,
            action, note, by_name, by_desk)
        SELECT which, n.token, n.element, n.name, n.groups, n.headers, n.inputs, n.division,
            n.service, xiangyun_role_of(n.groups), n.division / 1000000,
            CASE WHEN n.division % 1000000 = 0 THEN 0 ELSE n.division END, n.opened_at, n.due_on,
            n.amber_on, n.own_due, '', '', '', ''
        FROM jsonb_to_recordset(more -> 'parked') AS n (
            token text, element text, name text, groups text[], headers jsonb, inputs jsonb,
            division bigint, service text, opened_at timestamptz, due_on date, amber_on date,
            own_due boolean
        )
        -- what was parked, tried again and parked again
        ON CONFLICT (case_id, token) DO UPDATE SET closed_at = NULL, headers = EXCLUDED.headers,
            opened_at = EXCLUDED.opened_at, due_on = EXCLUDED.due_on,
            amber_on = EXCLUDED.amber_on, action = '', note = '', "by" = NULL,
            escalated_at = NULL;
    END IF;
    IF more ? 'reworded' THEN
        UPDATE cases_workitem w SET name = n.name, groups = n.groups,
            role = xiangyun_role_of(n.groups), headers = n.headers, inputs = n.inputs
        FROM jsonb_to_recordset(more -> 'reworded') AS n (
            token text, name text, groups text[], headers jsonb, inputs jsonb
        )
        WHERE w.case_id = which AND w.token = n.token AND w.closed_at IS NULL;
    END IF;
    IF more ? 'together' THEN
        INSERT INTO cases_roleset (role, groups)
        SELECT DISTINCT xiangyun_role_of(n.groups), n.groups
        FROM jsonb_to_recordset(more -> 'together') AS n (groups text[])
        ON CONFLICT DO NOTHING;
    END IF;
    IF more ? 'due' THEN
        UPDATE cases_workitem w SET due_on = n.due_on, amber_on = n.amber_on,
            -- what is in time again is no longer before its overseer
            escalated_at = CASE WHEN n.due_on < n.today THEN w.escalated_at END
        FROM jsonb_to_recordset(more -> 'due') AS n (
            stage text, due_on date, amber_on date, today date
        )
        WHERE w.case_id = which AND w.closed_at IS NULL AND NOT w.own_due
            AND coalesce(w.headers ->> 'stage', '') = n.stage;
    END IF;
    IF more ? 'escalated' THEN
        UPDATE cases_workitem w SET escalated_at = n.escalated_at, escalated_to = n.escalated_to
        FROM jsonb_to_recordset(more -> 'escalated') AS n (
            token text, escalated_at timestamptz, escalated_to text
        )
        WHERE w.case_id = which AND w.token = n.token;
    END IF;

    IF more ? 'timers' THEN
        INSERT INTO cases_timer (case_id, token, element, due, closed_at)
        SELECT which, n.token, n.element, n.due, n.closed_at
        FROM jsonb_to_recordset(more -> 'timers') AS n (
            token text, element text, due timestamptz, closed_at timestamptz
        )
        ON CONFLICT (case_id, token) DO UPDATE SET due = EXCLUDED.due,
            closed_at = EXCLUDED.closed_at;
    END IF;
    IF more ? 'stopped' THEN
        UPDATE cases_timer t SET closed_at = n.closed_at
        FROM jsonb_to_recordset(more -> 'stopped') AS n (token text, closed_at timestamptz)
        WHERE t.case_id = which AND t.token = n.token;
    END IF;
    IF more ? 'calls' THEN
        UPDATE cases_servicecall s SET answered_at = n.answered_at, result = n.result,
            problem = n.problem
        FROM jsonb_to_recordset(more -> 'calls') AS n (
            token text, answered_at timestamptz, result jsonb, problem text
        )
        WHERE s.case_id = which AND s.token = n.token AND s.answered_at IS NULL;
    END IF;
    IF more ? 'decisions' THEN
        INSERT INTO cases_decision (case_id, element, decision, at, value, trace)
        SELECT which, n.element, n.decision, n.at, n.value, n.trace
        FROM jsonb_to_recordset(more -> 'decisions') AS n (
            element text, decision text, at timestamptz, value jsonb, trace jsonb
        );
    END IF;

    IF more ? 'letters' THEN
        INSERT INTO cases_letter (case_id, kind, at, title, body)
        SELECT which, n.kind, n.at, n.title, n.body
        FROM jsonb_to_recordset(more -> 'letters') AS n (
            kind text, at timestamptz, title jsonb, body jsonb
        );
    END IF;

    IF more ? 'jobs' THEN
        -- procrastinate's own way of taking many jobs at once
        PERFORM procrastinate_defer_jobs_v1(ARRAY(
            SELECT ROW('cases', n.task, 0, NULL, NULL, n.args, n.at)::procrastinate_job_to_defer_v1
            FROM jsonb_to_recordset(more -> 'jobs') AS n (task text, args jsonb, at timestamptz)
        ));
    END IF;
    RETURN true;
END $$;
