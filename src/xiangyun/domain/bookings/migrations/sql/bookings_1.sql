-- Who sees which booking.
--
-- Frozen: migration 0001 installs this text. What comes after is another file under another name.

-- A slot is what the platform locks; that somebody asked for it is no secret.
ALTER TABLE bookings_slot ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON bookings_slot TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY everybody ON bookings_slot FOR SELECT TO xiangyun_runtime USING (true);

-- A booking is its party's, and of the officials of its place; the platform alone writes.
ALTER TABLE bookings_booking ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON bookings_booking TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY own ON bookings_booking FOR SELECT TO xiangyun_runtime
    USING (xiangyun_is_subject(party));
CREATE POLICY office ON bookings_booking FOR SELECT TO xiangyun_runtime
    USING (xiangyun_in_scope(division));

-- Extended hours are for everybody to see.
ALTER TABLE bookings_extension ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON bookings_extension TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY everybody ON bookings_extension FOR SELECT TO xiangyun_runtime USING (true);

-- Whose calendar a secret address shows, the platform alone asks.
ALTER TABLE bookings_address ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON bookings_address TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
