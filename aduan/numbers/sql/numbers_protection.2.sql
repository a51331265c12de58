-- The protected number that a canonical number is, or is a forged form of. Mirrors `aduan.numbers.protection`; a test
-- compares both.

CREATE OR REPLACE FUNCTION numbers_protection(canonical text, OUT protected_id bigint, OUT forged boolean)
RETURNS SETOF record LANGUAGE sql STABLE AS $$
    WITH code AS MATERIALIZED (  -- the text is taken apart once, not for each row
        SELECT substring(
            canonical FROM
            '^(?:\+62|(?:service|short):0?)(?:[2-79][0-9]{1,2})?(1[0-9]{2}|140[0-9]{2}|1500[0-9]{2,3})$'
        ) AS text
    )
    SELECT p.id, p.pattern <> canonical AND p.pattern NOT LIKE '%*'
    FROM numbers_protectednumber p, code
    WHERE p.active
      AND (
        p.pattern = canonical
        OR (p.pattern LIKE '%*' AND starts_with(canonical, left(p.pattern, -1)))
        OR p.pattern IN ('service:' || code.text, 'short:' || code.text)
      )
    ORDER BY p.pattern = canonical DESC, p.pattern LIKE '%*' DESC, p.pattern
    LIMIT 1
$$;
