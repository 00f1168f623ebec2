-- The next number of a count. Its row stays locked until the transaction ends, so that whoever comes
-- next waits: a number of what is rolled back is given again, and none is missing or given twice.
--
-- Frozen: migration 0001 installs this text. What comes after is another file under another name.

CREATE FUNCTION xiangyun_next_number(of_series text, of_year integer, of_place bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO numbers_counter AS c (series, year, place, last)
    VALUES (of_series, of_year, of_place, 1)
    ON CONFLICT (series, year, place) DO UPDATE SET last = c.last + 1
    RETURNING last
$$;
REVOKE ALL ON FUNCTION xiangyun_next_number FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_next_number TO xiangyun_runtime;
