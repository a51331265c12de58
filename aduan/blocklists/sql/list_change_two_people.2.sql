-- Which lists an operator gets, and what stands on them beside decided blocks, changes in the transaction in which a
-- second list manager approved exactly that. The sandbox's canaries come and go by themselves: it holds no number.

CREATE OR REPLACE FUNCTION blocklists_subscription_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_approved_now('inbound', 'operator:' || NEW.operator_id) t
        WHERE t ->> 'series' = NEW.series AND (t -> 'switched')::boolean = NEW.enabled)
       OR TG_OP = 'UPDATE' AND (OLD.id, OLD.operator_id, OLD.series) <> (NEW.id, NEW.operator_id, NEW.series) THEN
        RAISE EXCEPTION 'which lists an operator gets takes two list managers' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER subscription_two_people BEFORE INSERT OR UPDATE ON blocklists_listsubscription
FOR EACH ROW EXECUTE FUNCTION blocklists_subscription_two_people();

CREATE OR REPLACE FUNCTION blocklists_canary_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.id, OLD.operator_id, OLD.digits, OLD.since, OLD.category, OLD.case_id, OLD.created_by_id,
                             OLD.created_at)
                            IS DISTINCT FROM
                            (NEW.id, NEW.operator_id, NEW.digits, NEW.since, NEW.category, NEW.case_id, NEW.created_by_id,
                             NEW.created_at)
       OR TG_OP = 'UPDATE' AND NEW.until > OLD.until THEN
        RAISE EXCEPTION 'a canary only ends' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM operators_operator o WHERE o.id = NEW.operator_id AND o.is_sandbox)
       OR TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM accounts_approved_now('canary_end', 'canary:' || NEW.id))
       OR TG_OP = 'INSERT' AND EXISTS (
           SELECT 1 FROM accounts_approved_now('canary_add', 'operator:' || NEW.operator_id) t
           WHERE (t ->> 'digits')::bigint = NEW.digits) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a canary takes two list managers' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER canary_two_people BEFORE INSERT OR UPDATE ON blocklists_canary
FOR EACH ROW EXECUTE FUNCTION blocklists_canary_two_people();
