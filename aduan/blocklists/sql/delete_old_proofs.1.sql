-- Downloads and outcomes prove who was handed which list and what they did. Nobody deletes them before ten years are
-- over by the clock of the database: the application's role may not at all, and calls this function of the owner, which
-- deletes the oldest ones, a few at a time (`blocklists.services.old_proofs`). The triggers `kept_ten_years` hold the
-- owner to the same years. Ten years are what UU 8/1997, art. 11, asks of business records: the ministry confirms them.

CREATE OR REPLACE FUNCTION blocklists_delete_old_proofs(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before timestamptz := clock_timestamp() - interval '10 years';
    old_reports bigint[];
    deleted bigint := 0;
    part bigint;
BEGIN
    DELETE FROM blocklists_download WHERE id IN (
        SELECT id FROM (SELECT id, at FROM blocklists_download ORDER BY id LIMIT most) oldest WHERE at < before);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    DELETE FROM blocklists_rejectedoutcomereport WHERE id IN (
        SELECT id FROM (SELECT id, at FROM blocklists_rejectedoutcomereport ORDER BY id LIMIT most) oldest
        WHERE at < before);
    GET DIAGNOSTICS part = ROW_COUNT;
    deleted := deleted + part;
    -- An outcome goes with its newest report: a later answer to the same number is of a later report.
    SELECT array_agg(id) INTO old_reports FROM (
        SELECT id, at FROM blocklists_outcomereport ORDER BY id LIMIT least(most, 1000)) oldest WHERE at < before;
    DELETE FROM blocklists_outcome WHERE id IN (
        SELECT id FROM blocklists_outcome WHERE report_id = ANY (old_reports) AND reported_at < before LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    deleted := deleted + part;
    DELETE FROM blocklists_outcomereport r WHERE r.id = ANY (old_reports)
        AND NOT EXISTS (SELECT FROM blocklists_outcome o WHERE o.report_id = r.id);
    GET DIAGNOSTICS part = ROW_COUNT;
    RETURN deleted + part;
END
$$;

REVOKE ALL ON FUNCTION blocklists_delete_old_proofs(integer) FROM PUBLIC;
