-- Whether the transaction may see rows of this operator: true when no operator is set for it (ministry, worker).

CREATE OR REPLACE FUNCTION aduan_sees(bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.operator_id', true), '')::bigint = $1, true) $$;
