-- A step writes what a case is about, too: its subject line follows what was corrected, and with it the
-- keyed hashes by which a sealed case is found. All else of a step is as in the seventh writing.
--
-- Frozen: migration 0030 installs this text. What comes after is another file under another name.

CREATE FUNCTION xiangyun_case_step_8(
    which uuid, seen integer, told text[],
    stands text, changed jsonb, closed json, opened json, recorded json, more jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid;
    asked bigint;
    of_case record;
BEGIN
    IF told IS NOT NULL THEN PERFORM xiangyun_acting_as(told); END IF;
    who := NULLIF(current_setting('xiangyun.person', true), '')::uuid;

    IF seen IS NOT NULL THEN
        SELECT c.matter, c.need, c.owner, c.filed_by, c.submitted_at INTO of_case
        FROM cases_case c WHERE c.id = which AND c.revision = seen AND xiangyun_sees_row(
            c.id, c.need, c.matter, c.division, c.owner, c.filed_by, c.filed_in);
        IF NOT FOUND THEN RETURN false; END IF;
        IF closed IS NOT NULL AND xiangyun_own_matter_of(
            who, which, of_case.owner, of_case.filed_by, of_case.submitted_at
        ) AND EXISTS (
            SELECT FROM json_populate_recordset(NULL::xiangyun_task_closed, closed) AS n
            JOIN cases_workitem w ON w.case_id = which AND w.token = n.token
            WHERE n."by" = who AND NOT xiangyun_is_partys(which, w.groups)
        ) THEN
            RETURN NULL;
        END IF;
    END IF;

    IF seen IS NULL THEN
        -- Of a draft that is not sent yet, for whom the draft says, by whoever may send it.
        UPDATE cases_draft d SET sent = true, updated_at = n.submitted_at
        FROM jsonb_populate_record(NULL::cases_case, more -> 'case') AS n
        WHERE d.id = which AND n.id = which AND NOT d.sent AND d.owner = n.owner
            AND d.filed_by IS NOT DISTINCT FROM n.filed_by AND d.version_id = n.version_id
            AND d.matter = n.matter AND d.need = n.need
            AND (xiangyun_is_subject(d.owner, d.matter) OR who = d.filed_by OR xiangyun_is_system());
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no unsent draft of this person' USING ERRCODE = 'XY002';
        END IF;
        INSERT INTO cases_case SELECT * FROM jsonb_populate_record(NULL::cases_case, more -> 'case')
            RETURNING matter, need INTO of_case;
        IF more ? 'parties' THEN
            INSERT INTO cases_party (case_id, role, party, name, sees)
            SELECT which, n.role, n.party, n.name, n.sees
            FROM jsonb_to_recordset(more -> 'parties') AS n (role text, party uuid, name text, sees boolean)
            ON CONFLICT DO NOTHING;
        END IF;
    ELSIF more ? 'case' THEN  -- more of the case than its tokens moves
        UPDATE cases_case c SET revision = seen + 1, state = stands,
            variables = c.variables || COALESCE(changed, '{}'), version_id = n.version_id,
            subject = n.subject, parts = n.parts, awaiting = n.awaiting, passed = n.passed, outcome = n.outcome,
            pauses = n.pauses, clocks = n.clocks, clock_from = n.clock_from,
            clock_stopped = n.clock_stopped, due_on = n.due_on, statutory_on = n.statutory_on,
            ended_at = n.ended_at
        FROM jsonb_populate_record(NULL::cases_case, more -> 'case') AS n
        WHERE c.id = which AND c.revision = seen;
    ELSIF changed IS NOT NULL THEN
        UPDATE cases_case c
        SET revision = seen + 1, state = stands, variables = c.variables || changed
        WHERE c.id = which AND c.revision = seen;
    ELSE  -- what is not written does not have to be read either
        UPDATE cases_case c SET revision = seen + 1, state = stands
        WHERE c.id = which AND c.revision = seen;
    END IF;
    IF NOT FOUND THEN RETURN false; END IF;  -- changed between the look and this

    IF closed IS NOT NULL THEN
        UPDATE cases_workitem w SET closed_at = n.closed_at, action = n.action, note = n.note,
            "by" = xiangyun_own_name(n."by", who, 'XY001'), by_name = n.by_name, by_desk = n.by_desk
        FROM json_populate_recordset(NULL::xiangyun_task_closed, closed) AS n
        WHERE w.case_id = which AND w.token = n.token AND w.closed_at IS NULL;
    END IF;
    IF closed IS NOT NULL AND of_case.need > 0 THEN  -- who has or had a task in it
        INSERT INTO cases_handler (case_id, account, name, since, reason)
        SELECT which, xiangyun_own_name(n."by", who, 'XY001'), n.by_name, n.closed_at, ''
        FROM json_populate_recordset(NULL::xiangyun_task_closed, closed) AS n
        JOIN cases_workitem w ON w.case_id = which AND w.token = n.token
        WHERE n."by" IS NOT NULL AND NOT xiangyun_is_partys(which, w.groups)
        ON CONFLICT DO NOTHING;
    END IF;
    IF more ? 'reopened' THEN  -- what was parked, tried again and is parked again: it is put anew
        DELETE FROM cases_workitem w
        WHERE w.case_id = which AND w.token IN (SELECT jsonb_array_elements_text(more -> 'reopened'));
    END IF;
    IF opened IS NOT NULL THEN
        INSERT INTO cases_workitem AS w (case_id, token, kind, element, name, groups, headers, inputs,
            division, matter, need, service, role, county, place, opened_at, due_on, amber_on, own_due,
            action, note, by_name, by_desk)
        SELECT which, n.token, n.kind, n.element, n.name, n.groups, n.headers, n.inputs, n.division,
            n.matter, of_case.need, n.service, xiangyun_role_of(n.groups), n.division / 1000000,
            CASE WHEN n.division % 1000000 = 0 THEN 0 ELSE n.division END, n.opened_at, n.due_on,
            n.amber_on, n.own_due, '', '', '', ''
        FROM json_populate_recordset(NULL::xiangyun_task_opened_5, opened) AS n;
    END IF;
    IF recorded IS NOT NULL THEN
        INSERT INTO journal_entry (at, verb, subject, division, owner, actor, actor_name, desk,
            salt, data, private, leaf, matter, need)
        SELECT n.at, n.verb, n.subject, n.division, n.owner,
            xiangyun_own_name(n.actor, who, 'XY002'), n.actor_name, n.desk, n.salt, n.data, n.private, n.leaf, of_case.matter, of_case.need
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
    IF more ? 'terms' THEN
        UPDATE cases_circle r SET terms = n.terms
        FROM (SELECT ARRAY(SELECT jsonb_array_elements_text(more -> 'terms')) AS terms) AS n
        WHERE r.case_id = which AND r.terms IS DISTINCT FROM n.terms;
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
        INSERT INTO cases_letter (case_id, kind, at, title, body, "to")
        SELECT which, n.kind, n.at, n.title, n.body, COALESCE(n."to", 'applicant')
        FROM jsonb_to_recordset(more -> 'letters') AS n (
            kind text, at timestamptz, title jsonb, body jsonb, "to" text
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
REVOKE ALL ON FUNCTION xiangyun_case_step_8 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_step_8 TO xiangyun_runtime;
