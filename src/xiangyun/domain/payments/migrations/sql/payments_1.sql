-- Who sees which order, payment and refund. The platform alone writes.
--
-- Frozen: migration 0001 installs this text. What comes after is another file under another name.

-- Whether the asker looks after fees in a place; of a case above `ordinary` nobody does by a role.
CREATE FUNCTION xiangyun_keeps_fees(need smallint, division bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT need = 0 AND xiangyun_gives(ARRAY['fee_officer'], division)
$$;

-- An order is its payer's, of those who look after fees in its place, and of whoever sees its case.
ALTER TABLE payments_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON payments_order TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY payer ON payments_order FOR SELECT TO xiangyun_runtime
    USING (xiangyun_is_subject(payer, matter));
CREATE POLICY office ON payments_order FOR SELECT TO xiangyun_runtime
    USING (xiangyun_keeps_fees(need, division));
CREATE POLICY case_seen ON payments_order FOR SELECT TO xiangyun_runtime
    USING (EXISTS (SELECT FROM cases_case c WHERE c.id = case_id));

-- What came and what goes back is seen with its order; what has no order, by the platform alone.
ALTER TABLE payments_payment ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON payments_payment TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY with_order ON payments_payment FOR SELECT TO xiangyun_runtime
    USING (EXISTS (SELECT FROM payments_order o WHERE o.id = order_id));
ALTER TABLE payments_refund ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON payments_refund TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY with_order ON payments_refund FOR SELECT TO xiangyun_runtime
    USING (EXISTS (SELECT FROM payments_order o WHERE o.id = order_id));

-- That a day was reconciled, and its sums, everybody who looks after fees somewhere may know; a
-- difference, whoever does so in its place.
ALTER TABLE payments_reconciliation ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON payments_reconciliation TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY office ON payments_reconciliation FOR SELECT TO xiangyun_runtime
    USING (EXISTS (SELECT FROM xiangyun_mandates() m WHERE m.role = 'fee_officer'));
ALTER TABLE payments_unmatched ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON payments_unmatched TO xiangyun_runtime
    USING (xiangyun_is_system()) WITH CHECK (xiangyun_is_system());
CREATE POLICY office ON payments_unmatched FOR SELECT TO xiangyun_runtime
    USING (xiangyun_gives(ARRAY['fee_officer'], division));
