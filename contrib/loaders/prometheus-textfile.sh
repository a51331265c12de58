#!/bin/sh
# How the client stands, for node_exporter's textfile collector: prometheus-textfile.sh STATE TEXTFILE_FOLDER
# Run it after each run of the client, whatever its exit status was (systemd/aduan-fetch.service does).
set -eu
state=${1:?folder of the client} folder=${2:?folder of the textfile collector}
value() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$state/current/manifest.json" | head -n 1; }
{
  if [ -e "$state/last-word" ]; then
    echo "# HELP aduan_client_last_success_timestamp_seconds When the ministry's metadata was last verified."
    echo "# TYPE aduan_client_last_success_timestamp_seconds gauge"
    echo "aduan_client_last_success_timestamp_seconds $(stat -c %Y "$state/last-word")"
  fi
  if [ -e "$state/current/manifest.json" ]; then
    echo "# HELP aduan_client_list_sequence Sequence of the list in place."
    echo "# TYPE aduan_client_list_sequence gauge"
    echo "aduan_client_list_sequence $(value sequence)"
    echo "# HELP aduan_client_list_installed_timestamp_seconds When the list in place was put there."
    echo "# TYPE aduan_client_list_installed_timestamp_seconds gauge"
    echo "aduan_client_list_installed_timestamp_seconds $(stat -c %Y "$state/current/")"
    echo "# HELP aduan_client_list_numbers Numbers on the list in place."
    echo "# TYPE aduan_client_list_numbers gauge"
    echo "aduan_client_list_numbers $(($(wc -l < "$state/current/block.txt")))"
  fi
} > "$folder/.aduan.prom.new"
mv "$folder/.aduan.prom.new" "$folder/aduan.prom"
