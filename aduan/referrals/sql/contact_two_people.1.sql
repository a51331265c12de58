-- What citizens sent goes to a platform's address: it changes in the transaction in which a second person approved exactly
-- that.

CREATE OR REPLACE FUNCTION referrals_contact_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD OR EXISTS (
        SELECT 1 FROM operators_operator o CROSS JOIN LATERAL (
            SELECT * FROM accounts_approved_now('contact', 'operator:' || o.id)
            UNION ALL SELECT * FROM accounts_approved_now('platform', 'platform:' || o.code)) t (terms)
        WHERE o.id = NEW.platform_id AND t.terms @> jsonb_build_object(
            'referral_email', NEW.referral_email, 'language', NEW.language, 'representative', NEW.representative,
            'representative_email', NEW.representative_email, 'escalate_after_days', NEW.escalate_after_days,
            'source', NEW.source)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'how a platform is reached takes two people' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER contact_two_people BEFORE INSERT OR UPDATE ON referrals_platformcontact
FOR EACH ROW EXECUTE FUNCTION referrals_contact_two_people();
