-- What the register and the newest published lists say of one number, in one call whose statements stay planned. Every
-- number takes the same path until a published list carries it; nothing is asked of complaints or cases. The entries are
-- planned each time, with the lists as constants, so that the partitions of these few lists are opened and no others.

CREATE OR REPLACE FUNCTION blocklists_published_about(
    canonical text, number bigint, today date, moment timestamptz,
    OUT pattern text, OUT owner text, OUT protected_kind text, OUT forged boolean,
    OUT block_operator bigint, OUT block_listed_at timestamptz, OUT block_case bigint, OUT block_category text,
    OUT block_since date, OUT block_until date,
    OUT hold_operator bigint, OUT hold_listed_at timestamptz, OUT hold_case bigint, OUT hold_ends_at timestamptz
) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    lists bigint[];
    entry record;
    list record;
BEGIN
    SELECT p.pattern, p.owner, p.kind, f.forged INTO pattern, owner, protected_kind, forged
    FROM numbers_protection(canonical) f JOIN numbers_protectednumber p ON p.id = f.protected_id;

    SELECT coalesce(array_agg(newest.id), '{}') INTO lists
    FROM operators_operator o
    CROSS JOIN unnest(ARRAY['block', 'hold']) AS kept(series)
    CROSS JOIN LATERAL (
        SELECT l.id FROM blocklists_blocklist l
        WHERE l.operator_id = o.id AND l.series = kept.series AND l.state = 'published'
        ORDER BY l.sequence DESC LIMIT 1
    ) newest;

    FOR entry IN EXECUTE
        'SELECT list_id, case_id, category, since, until, ends_at FROM blocklists_blocklistentry
         WHERE list_id = ANY($1) AND digits = $2' USING lists, number
    LOOP
        SELECT l.series, l.operator_id, l.published_at INTO list FROM blocklists_blocklist l WHERE l.id = entry.list_id;
        IF list.series = 'block' AND entry.until > today THEN
            block_operator := list.operator_id; block_listed_at := list.published_at;
            block_case := entry.case_id; block_category := entry.category;
            block_since := entry.since; block_until := entry.until;
        ELSIF list.series = 'hold' AND entry.ends_at > moment THEN
            hold_operator := list.operator_id; hold_listed_at := list.published_at;
            hold_case := entry.case_id; hold_ends_at := entry.ends_at;
        END IF;
    END LOOP;
END
$$;
