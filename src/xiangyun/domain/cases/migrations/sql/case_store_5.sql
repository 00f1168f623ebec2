-- Who sees a case and what hangs on it by place, matter and need, and the reading and writing of a
-- step with them. All else of a step is as in the fourth writing. The writings of before stay beside
-- it, for the code of before, until an upgrade is over.
--
-- Frozen: migration 0017 installs this text. What comes after is another file under another name.

-- All settings of one transaction, told at once; one more than before: the mandates, for registers.
CREATE OR REPLACE FUNCTION xiangyun_act_as(told text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('xiangyun.scope', told[1], true),
        set_config('xiangyun.person', told[2], true),
        set_config('xiangyun.presented', told[3], true),
        set_config('xiangyun.subject', told[4], true),
        set_config('xiangyun.about', told[5], true),
        set_config('xiangyun.matters', told[6], true),
        set_config('xiangyun.across', told[7], true),
        set_config('xiangyun.roles', COALESCE(told[8], ''), true);
END $$;

-- What lies beside place and matter: who handles a case that only its handlers may know, a party of
-- it, and a department that has or had a task in it. With the rights of the owner, because whoever
-- asks does not see these rows by himself.
CREATE FUNCTION xiangyun_handles(which uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM cases_handler h
        WHERE h.case_id = which AND xiangyun_is_person(h.account) AND h.ended_at IS NULL
    );
END $$;
CREATE FUNCTION xiangyun_has_part(which uuid, need smallint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF COALESCE(current_setting('xiangyun.person', true), '') = '' THEN RETURN false; END IF;
    RETURN EXISTS (
        SELECT FROM cases_party p JOIN cases_case c ON c.id = p.case_id
        WHERE p.case_id = which AND p.sees AND xiangyun_is_subject(p.party, c.matter)
    ) OR CASE WHEN need > 0 THEN xiangyun_handles(which) ELSE EXISTS (
        SELECT FROM cases_workitem w
        WHERE w.case_id = which AND xiangyun_in_matter(0::smallint, w.matter, w.division)
    ) END;
END $$;
-- The one rule of who sees a case: by place, matter and need; the party it is about; the desk that
-- filed it and those across departments where it was filed; who has a part in it.
CREATE FUNCTION xiangyun_sees_row(
    which uuid, need smallint, matter integer, division bigint, owner uuid, filed_by uuid, filed_in bigint
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT xiangyun_in_matter(need, matter, division) OR xiangyun_is_subject(owner, matter)
        OR COALESCE(xiangyun_is_person(filed_by), false)
        OR COALESCE(need * 100000000000000000 + filed_in <@ COALESCE(
            NULLIF(current_setting('xiangyun.across', true), ''), '{}')::int8multirange, false)
        OR xiangyun_has_part(which, need)
$$;
CREATE OR REPLACE FUNCTION xiangyun_sees_subject(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM cases_case c WHERE c.number = wanted);
END $$;
CREATE FUNCTION xiangyun_handles_numbered(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM cases_case c WHERE c.number = wanted AND xiangyun_handles(c.id));
END $$;
-- The code of before knows neither of the two.
CREATE FUNCTION xiangyun_case_of_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.matter := COALESCE(NEW.matter, 0);
    NEW.need := COALESCE(NEW.need, 0);
    RETURN NEW;
END $$;
CREATE TRIGGER case_of_before BEFORE INSERT ON cases_case FOR EACH ROW
WHEN (NEW.matter IS NULL OR NEW.need IS NULL) EXECUTE FUNCTION xiangyun_case_of_before();
-- Whether somebody holds the role of open work whose case only its handlers may know: such work is
-- seen in the queue, without names, and taken from there.
CREATE FUNCTION xiangyun_may_take(which uuid, wanted text, place bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM accounts_mandate m
        WHERE xiangyun_is_person(m.account_id) AND m.role = ANY (string_to_array(wanted, ','))
            AND place BETWEEN m.low AND m.high AND xiangyun_in_term(m.from_on, m.to_on)
    ) AND EXISTS (
        SELECT FROM cases_workitem w
        WHERE w.case_id = which AND w.closed_at IS NULL AND w.role = wanted
    );
END $$;
-- Nobody decides in an own matter: of the party itself, of whom one files for, represents or
-- represented since the case was sent, or stands in the case beside; under whatever account.
CREATE FUNCTION xiangyun_own_matter_2(acting uuid, which uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found record;
    same uuid[];
BEGIN
    SELECT c.owner, c.filed_by, c.submitted_at INTO found FROM cases_case c WHERE c.id = which;
    IF acting IN (found.owner, found.filed_by) THEN RETURN true; END IF;
    SELECT array_agg(b.id) || acting INTO same
    FROM accounts_account a JOIN accounts_account b ON b.id_number = a.id_number
    WHERE a.id = acting AND a.id_number <> '';
    same := COALESCE(same, ARRAY[acting]);
    RETURN COALESCE(found.owner = ANY (same), false) OR COALESCE(found.filed_by = ANY (same), false)
        OR EXISTS (
            SELECT FROM parties_representation r
            WHERE r.party_id = found.owner AND r.representative_id = ANY (same)
                AND (r.ended_at IS NULL OR r.ended_at >= found.submitted_at)
                AND (r.to_on IS NULL OR r.to_on >= found.submitted_at::date)
        ) OR EXISTS (
            SELECT FROM cases_party p WHERE p.case_id = which AND p.party = ANY (same)
        );
END $$;
-- What names a party that a letter is addressed to.
CREATE FUNCTION xiangyun_is_addressed(which uuid, wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM cases_party p JOIN cases_case c ON c.id = p.case_id
        WHERE p.case_id = which AND p.role = wanted AND xiangyun_is_subject(p.party, c.matter)
    );
END $$;
-- Whoever holds the role takes open work of such a case and handles it from then on.
CREATE FUNCTION xiangyun_case_take(which uuid, wanted text, who_name text, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid := NULLIF(current_setting('xiangyun.person', true), '')::uuid;
BEGIN
    IF who IS NULL OR xiangyun_own_matter_2(who, which) OR NOT EXISTS (
        SELECT FROM cases_workitem w
        WHERE w.case_id = which AND w.token = wanted AND w.need > 0 AND w.closed_at IS NULL
            AND xiangyun_may_take(which, w.role, w.division)
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO cases_handler (case_id, account, name, since, reason, named_by)
    VALUES (which, who, who_name, now(), why, NULL)
    ON CONFLICT (case_id, account) DO UPDATE SET ended_at = NULL, reason = EXCLUDED.reason;
    RETURN true;
END $$;
-- Who handles a case names others: its team, its overseers.
CREATE FUNCTION xiangyun_case_name(which uuid, whom uuid, whose_name text, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (xiangyun_handles(which) OR xiangyun_is_system()) OR xiangyun_own_matter_2(whom, which)
        OR NOT EXISTS (SELECT FROM cases_case c WHERE c.id = which AND c.need > 0) THEN
        RETURN false;
    END IF;
    INSERT INTO cases_handler (case_id, account, name, since, reason, named_by)
    VALUES (which, whom, whose_name, now(), why,
        NULLIF(current_setting('xiangyun.person', true), '')::uuid)
    ON CONFLICT (case_id, account) DO UPDATE SET ended_at = NULL, reason = EXCLUDED.reason;
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION xiangyun_case_take, xiangyun_case_name FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_take, xiangyun_case_name TO xiangyun_runtime;

-- The case, its tasks with whoever did them, and the calendar that stands: in one array, which is
-- read faster than a column for each. NULL where there is no such case to be seen.
CREATE FUNCTION xiangyun_case_load_3(which uuid, told text[])
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF told IS NOT NULL THEN PERFORM xiangyun_act_as(told); END IF;
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

-- A row that nearly every step writes, as JSON has it.
CREATE TYPE xiangyun_task_opened_5 AS (
    token text, kind text, element text, name text, groups text[], headers jsonb, inputs jsonb,
    division bigint, matter integer, service text, opened_at timestamptz, due_on date,
    amber_on date, own_due boolean
);

-- Everything one step of a case changes; false, and nothing written, when somebody else changed
-- the case since it was read (`seen` is its revision then, NULL for a new case) or when whoever
-- acts does not see it. What only some steps write stands in `more`, rows by name.
-- NULL, and nothing written, for an official task in an own matter, which nobody does. XY002: what the
-- draft does not cover, and what is done in the name of another.
CREATE FUNCTION xiangyun_case_step_5(
    which uuid, seen integer, told text[],
    stands text, changed jsonb, closed json, opened json, recorded json, more jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who uuid;
    asked bigint;
    of_case record;  -- its matter and its need
BEGIN
    IF told IS NOT NULL THEN PERFORM xiangyun_act_as(told); END IF;
    who := NULLIF(current_setting('xiangyun.person', true), '')::uuid;

    IF closed IS NOT NULL AND who IS NOT NULL AND seen IS NOT NULL AND EXISTS (
        SELECT FROM json_populate_recordset(NULL::xiangyun_task_closed, closed) AS n
        JOIN cases_workitem w ON w.case_id = which AND w.token = n.token
        WHERE n."by" = who AND NOT 'applicant' = ANY (w.groups)
    ) AND xiangyun_own_matter_2(who, which) THEN
        RETURN NULL;
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
        WHERE c.id = which AND c.revision = seen AND xiangyun_sees_row(
            c.id, c.need, c.matter, c.division, c.owner, c.filed_by, c.filed_in)
            RETURNING c.matter, c.need INTO of_case;
    ELSIF changed IS NOT NULL THEN
        UPDATE cases_case c
        SET revision = seen + 1, state = stands, variables = c.variables || changed
        WHERE c.id = which AND c.revision = seen AND xiangyun_sees_row(
            c.id, c.need, c.matter, c.division, c.owner, c.filed_by, c.filed_in)
            RETURNING c.matter, c.need INTO of_case;
    ELSE  -- what is not written does not have to be read either
        UPDATE cases_case c SET revision = seen + 1, state = stands
        WHERE c.id = which AND c.revision = seen AND xiangyun_sees_row(
            c.id, c.need, c.matter, c.division, c.owner, c.filed_by, c.filed_in)
            RETURNING c.matter, c.need INTO of_case;
    END IF;
    IF of_case.matter IS NULL THEN RETURN false; END IF;

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
    IF closed IS NOT NULL AND of_case.need > 0 THEN  -- who has or had a task in it
        INSERT INTO cases_handler (case_id, account, name, since, reason)
        SELECT which, n."by", n.by_name, n.closed_at, ''
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
        SELECT n.at, n.verb, n.subject, n.division, n.owner, n.actor, n.actor_name, n.desk,
            n.salt, n.data, n.private, n.leaf, of_case.matter, of_case.need
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
REVOKE ALL ON FUNCTION xiangyun_case_step_5 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_case_step_5 TO xiangyun_runtime;
