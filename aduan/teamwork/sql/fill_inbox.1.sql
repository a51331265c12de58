-- What happens to a case reaches the inbox of those whom it concerns, whichever service or role does it:
-- answers of complainants reach who asked last, disagreement and rejection who proposed, every step who watches.
-- No one hears of their own step. Steps before the last signature carry no name: the reader may still have to sign.

CREATE OR REPLACE FUNCTION teamwork_fill_inbox() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO teamwork_inboxitem (person_id, case_id, kind, by_id, event_id, created_at)
    SELECT DISTINCT ON (heard.person_id) heard.person_id, NEW.case_id, heard.kind,
        CASE WHEN NEW.action IN ('propose', 'agree', 'disagree', 'propose_hold', 'request_change')
            THEN NULL ELSE NEW.actor_id END,
        NEW.id, NEW.created_at
    FROM (
        SELECT asked.actor_id AS person_id, 'answered' AS kind, 1 AS turn FROM (
            SELECT e.actor_id FROM cases_caseevent e
            WHERE NEW.action = 'complete' AND e.case_id = NEW.case_id AND e.action = 'ask'
            ORDER BY e.id DESC LIMIT 1
        ) asked
        UNION ALL
        SELECT proposed.proposed_by_id, 'returned', 1 FROM (
            SELECT p.proposed_by_id FROM cases_proposal p
            WHERE NEW.action IN ('disagree', 'reject') AND p.case_id = NEW.case_id
            ORDER BY p.id DESC LIMIT 1
        ) proposed
        UNION ALL
        SELECT w.person_id, 'watched', 2 FROM teamwork_casewatch w WHERE w.case_id = NEW.case_id
    ) heard
    WHERE heard.person_id IS NOT NULL AND heard.person_id IS DISTINCT FROM NEW.actor_id
    ORDER BY heard.person_id, heard.turn;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS teamwork_fill_inbox ON cases_caseevent;
CREATE TRIGGER teamwork_fill_inbox AFTER INSERT ON cases_caseevent
FOR EACH ROW WHEN (NEW.action NOT IN ('file', 'route')) EXECUTE FUNCTION teamwork_fill_inbox();
