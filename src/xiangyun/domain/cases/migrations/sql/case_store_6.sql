-- Reading and writing a step with fewer questions to PostgreSQL. All else is as in the fifth writing. The
-- writings of before stay beside it, for the code of before, until an upgrade is over.
--
-- Every function here is read under one search path: a plan that PostgreSQL keeps is made anew
-- whenever it is asked for under another one, and a step asks by turns for reading and for writing.
--
-- Frozen: migration 0021 installs this text. What comes after is another file under another name.

-- As xiangyun_act_as, but an expression, which becomes a part of the statement that asks for it.
CREATE FUNCTION xiangyun_acting_as(told text[]) RETURNS text LANGUAGE sql AS $$
    SELECT concat(
        set_config('xiangyun.scope', told[1], true), set_config('xiangyun.person', told[2], true),
        set_config('xiangyun.presented', told[3], true),
        set_config('xiangyun.subject', told[4], true), set_config('xiangyun.about', told[5], true),
        set_config('xiangyun.matters', told[6], true),
        set_config('xiangyun.across', told[7], true),
        set_config('xiangyun.roles', COALESCE(told[8], ''), true)
    )
$$;

-- Nobody decides in an own matter: of the party itself, of whom one files for, represents or
-- represented since the case was sent, or stands in the case beside; under whatever account.
-- For functions of the owner alone, which have the case at hand.
CREATE FUNCTION xiangyun_own_matter_of(
    acting uuid, which uuid, owner uuid, filed_by uuid, sent timestamptz
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    number text;
    same uuid[] := ARRAY[acting];
BEGIN
    -- of nobody nothing is asked, for which a plan of its own would be kept
    IF acting IS NULL THEN RETURN false; END IF;
    SELECT a.id_number INTO number FROM accounts_account a WHERE a.id = acting;
    IF number <> '' THEN
        same := ARRAY(
            SELECT b.id FROM accounts_account b WHERE b.id_number = number AND b.id_number <> ''
        );
    END IF;
    RETURN COALESCE(owner = ANY (same) OR filed_by = ANY (same), false) OR EXISTS (
        SELECT FROM parties_representation r
        WHERE r.party_id = owner AND r.representative_id = ANY (same)
            AND (r.ended_at IS NULL OR r.ended_at >= sent)
            AND (r.to_on IS NULL OR r.to_on >= sent::date)
    ) OR EXISTS (
        SELECT FROM cases_party p WHERE p.case_id = which AND p.party = ANY (same)
    );
END $$;
REVOKE ALL ON FUNCTION xiangyun_own_matter_of FROM PUBLIC;
CREATE OR REPLACE FUNCTION xiangyun_own_matter_2(acting uuid, which uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT xiangyun_own_matter_of(acting, c.id, c.owner, c.filed_by, c.submitted_at)
        FROM cases_case c WHERE c.id = which
    );
END $$;

-- What is written under a name is written under the own one; XY001 and XY002 as in the step.
CREATE FUNCTION xiangyun_refuse_name(code text) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'in the name of another' USING ERRCODE = code;
END $$;
CREATE FUNCTION xiangyun_own_name(written uuid, who uuid, code text) RETURNS uuid LANGUAGE sql AS $$
    SELECT CASE WHEN written IS NULL OR written = who THEN written ELSE xiangyun_refuse_name(code) END
$$;

-- The case, its tasks with whoever did them, and the calendar that stands: in one array, which is
-- read faster than a column for each. NULL where there is no such case to be seen: by the one rule
-- that row-level security asks too. Who sees a case sees its tasks.
CREATE FUNCTION xiangyun_case_load_4(which uuid, told text[])
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF told IS NOT NULL THEN PERFORM xiangyun_acting_as(told); END IF;
    RETURN (
        SELECT json_build_array(
            row_to_json(c),
            (SELECT json_agg(json_build_array(w.token, w.kind, w.element, w.groups, w.headers,
                w.closed_at IS NULL, w.by) ORDER BY w.id)
                FROM cases_workitem w WHERE w.case_id = which),
            (SELECT e.mark FROM calendar_edition e)
        ) FROM cases_case c WHERE c.id = which AND xiangyun_sees_row(
            c.id, c.need, c.matter, c.division, c.owner, c.filed_by, c.filed_in)
    );
END $$;
REVOKE ALL ON FUNCTION xiangyun_case_load_4 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_load_4 TO xiangyun_runtime;

-- Everything one step of a case changes; false, and nothing written, when somebody else changed
-- the case since it was read (`seen` is its revision then, NULL for a new case) or when whoever
-- acts does not see it. What only some steps write stands in `more`, rows by name.
-- NULL, and nothing written, for an official task in an own matter, which nobody does. XY002: what the
-- draft does not cover, and what is done in the name of another.
CREATE FUNCTION xiangyun_case_step_6(
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
            WHERE n."by" = who AND NOT 'applicant' = ANY (w.groups)
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
            parts = n.parts, awaiting = n.awaiting, passed = n.passed, outcome = n.outcome,
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
        WHERE n."by" IS NOT NULL AND NOT 'applicant' = ANY (w.groups)
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
REVOKE ALL ON FUNCTION xiangyun_case_step_6 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_step_6 TO xiangyun_runtime;
