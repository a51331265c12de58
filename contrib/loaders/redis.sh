#!/bin/sh
# The list as set aduan:block of the Redis or Valkey at ADUAN_REDIS (redis://…): a number is SISMEMBER aduan:block.
. "$(dirname "$0")/common.sh"
redis() { "${REDIS_CLI:-redis-cli}" -u "${ADUAN_REDIS:?redis://…}" "$@" > /dev/null; }
redis DEL aduan:block:new
if [ -s "$ADUAN_LIST/block.txt" ]; then
  numbers "$ADUAN_LIST/block.txt" | xargs -n 500 "${REDIS_CLI:-redis-cli}" -u "$ADUAN_REDIS" SADD aduan:block:new > /dev/null
  redis RENAME aduan:block:new aduan:block
else
  redis DEL aduan:block
fi
report
