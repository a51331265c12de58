-- Each entry of the audit log carries the digest of the one before. Entries are numbered without gaps: the advisory
-- lock lets one transaction write at a time. `aduan.core.hash_chain` computes the same digest.

CREATE OR REPLACE FUNCTION core_audit_log_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('core_auditlogentry'));
    SELECT seq, hash INTO last FROM core_auditlogentry ORDER BY seq DESC LIMIT 1;
    NEW.seq := COALESCE(last.seq, 0) + 1;
    NEW.prev := COALESCE(last.hash, '');
    NEW.hash := encode(sha256(convert_to(jsonb_build_array(
        NEW.seq, NEW.prev, extract(epoch FROM NEW.at)::text, NEW.actor, NEW.action, NEW.subject, NEW.detail
    )::text, 'UTF8')), 'hex');
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER audit_log_chain BEFORE INSERT ON core_auditlogentry
FOR EACH ROW EXECUTE FUNCTION core_audit_log_chain();
