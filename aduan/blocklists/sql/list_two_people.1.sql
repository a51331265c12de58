-- A stopped list goes on under two approvals, each of an active list manager with the evidence of a step-up over this
-- list's digest; an approval may be carried over from a list that this one replaced. Rules are proposed and agreed to in
-- the same way.

CREATE OR REPLACE FUNCTION blocklists_list_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    people bigint[] := array_remove(ARRAY[NEW.resumed_by_id, NEW.second_resumed_by_id], NULL);
    evidence bigint[] := array_remove(ARRAY[NEW.resumed_step_up_id, NEW.second_resumed_step_up_id], NULL);
BEGIN
    IF cardinality(people) = 0 THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' OR cardinality(evidence) <> cardinality(people) OR EXISTS (
        SELECT 1 FROM unnest(people, evidence) s (person, proof)
        WHERE NOT EXISTS (
            SELECT 1 FROM accounts_stepupevidence e
            JOIN accounts_user u ON u.id = e.person_id AND u.is_active AND 'list_manager' = ANY (u.roles)
            JOIN blocklists_blocklist l ON e.subject = 'block_list:' || l.id AND e.digest = l.digest
            WHERE e.id = s.proof AND e.person_id = s.person AND e.act = 'block_list.resume'
              AND (l.id = NEW.id OR l.operator_id = NEW.operator_id AND l.series = NEW.series AND l.id < NEW.id
                   AND l.state = 'rejected' AND l.rejected_reason = 'superseded'
                   AND l.as_of > NEW.as_of - interval '14 days'))
    ) THEN
        RAISE EXCEPTION 'a stopped list goes on with the step-up of two list managers' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT accounts_different_humans(people) THEN
        RAISE EXCEPTION 'one human cannot resume a list twice' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER list_two_people BEFORE INSERT OR UPDATE OF resumed_by_id, second_resumed_by_id,
    resumed_step_up_id, second_resumed_step_up_id ON blocklists_blocklist
FOR EACH ROW EXECUTE FUNCTION blocklists_list_two_people();

CREATE OR REPLACE FUNCTION blocklists_rules_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    people bigint[] := array_remove(ARRAY[NEW.proposed_by_id, NEW.agreed_by_id], NULL);
BEGIN
    IF TG_OP = 'INSERT' AND NEW.agreed_by_id IS NOT NULL
       OR TG_OP = 'INSERT' AND NOT accounts_stepped_up(NEW.proposed_step_up_id, NEW.proposed_by_id,
           ARRAY['list_rules.propose'], 'list_rules:new', NEW.proposed_at)
       OR NEW.agreed_by_id IS NOT NULL AND NOT accounts_stepped_up(NEW.agreed_step_up_id, NEW.agreed_by_id,
           ARRAY['list_rules.agree'], 'list_rules:' || NEW.id, NEW.agreed_at)
       OR NOT accounts_different_humans(people)
       OR EXISTS (SELECT 1 FROM accounts_user u
                  WHERE u.id = ANY (people) AND NOT (u.is_active AND 'list_manager' = ANY (u.roles))) THEN
        RAISE EXCEPTION 'rules take the step-up of two list managers' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER rules_two_people BEFORE INSERT OR UPDATE ON blocklists_listrules
FOR EACH ROW EXECUTE FUNCTION blocklists_rules_two_people();
