-- Who sees a message: whoever acts for its party now; of one to an official besides, as long as the
-- official sees the case. The office that wrote sees that it was delivered and opened.
--
-- Frozen: migration 0001 installs this text. What comes after is another file under another name.

ALTER TABLE messaging_message ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON messaging_message FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system()
    OR (xiangyun_is_subject(recipient, matter)
        AND (NOT office OR case_id IS NULL OR xiangyun_sees_case(case_id)))
    OR (NOT office AND case_id IS NOT NULL
        AND (xiangyun_in_matter(need, matter, division) OR xiangyun_handles(case_id)))
);
CREATE POLICY put ON messaging_message FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
CREATE POLICY opened ON messaging_message FOR UPDATE TO xiangyun_runtime USING (
    xiangyun_is_system() OR xiangyun_is_subject(recipient, matter)
);

ALTER TABLE messaging_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON messaging_delivery FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system() OR EXISTS (SELECT FROM messaging_message m WHERE m.id = message_id)
);
CREATE POLICY put ON messaging_delivery FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
CREATE POLICY tried ON messaging_delivery FOR UPDATE TO xiangyun_runtime
    USING (xiangyun_is_system());

-- Where somebody is reached and how is known to nobody else.
ALTER TABLE messaging_contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON messaging_contact TO xiangyun_runtime
    USING (xiangyun_is_person(account) OR xiangyun_is_system());
ALTER TABLE messaging_preference ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON messaging_preference TO xiangyun_runtime
    USING (xiangyun_is_person(account) OR xiangyun_is_system());
ALTER TABLE messaging_feed ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON messaging_feed TO xiangyun_runtime
    USING (xiangyun_is_person(account) OR xiangyun_is_system());

ALTER TABLE messaging_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON messaging_entry FOR SELECT TO xiangyun_runtime USING (
    xiangyun_is_system()
    OR (xiangyun_is_subject(recipient, matter) AND (NOT office OR xiangyun_sees_case(case_id)))
);
CREATE POLICY put ON messaging_entry FOR INSERT TO xiangyun_runtime
    WITH CHECK (xiangyun_is_system());
CREATE POLICY changed ON messaging_entry FOR UPDATE TO xiangyun_runtime
    USING (xiangyun_is_system());
