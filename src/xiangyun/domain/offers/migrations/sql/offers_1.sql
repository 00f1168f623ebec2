-- A saved search is its account's; the platform looks who is to be told.
--
-- Frozen: migration 0001 installs this text. What comes after is another file under another name.

ALTER TABLE offers_search ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON offers_search USING (xiangyun_is_person(account));
CREATE POLICY platform ON offers_search USING (xiangyun_is_system())
    WITH CHECK (xiangyun_is_system());
