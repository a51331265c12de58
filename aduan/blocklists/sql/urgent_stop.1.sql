-- One person stops an urgent block only while the rules in force let it wait (else two minutes), and never one that stands
-- on a published list.

CREATE OR REPLACE FUNCTION blocklists_urgent_stop() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.released_at >= NEW.confirmed_at + make_interval(secs => coalesce((
            SELECT r.urgent_delay_seconds FROM blocklists_listrules r
            WHERE r.agreed_at IS NOT NULL ORDER BY r.id DESC LIMIT 1), 120))
        OR EXISTS (
            SELECT 1 FROM blocklists_blocklist l
            WHERE l.operator_id = NEW.operator_id AND l.state = 'published' AND l.published_at >= NEW.confirmed_at
              AND EXISTS (
                SELECT 1 FROM blocklists_blocklistentry e
                WHERE e.list_id = l.id AND e.digits = NEW.digits AND e.case_id = NEW.case_id))
    THEN
        RAISE EXCEPTION 'a block that a list may have ends under a request that two people signed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_takes_two';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER urgent_stop BEFORE UPDATE ON cases_block
FOR EACH ROW WHEN (OLD.released_at IS NULL AND NEW.released_at IS NOT NULL AND NEW.release_reason = 'stopped')
EXECUTE FUNCTION blocklists_urgent_stop();
