-- Whether a canonical number is protected, forged forms included.

CREATE OR REPLACE FUNCTION numbers_is_protected(canonical text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM numbers_protection(canonical))
$$;
