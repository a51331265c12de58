-- A closed partition of entries cannot be emptied either: triggers on rows do not see TRUNCATE. The trigger is
-- created on each partition when it is closed (`blocklists.services.entries`).

CREATE OR REPLACE FUNCTION blocklists_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the entries of a list are final: % cannot be emptied', TG_TABLE_NAME;
END $$;
