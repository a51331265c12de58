-- The current answer of a referral is one of its own answers, and one that counts.
CREATE OR REPLACE FUNCTION referrals_current_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM referrals_referralanswer a
        WHERE a.id = NEW.current_id AND a.referral_id = NEW.id AND a.accepted
    ) THEN
        RAISE EXCEPTION 'the current answer of referral % is not an accepted answer to it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referrals_current_counts';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER referrals_current_counts BEFORE INSERT OR UPDATE OF current_id ON referrals_referral
    FOR EACH ROW WHEN (NEW.current_id IS NOT NULL) EXECUTE FUNCTION referrals_current_counts();

-- A platform is asked only what two people confirmed: a referral in force, of this platform.
CREATE OR REPLACE FUNCTION referrals_asks_what_was_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cases_block b
        WHERE b.id = NEW.block_id AND b.case_id = NEW.case_id AND b.operator_id = NEW.platform_id
          AND b.requested_action = 'refer'
    ) THEN
        RAISE EXCEPTION 'referral % does not follow a decision to refer', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referrals_asks_what_was_decided';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER referrals_asks_what_was_decided BEFORE INSERT ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION referrals_asks_what_was_decided();
