ALTER TABLE registers_register ALTER COLUMN formerly SET DEFAULT '[]';
-- Today's records become facts; they were seen by the place, companies by everybody.
UPDATE registers_record SET number = xiangyun_register_number(register);
UPDATE registers_record SET reach = number * 1000000000000 + division;
ALTER TABLE registers_record
    ALTER COLUMN number SET NOT NULL,
    ALTER COLUMN reach SET NOT NULL,
    ALTER COLUMN matter SET DEFAULT 0,
    ALTER COLUMN fictitious SET DEFAULT true,
    ALTER COLUMN data SET DEFAULT '{}',
    ALTER COLUMN source SET DEFAULT '',
    ALTER COLUMN recorded_on SET DEFAULT '2026-01-01';
INSERT INTO registers_county (register, county)
SELECT DISTINCT number, division / 1000000 FROM registers_record;
INSERT INTO registers_fact (record_id, version, data, valid_from, recorded_at, source, why, leaf)
SELECT id, 0, data, recorded_on, recorded_on, source, '', 0 FROM registers_record ORDER BY id;

CREATE TRIGGER record_placed BEFORE INSERT ON registers_record
    FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION xiangyun_record_placed();
CREATE TRIGGER record_replaced BEFORE UPDATE OF data ON registers_record
    FOR EACH ROW WHEN (NEW.fact IS NOT DISTINCT FROM OLD.fact)
    EXECUTE FUNCTION xiangyun_record_placed();
CREATE TRIGGER record_said AFTER INSERT ON registers_record
    FOR EACH ROW WHEN (NEW.fact IS NULL AND NEW.data <> '{}')
    EXECUTE FUNCTION xiangyun_record_said();
CREATE TRIGGER record_said_again AFTER UPDATE OF data ON registers_record
    FOR EACH ROW WHEN (NEW.fact IS NOT DISTINCT FROM OLD.fact)
    EXECUTE FUNCTION xiangyun_record_said();
DROP INDEX record_brand;

-- The typed index rows. `lane` is (register number, field number, past, county) in one number, so
-- that a search reads a range of an index for each county that the asker may look into; only
-- comparisons of integers and of texts under "C" are used, which are leakproof.
CREATE TABLE registers_term (
    lane bigint NOT NULL,
    text text COLLATE "C",
    latin text COLLATE "C",
    initials text COLLATE "C",
    number bigint,
    record_id bigint NOT NULL,
    reach bigint NOT NULL
);
CREATE INDEX term_by_text ON registers_term (lane, text, record_id) INCLUDE (reach)
    WHERE text IS NOT NULL;
CREATE INDEX term_by_latin ON registers_term (lane, latin, record_id) INCLUDE (reach)
    WHERE latin IS NOT NULL;
CREATE INDEX term_by_initials ON registers_term (lane, initials, record_id) INCLUDE (reach)
    WHERE initials IS NOT NULL;
CREATE INDEX term_by_number ON registers_term (lane, number, record_id) INCLUDE (reach)
    WHERE number IS NOT NULL;
CREATE INDEX term_of_record ON registers_term (record_id);

DROP POLICY read_records ON registers_record;
DROP POLICY keep_records ON registers_record;
CREATE POLICY seen ON registers_record FOR SELECT USING (
    reach <@ (SELECT xiangyun_reach()) OR xiangyun_is_subject(holder, matter)
    OR (reach < 0 AND xiangyun_handles_record(id))
);
CREATE POLICY kept ON registers_record FOR INSERT WITH CHECK (xiangyun_is_system());
CREATE POLICY changed ON registers_record FOR UPDATE USING (xiangyun_is_system());

ALTER TABLE registers_fact ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_a_record ON registers_fact FOR SELECT
    USING (EXISTS (SELECT FROM registers_record r WHERE r.id = record_id));
CREATE POLICY kept ON registers_fact FOR INSERT WITH CHECK (xiangyun_is_system());
CREATE POLICY superseded ON registers_fact FOR UPDATE USING (xiangyun_is_system());

ALTER TABLE registers_term ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON registers_term FOR SELECT USING (
    reach <@ (SELECT xiangyun_reach()) OR (reach < 0 AND xiangyun_handles_record(record_id))
);
CREATE POLICY kept ON registers_term FOR INSERT WITH CHECK (xiangyun_is_system());
CREATE POLICY changed ON registers_term FOR UPDATE USING (xiangyun_is_system());
CREATE POLICY ended ON registers_term FOR DELETE USING (xiangyun_is_system());

ALTER TABLE registers_batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_platform ON registers_batch USING (xiangyun_is_system());
ALTER TABLE registers_handler ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON registers_handler FOR SELECT
    USING (xiangyun_is_system() OR xiangyun_is_person(account));
CREATE POLICY named ON registers_handler FOR INSERT WITH CHECK (xiangyun_is_system());
CREATE POLICY released ON registers_handler FOR DELETE USING (xiangyun_is_system());

-- What is declared everybody may read; the platform alone declares.
ALTER TABLE registers_register ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON registers_register FOR SELECT USING (true);
CREATE POLICY kept ON registers_register USING (xiangyun_is_system());
ALTER TABLE registers_declaration ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON registers_declaration FOR SELECT USING (true);
CREATE POLICY kept ON registers_declaration USING (xiangyun_is_system());
ALTER TABLE registers_reader ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON registers_reader FOR SELECT USING (true);
CREATE POLICY kept ON registers_reader USING (xiangyun_is_system());
ALTER TABLE registers_fieldnumber ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON registers_fieldnumber FOR SELECT USING (true);
CREATE POLICY kept ON registers_fieldnumber USING (xiangyun_is_system());
ALTER TABLE registers_county ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON registers_county FOR SELECT USING (true);
CREATE POLICY kept ON registers_county USING (xiangyun_is_system());
