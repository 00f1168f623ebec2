-- The sense of records is the platform's: who may see a record is asked of the register.
--
-- Frozen: migration 0002 installs this text. What comes after is another file under another name.

ALTER TABLE offers_sense ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON offers_sense USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
ALTER TABLE offers_sensed ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON offers_sensed USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
