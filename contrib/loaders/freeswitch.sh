#!/bin/sh
# NOT RUN by our tests: written by FreeSWITCH's documentation of mod_blacklist. In blacklist.conf.xml:
#   <list name="aduan" filename="/etc/freeswitch/blacklists/aduan.list"/>       then: blacklist check aduan <number>
. "$(dirname "$0")/common.sh"
file=${FREESWITCH_FILE:-/etc/freeswitch/blacklists/aduan.list}
cp "$numbers" "$file.new"
mv "$file.new" "$file"
${FREESWITCH_RELOAD:-fs_cli -x} "blacklist reload"
report
