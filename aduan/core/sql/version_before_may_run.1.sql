-- Whether the version before may still be at work on this database: for a day after a migration that made a rule stricter
-- (docs/operations/upgrade.md). Never where that migration came with the installation itself.

CREATE OR REPLACE FUNCTION core_version_before_may_run(app text, migration text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM django_migrations stricter JOIN django_migrations first USING (app)
        WHERE stricter.app = $1 AND stricter.name = $2 AND first.name = '0001_initial'
          AND stricter.applied > first.applied + interval '1 hour'
          AND stricter.applied > now() - interval '1 day')
$$;
