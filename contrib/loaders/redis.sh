#!/bin/sh
# The list as set aduan:block of the Redis or Valkey at ADUAN_REDIS (redis://…): a number is SISMEMBER aduan:block.
. "$(dirname "$0")/common.sh"
redis() { "${REDIS_CLI:-redis-cli}" -u "${ADUAN_REDIS:?redis://…}" "$@"; }
redis DEL aduan:block:new > /dev/null
if [ -s "$numbers" ]; then
  xargs -n 500 "${REDIS_CLI:-redis-cli}" -u "$ADUAN_REDIS" SADD aduan:block:new < "$numbers" > /dev/null
  redis RENAME aduan:block:new aduan:block > /dev/null
else
  redis DEL aduan:block > /dev/null
fi
# redis-cli ends with 0 also when the server refused (no password, full, a replica): so the set is counted.
loaded=$(redis SCARD aduan:block)
[ "$loaded" = "$(($(wc -l < "$numbers")))" ] || { echo "the set was not loaded: $loaded" >&2; exit 1; }
report
