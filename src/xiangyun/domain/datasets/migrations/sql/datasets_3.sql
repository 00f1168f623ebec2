-- The catalogue says how often it has changed; what is long in an entry lies beside it, so that
-- whoever reads numbers and facets reads little.
--
-- Frozen: migration 0003 installs this text. What comes after is another file under another name.

ALTER TABLE datasets_listing SET (toast_tuple_target = 256);
CREATE SEQUENCE datasets_revision;
INSERT INTO datasets_relisted (id, revision) VALUES (1, nextval('datasets_revision'));

CREATE FUNCTION datasets_relisted_1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- From a sequence: a number that was rolled back never comes again for other entries.
    UPDATE datasets_relisted SET revision = nextval('datasets_revision') WHERE id = 1;
    RETURN NULL;
END $$;

CREATE TRIGGER relisted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON datasets_listing
    FOR EACH STATEMENT EXECUTE FUNCTION datasets_relisted_1();
