#!/bin/sh
# The role that backups log in as, and the line that lets it stream WAL from the network of the containers. Run once, by
# the image of PostgreSQL when it makes the database; on any other server run it as the administrator of the database,
# with PGDATA, POSTGRES_USER and POSTGRES_DB set.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
\set password `cat /run/secrets/backup_password`
CREATE ROLE aduan_backup LOGIN REPLICATION PASSWORD :'password';
SQL
echo "host replication aduan_backup samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
