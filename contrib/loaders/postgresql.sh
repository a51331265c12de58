#!/bin/sh
# The list as table aduan_block(number) of ADUAN_DATABASE (a libpq address): old and new in one transaction.
. "$(dirname "$0")/common.sh"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "${ADUAN_DATABASE:?a libpq address}" <<SQL
BEGIN;
CREATE TABLE IF NOT EXISTS aduan_block (number text PRIMARY KEY);
CREATE TEMP TABLE aduan_new (number text PRIMARY KEY) ON COMMIT DROP;
\\copy aduan_new FROM '$numbers'
DELETE FROM aduan_block b WHERE NOT EXISTS (SELECT FROM aduan_new n WHERE n.number = b.number);
INSERT INTO aduan_block SELECT number FROM aduan_new ON CONFLICT DO NOTHING;
COMMIT;
SQL
report
