-- Reading and writing a step with the kind of each work item. All else is as in the third writing,
-- which asked the second one; here both are one function. The writings of before stay beside it, for
-- the code of before, until an upgrade is over.
--
-- Frozen: migration 0014 installs this text. What comes after is another file under another name.

-- What the code of before writes has the kind of every column that it does not name, `task`, and says
-- by a header what else it is.
CREATE FUNCTION xiangyun_kind_of_work_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.kind := CASE WHEN NEW.headers ? 'incident' THEN 'incident' ELSE 'extension' END;
    RETURN NEW;
END $$;
CREATE TRIGGER kind_of_work_item BEFORE INSERT ON cases_workitem FOR EACH ROW
WHEN (NEW.kind = 'task' AND (NEW.headers ? 'incident' OR NEW.headers ? 'extension'))
EXECUTE FUNCTION xiangyun_kind_of_work_item();

-- The case, its tasks with whoever did them, and the calendar that stands: in one array, which is
-- read faster than a column for each. NULL where there is no such case to be seen.
CREATE FUNCTION xiangyun_case_load_2(which uuid, scope text, person text, presented text)
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
            (SELECT json_agg(json_build_array(w.token, w.kind, w.element, w.groups, w.headers,
                w.closed_at IS NULL, w.by) ORDER BY w.id)
                FROM cases_workitem w WHERE w.case_id = which),
            (SELECT e.mark FROM calendar_edition e)
        ) FROM cases_case c WHERE c.id = which
    );
END $$;

-- A row that nearly every step writes, as JSON has it.
CREATE TYPE xiangyun_task_opened_4 AS (
    token text, kind text, element text, name text, groups text[], headers jsonb, inputs jsonb,
    division bigint, service text, opened_at timestamptz, due_on date, amber_on date, own_due boolean
);

-- Everything one step of a case changes; false, and nothing written, when somebody else changed
-- the case since it was read (`seen` is its revision then, NULL for a new case) or when whoever
-- acts does not see it. What only some steps write stands in `more`, rows by name.
-- NULL, and nothing written, for an official task in an own matter, which nobody does. XY002: what the
-- draft does not cover, and what is done in the name of another.
CREATE FUNCTION xiangyun_case_step_4(
    which uuid, seen integer, scope text, person text, presented text,
    stands text, changed jsonb, closed json, opened json, recorded json, more jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid;
    asked bigint;
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

    IF seen IS NULL THEN
        -- Of a draft that is not sent yet, for whom the draft says, by whoever may send it.
        UPDATE cases_draft d SET sent = true, updated_at = n.submitted_at
        FROM jsonb_populate_record(NULL::cases_case, more -> 'case') AS n
        WHERE d.id = which AND n.id = which AND NOT d.sent AND d.owner = n.owner
            AND d.filed_by IS NOT DISTINCT FROM n.filed_by AND d.version_id = n.version_id
            AND (who IN (d.owner, d.filed_by) OR xiangyun_is_system());
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no unsent draft of this person' USING ERRCODE = 'XY002';
        END IF;
        INSERT INTO cases_case SELECT * FROM jsonb_populate_record(NULL::cases_case, more -> 'case');
    ELSIF more ? 'case' THEN  -- more of the case than its tokens moves
        UPDATE cases_case c SET revision = seen + 1, state = stands,
            variables = c.variables || COALESCE(changed, '{}'), version_id = n.version_id,
            parts = n.parts, awaiting = n.awaiting, passed = n.passed, outcome = n.outcome,
            pauses = n.pauses, clocks = n.clocks, clock_from = n.clock_from,
            clock_stopped = n.clock_stopped, due_on = n.due_on, statutory_on = n.statutory_on,
            ended_at = n.ended_at
        FROM jsonb_populate_record(NULL::cases_case, more -> 'case') AS n
        WHERE c.id = which AND c.revision = seen AND (xiangyun_in_scope(c.division)
            OR who IN (c.owner, c.filed_by) OR xiangyun_in_scope(c.filed_in));
    ELSIF changed IS NOT NULL THEN
        UPDATE cases_case c
        SET revision = seen + 1, state = stands, variables = c.variables || changed
        WHERE c.id = which AND c.revision = seen AND (xiangyun_in_scope(c.division)
            OR who IN (c.owner, c.filed_by) OR xiangyun_in_scope(c.filed_in));
    ELSE  -- what is not written does not have to be read either
        UPDATE cases_case c SET revision = seen + 1, state = stands
        WHERE c.id = which AND c.revision = seen AND (xiangyun_in_scope(c.division)
            OR who IN (c.owner, c.filed_by) OR xiangyun_in_scope(c.filed_in));
    END IF;
    IF NOT FOUND THEN RETURN false; END IF;

    IF closed IS NOT NULL AND EXISTS (
        SELECT FROM json_populate_recordset(NULL::xiangyun_task_closed, closed) AS n
        WHERE n."by" IS NOT NULL AND n."by" IS DISTINCT FROM who
    ) THEN
        RAISE EXCEPTION 'a task in the name of another' USING ERRCODE = 'XY001';
    END IF;
    IF recorded IS NOT NULL AND EXISTS (
        SELECT FROM json_populate_recordset(NULL::xiangyun_entry_recorded, recorded) AS n
        WHERE n.actor IS DISTINCT FROM who AND n.actor IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'an entry in the name of another' USING ERRCODE = 'XY002';
    END IF;

    IF closed IS NOT NULL THEN
        UPDATE cases_workitem w SET closed_at = n.closed_at, action = n.action, note = n.note,
            "by" = n."by", by_name = n.by_name, by_desk = n.by_desk
        FROM json_populate_recordset(NULL::xiangyun_task_closed, closed) AS n
        WHERE w.case_id = which AND w.token = n.token AND w.closed_at IS NULL;
    END IF;
    IF more ? 'reopened' THEN  -- what was parked, tried again and is parked again: it is put anew
        DELETE FROM cases_workitem w
        WHERE w.case_id = which AND w.token IN (SELECT jsonb_array_elements_text(more -> 'reopened'));
    END IF;
    IF opened IS NOT NULL THEN
        INSERT INTO cases_workitem AS w (case_id, token, kind, element, name, groups, headers, inputs,
            division, service, role, county, place, opened_at, due_on, amber_on, own_due,
            action, note, by_name, by_desk)
        SELECT which, n.token, n.kind, n.element, n.name, n.groups, n.headers, n.inputs, n.division,
            n.service, xiangyun_role_of(n.groups), n.division / 1000000,
            CASE WHEN n.division % 1000000 = 0 THEN 0 ELSE n.division END, n.opened_at, n.due_on,
            n.amber_on, n.own_due, '', '', '', ''
        FROM json_populate_recordset(NULL::xiangyun_task_opened_4, opened) AS n;
    END IF;
    IF recorded IS NOT NULL THEN
        INSERT INTO journal_entry (at, verb, subject, division, owner, actor, actor_name, desk,
            salt, data, private, leaf)
        SELECT n.at, n.verb, n.subject, n.division, n.owner, n.actor, n.actor_name, n.desk,
            n.salt, n.data, n.private, n.leaf
        FROM json_populate_recordset(NULL::xiangyun_entry_recorded, recorded) AS n;
    END IF;
    IF more IS NULL THEN RETURN true; END IF;

    IF more ? 'answers' THEN  -- corrected, for a task that asks for it and is closed by this step
        IF NOT EXISTS (
            SELECT FROM json_populate_recordset(NULL::xiangyun_task_closed, closed) AS n
            JOIN cases_workitem w ON w.case_id = which AND w.token = n.token
            WHERE 'applicant' = ANY (w.groups) AND w.headers ->> 'form' = 'answers'
        ) THEN
            RAISE EXCEPTION 'no task asked for answers' USING ERRCODE = 'XY002';
        END IF;
        UPDATE cases_draft d SET answers = more -> 'answers' WHERE d.id = which;
    END IF;

    IF more ? 'relabelled' THEN
        UPDATE cases_workitem w SET name = n.name, groups = n.groups,
            role = xiangyun_role_of(n.groups), headers = n.headers, inputs = n.inputs
        FROM jsonb_to_recordset(more -> 'relabelled') AS n (
            token text, name text, groups text[], headers jsonb, inputs jsonb
        )
        WHERE w.case_id = which AND w.token = n.token AND w.closed_at IS NULL;
    END IF;
    IF more ? 'role_sets' THEN
        INSERT INTO cases_roleset (role, groups)
        SELECT DISTINCT xiangyun_role_of(n.groups), n.groups
        FROM jsonb_to_recordset(more -> 'role_sets') AS n (groups text[])
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
    IF more ? 'asked' THEN  -- work for another department, handed over by a job
        FOR asked IN
            INSERT INTO cases_servicecall (case_id, token, element, type, headers, inputs,
                asked_at, problem)
            SELECT which, n.token, n.element, n.type, n.headers, n.inputs, n.asked_at, ''
            FROM jsonb_to_recordset(more -> 'asked') AS n (
                token text, element text, type text, headers jsonb, inputs jsonb,
                asked_at timestamptz
            )
            ON CONFLICT (case_id, token) DO NOTHING RETURNING id
        LOOP
            PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW('cases', 'cases.answer_service_call', 0,
                NULL, NULL, jsonb_build_object('call_id', asked), NULL
            )::procrastinate_job_to_defer_v1]);
        END LOOP;
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
REVOKE ALL ON FUNCTION xiangyun_case_step_4 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_step_4 TO xiangyun_runtime;
