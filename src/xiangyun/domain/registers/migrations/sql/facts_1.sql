-- Which registers an asker may look into, and where: register * 10^12 + division, as ranges.
--
-- The asker's mandates are told in one setting of the transaction, `xiangyun.roles`, as
-- "role department low high;…" (`.` for no department, `-` for a mandate across all). are
-- rows of registers_reader: a role, of a department or of none, `*` for whoever holds any mandate
-- over the place, `everybody` for all the world. The answer is kept for the transaction beside the
-- mandates that it follows from, so that it is worked out once.
CREATE FUNCTION xiangyun_reach() RETURNS int8multirange
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    told text := COALESCE(current_setting('xiangyun.roles', true), '');
    kept text := COALESCE(current_setting('xiangyun.reach', true), '');
    found int8multirange;
BEGIN
    IF xiangyun_is_system() THEN
        RETURN '{(,)}';
    END IF;
    IF starts_with(kept, told || '|') THEN
        RETURN substr(kept, length(told) + 2)::int8multirange;
    END IF;
    SELECT COALESCE(range_agg(reached), '{}') INTO found FROM (
        SELECT int8range(number * 1000000000000, number * 1000000000000 + 999999999999, '[]')
            AS reached
        FROM registers_reader JOIN registers_register ON number = register
        WHERE role = 'everybody'
        UNION ALL
        SELECT CASE WHEN placed
            THEN int8range(number * 1000000000000 + held.low, number * 1000000000000 + held.high, '[]')
            ELSE int8range(number * 1000000000000, number * 1000000000000 + 999999999999, '[]')
        END
        FROM (
            SELECT split_part(one, ' ', 1) AS role, split_part(one, ' ', 2) AS department,
                split_part(one, ' ', 3)::bigint AS low, split_part(one, ' ', 4)::bigint AS high
            FROM unnest(string_to_array(NULLIF(told, ''), ';')) AS one
        ) held
        JOIN registers_reader reader ON reader.role = '*' OR (
            reader.role = held.role
            AND (held.department = '-' OR reader.department = replace(held.department, '.', '')))
        JOIN registers_register ON number = reader.register
    ) reached;
    PERFORM set_config('xiangyun.reach', told || '|' || found::text, true);
    RETURN found;
END $$;

-- A record of a need above ordinary has a negative reach, and is seen by whoever was named for it.
CREATE FUNCTION xiangyun_handles_record(asked bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT FROM registers_handler h WHERE h.record_id = asked AND xiangyun_is_person(h.account)
    )
$$;

-- The number of a register by its code; one that is only used, not declared, gets a number too and
-- is read as before: by whoever holds a mandate over the place.
CREATE FUNCTION xiangyun_register_number(asked text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    found integer;
BEGIN
    SELECT number INTO found FROM registers_register WHERE code = asked OR formerly ? asked;
    IF found IS NULL THEN
        INSERT INTO registers_register (code) VALUES (asked) ON CONFLICT (code) DO NOTHING
        RETURNING number INTO found;
        IF found IS NULL THEN
            SELECT number INTO found FROM registers_register WHERE code = asked;
        ELSE
            INSERT INTO registers_reader (register, role, department)
            VALUES (found, CASE asked WHEN 'companies' THEN 'everybody' ELSE '*' END, '');
        END IF;
    END IF;
    RETURN found;
END $$;

-- What a build of before writes (data of a record, put over what was there) becomes a fact. Builds
-- of today write a new `fact` beside the data, those of before do not know the column.
CREATE FUNCTION xiangyun_record_placed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number IS NULL THEN
        NEW.number := xiangyun_register_number(NEW.register);
    END IF;
    NEW.reach := NEW.number * 1000000000000 + NEW.division;
    RETURN NEW;
END $$;
CREATE FUNCTION xiangyun_record_said() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registers_fact (record_id, version, data, valid_from, recorded_at, source, why, leaf)
    VALUES (NEW.id, 0, NEW.data, NEW.recorded_on, now(), NEW.source, '', 0);
    INSERT INTO registers_county (register, county) VALUES (NEW.number, NEW.division / 1000000)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
