#!/bin/sh
# The role that backups log in as, and the line that lets it stream WAL from the network of the containers. Run once, by
# the image of PostgreSQL when it makes the database; on any other server run it as the administrator of the database,
# with PGDATA (the folder of pg_hba.conf), POSTGRES_USER and POSTGRES_DB set, then reload the server.
set -eu
ADUAN_BACKUP_PASSWORD_FILE=${ADUAN_BACKUP_PASSWORD_FILE:-/run/secrets/backup_password}
export ADUAN_BACKUP_PASSWORD_FILE
test -r "$ADUAN_BACKUP_PASSWORD_FILE" || { echo "cannot read $ADUAN_BACKUP_PASSWORD_FILE" >&2; exit 1; }
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
\set password `cat "$ADUAN_BACKUP_PASSWORD_FILE"`
CREATE ROLE aduan_backup LOGIN REPLICATION PASSWORD :'password';
SQL
echo "host replication aduan_backup samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
