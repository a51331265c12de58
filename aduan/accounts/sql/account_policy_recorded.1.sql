-- The policy of accounts is the table owner's to change. Whoever changes it, by whichever way, it stands in the audit log, and
-- the monitoring tells administrators, leads and auditors (`Condition.ACCOUNT_POLICY`).

CREATE OR REPLACE FUNCTION accounts_account_policy_recorded() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    defaults jsonb := '{"waiting_hours": 24, "password_steps_up": false, "mail_domains": []}';
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN defaults ELSE to_jsonb(OLD) - 'id' END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN defaults ELSE to_jsonb(NEW) - 'id' END;
    changed jsonb;
BEGIN
    SELECT jsonb_object_agg(key, value) INTO changed FROM jsonb_each(after) WHERE before -> key <> value;
    IF changed IS NOT NULL THEN
        INSERT INTO core_auditlogentry (at, actor, action, subject, detail)
        VALUES (clock_timestamp(), 'system', 'account_policy.change', 'account_policy:1', changed);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER account_policy_recorded AFTER INSERT OR UPDATE OR DELETE ON accounts_accountpolicy
FOR EACH ROW EXECUTE FUNCTION accounts_account_policy_recorded();
