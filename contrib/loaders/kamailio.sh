#!/bin/sh
# The list as htable `aduan` of a running Kamailio, from a db_text table in KAMAILIO_DBTEXT. In kamailio.cfg:
#   loadmodule "db_text.so"   loadmodule "htable.so"   loadmodule "ctl.so"
#   modparam("db_text", "db_mode", 1)
#   modparam("htable", "db_url", "text:///etc/kamailio/dbtext")
#   modparam("htable", "htable", "aduan=>size=16;dbtable=aduan")
#   if ($sht(aduan=>$fU) != $null) { sl_send_reply("603", "Blocked"); exit; }
. "$(dirname "$0")/common.sh"
folder=${KAMAILIO_DBTEXT:-/etc/kamailio/dbtext}
{
  echo "id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string) expires(int)"
  awk '{ printf "%d:%s:0:1:1:0\n", NR, $1 }' "$numbers"
} > "$folder/.aduan.new"
# db_text reads a table again when its time has changed, in whole seconds.
before=$(stat -c %Y "$folder/aduan" 2> /dev/null || echo 0)
if [ "$(stat -c %Y "$folder/.aduan.new")" -le "$before" ]; then touch -d "@$((before + 1))" "$folder/.aduan.new"; fi
mv "$folder/.aduan.new" "$folder/aduan"
said=$(kamcmd ${KAMAILIO_CTL:+-s "$KAMAILIO_CTL"} htable.reload aduan 2>&1) || { echo "$said" >&2; exit 1; }
case $said in *error:*) echo "$said" >&2; exit 1 ;; esac # kamcmd ends with 0 also when Kamailio refused
report
