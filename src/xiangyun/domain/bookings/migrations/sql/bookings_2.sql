-- Officials see a booking by place and by matter: those of the department of its resource, and those
-- across departments; what belongs to no department, everybody at its place.
--
-- Frozen: migration 0003 installs this text. What comes after is another file under another name.

DROP POLICY office ON bookings_booking;
CREATE POLICY office ON bookings_booking FOR SELECT TO xiangyun_runtime
    USING (xiangyun_in_matter(0::smallint, matter, division));
