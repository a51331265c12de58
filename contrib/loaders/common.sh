# Read by the loaders. The client (clients/fetch_block_list.py --on-change) sets ADUAN_LIST, ADUAN_ADDED,
# ADUAN_REMOVED and ADUAN_OUTCOMES. ADUAN_FORMAT says how your system writes numbers: 62 (as on the list), plus, 0.
set -eu
: "${ADUAN_LIST:?run me by fetch_block_list.py --on-change}"

numbers() { # numbers FILE: one a line, as your system writes them
  case "${ADUAN_FORMAT:-62}" in
    62) cat "$1" ;;
    plus) sed 's/^/+/' "$1" ;;
    0) sed 's/^62/0/' "$1" ;;
    *) echo "ADUAN_FORMAT is 62, plus or 0" >&2; return 64 ;;
  esac
}

report() { # after everything succeeded: what was done, for the client to report
  {
    echo "number,answer,acted_at,reason"
    sed 's/$/,blocked,,/' "$ADUAN_ADDED"
    sed 's/$/,unblocked,,/' "$ADUAN_REMOVED"
  } > "$ADUAN_OUTCOMES"
}
