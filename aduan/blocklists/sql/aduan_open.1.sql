-- Whether no operator is set for the transaction (ministry, worker). Policies ask this first, to pay nothing per row.

CREATE OR REPLACE FUNCTION aduan_open() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('app.operator_id', true), '') = '' $$;
