-- Whether a row of the register of protected numbers speaks of this canonical number, forged forms included: what
-- `aduan.numbers.protection` and `numbers_protection` say, for one pattern that need not be in the register yet.

CREATE OR REPLACE FUNCTION cases_number_matches(canonical text, pattern text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT canonical = pattern
        OR (pattern LIKE '%*' AND starts_with(canonical, left(pattern, -1)))
        OR pattern IN ('service:' || code.text, 'short:' || code.text)
    FROM (SELECT substring(
        canonical FROM
        '^(?:\+62|(?:service|short):0?)(?:[2-79][0-9]{1,2})?(1[0-9]{2}|140[0-9]{2}|1500[0-9]{2,3})$'
    ) AS text) code
$$;
