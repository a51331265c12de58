#!/bin/sh
# NOT RUN by our tests: written by Asterisk's documentation. Extensions of the context aduan-block, in a file that
# extensions.conf includes (#include aduan_block.conf); send callers there with GotoIf(${DIALPLAN_EXISTS(aduan-block,${CALLERID(num)},1)}?…).
. "$(dirname "$0")/common.sh"
file=${ASTERISK_FILE:-/etc/asterisk/aduan_block.conf}
{
  echo "[aduan-block]"
  sed 's/.*/exten => &,1,Hangup(21)/' "$numbers"
} > "$file.new"
mv "$file.new" "$file"
${ASTERISK_RELOAD:-asterisk -rx} "dialplan reload"
report
