#!/bin/sh
# How the client stands, for node_exporter's textfile collector: prometheus-textfile.sh STATE TEXTFILE_FOLDER
# Run it after each run of the client, whatever its exit status was (systemd/aduan-fetch.service does, and says it in
# EXIT_STATUS). Alarm on last_success, on exit_status, and where taken_sequence stays behind sequence.
set -eu
state=${1:?folder of the client} folder=${2:?folder of the textfile collector}
sequence() { sed -n 's/^  "sequence": \([0-9][0-9]*\),\{0,1\}$/\1/p' "$1/manifest.json"; }
gauge() { # NAME VALUE HELP; nothing without a value: one bad line, and none of the file is read
  case $2 in '' | *[!0-9]*) return ;; esac
  printf '# HELP aduan_client_%s %s\n# TYPE aduan_client_%s gauge\naduan_client_%s %s\n' "$1" "$3" "$1" "$1" "$2"
}
exit_status=${EXIT_STATUS:-}
[ -n "$exit_status" ] || [ ! -e "$state/last-exit" ] || exit_status=$(cat "$state/last-exit") # --watch writes it
{
  gauge exit_status "$exit_status" "Exit status of the last run."
  [ ! -e "$state/last-word" ] ||
    gauge last_success_timestamp_seconds "$(stat -c %Y "$state/last-word")" \
      "When the ministry's metadata was last verified."
  if [ -e "$state/current/manifest.json" ]; then
    gauge list_sequence "$(sequence "$state/current")" "Sequence of the list in place."
    gauge list_installed_timestamp_seconds "$(stat -c %Y "$state/current/")" "When the list in place was put there."
  fi
  [ ! -e "$state/taken/manifest.json" ] ||
    gauge taken_sequence "$(sequence "$state/taken")" "Sequence of the list that --on-change took last."
  [ ! -e "$state/in-force/block.txt" ] ||
    gauge list_numbers "$(($(wc -l < "$state/in-force/block.txt")))" "Numbers to block now."
} > "$folder/.aduan.prom.new"
mv "$folder/.aduan.prom.new" "$folder/aduan.prom"
