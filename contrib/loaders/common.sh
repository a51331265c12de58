# Read by the loaders. The client (clients/fetch_block_list.py --on-change) sets ADUAN_LIST, ADUAN_ADDED,
# ADUAN_REMOVED and ADUAN_OUTCOMES. ADUAN_FORMAT says how your system writes numbers: 62 (as on the list), plus, 0.
set -eu
: "${ADUAN_LIST:?run me by fetch_block_list.py --on-change}"

# The numbers of the list, one a line, as your system writes them: in a file, since sh does not see what fails
# at the beginning of a pipe, and would load an empty list.
numbers=$(mktemp)
trap 'rm -f "$numbers"' EXIT
case "${ADUAN_FORMAT:-62}" in
  62) cat "$ADUAN_LIST/block.txt" > "$numbers" ;;
  plus) sed 's/^/+/' "$ADUAN_LIST/block.txt" > "$numbers" ;;
  0) sed 's/^62/0/' "$ADUAN_LIST/block.txt" > "$numbers" ;;
  *) echo "ADUAN_FORMAT is 62, plus or 0" >&2; exit 64 ;;
esac

report() { # after everything succeeded: what was done, for the client to report
  {
    echo "number,answer,acted_at,reason"
    sed 's/$/,blocked,,/' "$ADUAN_ADDED"
    sed 's/$/,unblocked,,/' "$ADUAN_REMOVED"
  } > "$ADUAN_OUTCOMES"
}
