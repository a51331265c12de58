-- A protected number is never blocked. The register of protected numbers itself is asked, spoofed forms of a number
-- included, whatever the case says of its number.

CREATE OR REPLACE FUNCTION cases_block_protected_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF numbers_is_protected((SELECT n.canonical FROM numbers_phonenumber n WHERE n.id = NEW.number_id)) THEN
        RAISE EXCEPTION 'a protected number is never blocked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER block_protected_number BEFORE INSERT ON cases_block
FOR EACH ROW WHEN (NEW.requested_action = 'block') EXECUTE FUNCTION cases_block_protected_number();
