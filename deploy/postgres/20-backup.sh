#!/bin/sh
# The role that backups log in as, and the line that lets it stream WAL from the network of the containers. Run by the
# image of PostgreSQL when it makes the database; on any other server run it as the administrator of the database, as
# often as one likes: it makes what is missing and renews the password. The server says itself where its pg_hba.conf
# lies, so of several clusters on a machine the one that psql reaches (PGHOST, PGPORT) is changed, and no other.
set -eu
ADUAN_BACKUP_PASSWORD_FILE=${ADUAN_BACKUP_PASSWORD_FILE:-/run/secrets/backup_password}
export ADUAN_BACKUP_PASSWORD_FILE
test -s "$ADUAN_BACKUP_PASSWORD_FILE" || { echo "cannot read $ADUAN_BACKUP_PASSWORD_FILE" >&2; exit 1; }
ask() { psql -X -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-postgres}" "$@"; }

ask -q <<'SQL'
\set password `cat "$ADUAN_BACKUP_PASSWORD_FILE"`
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'aduan_backup') AS missing \gset
\if :missing
CREATE ROLE aduan_backup;
\endif
ALTER ROLE aduan_backup LOGIN REPLICATION PASSWORD :'password';
SQL

line="host replication aduan_backup samenet scram-sha-256"
file=$(ask -At -c "SHOW hba_file")
grep -qxF "$line" "$file" || echo "$line" >>"$file"
ask -At -c "SELECT pg_reload_conf()" >/dev/null
