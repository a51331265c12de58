#!/bin/sh
# Verify a downloaded block list with openssl and the tools every Unix has. POSIX sh.
#
#   [ADUAN_OPERATOR=CODE] [ADUAN_ROLE=removal|hold] verify.sh PUB.PEM FOLDER [OLD_FOLDER]
#
# PUB.PEM is the ministry's public key, got by a safe way; while it changes it may hold the new and the old one, one
# after the other. FOLDER holds manifest.json, block.txt, added.txt,
# removed.txt (block.csv, block.json if you use them) and a signature `<name>.sig` for each. OLD_FOLDER is the list
# in use: then this also checks that the new one follows it. ADUAN_OPERATOR is your code: then another operator's
# list is refused. ADUAN_ROLE=removal: the list was named by the role `removal`, which may only take numbers off the list
# in use, so OLD_FOLDER is needed, and nothing may be there that it has not. ADUAN_ROLE=hold: the role `hold` named it, which
# may publish hold lists only. Of a hold list, whoever named it, every row must have an end,
# within ADUAN_HOLD_HOURS (168) of its making, and there are at most ADUAN_HOLD_MOST (1000) rows: compare both with what
# `targets` signs (`custom`). Exit 0: everything fits. Anything else: keep the old list; 3 says that it is genuine but expired,
# 2 that it was called wrongly.
#
# This proves who made the list and that nothing was changed. That it is the newest one is proved by TUF
# (fetch_block_list.py); without it, compare the sequence with what the portal shows.

set -u
LC_ALL=C
export LC_ALL
umask 077

refuse() { echo "REFUSED: $*" >&2; exit 1; }
[ $# -ge 2 ] || { echo "usage: verify.sh PUB.PEM FOLDER [OLD_FOLDER]" >&2; exit 2; }
pub=$1 new=$2 old=${3:-}
[ -r "$pub" ] || { echo "$pub cannot be read" >&2; exit 2; }
case ${ADUAN_ROLE:-} in ''|removal|hold) ;; *) echo "ADUAN_ROLE is removal, hold or nothing, not $ADUAN_ROLE" >&2; exit 2 ;; esac
[ -z "$old" ] || [ -e "$old/manifest.json" ] || { echo "$old is no list: leave it out for the first one" >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM

sha256() { openssl dgst -sha256 -r "$1" | cut -d' ' -f1; }
size() { wc -c < "$1" | tr -d ' '; }

# 1. The manifest is signed by the ministry, with one of the keys.
[ -s "$new/manifest.json" ] && [ "$(size "$new/manifest.json.sig")" = 64 ] || refuse "manifest or signature missing"
awk -v to="$work/key" '/-----BEGIN PUBLIC KEY-----/ { n++ } n { print > (to n ".pem") }' "$pub"
pub=
for key in "$work"/key*.pem; do
  openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$new/manifest.json" -sigfile "$new/manifest.json.sig" \
    > "$work/said" 2>&1 && pub=$key && break
done
[ -n "$pub" ] || refuse "manifest.json: the signature does not fit"

# The manifest is canonical JSON: sorted keys, two spaces, one value a line. So lines can be read.
m=$new/manifest.json
text() { sed -n "s/^$2\"$1\": \"\([A-Za-z0-9._/:-]*\)\",\{0,1\}\$/\1/p" "$m" | head -n 1; }
number() { sed -n "s/^$2\"$1\": \([0-9][0-9]*\),\{0,1\}\$/\1/p" "$m" | head -n 1; }
of_file() { sed -n "/^    \"$1\": {\$/,/^    }/p" "$m" | sed -n "s/^      \"$2\": \"\{0,1\}\([a-f0-9]*\)\"\{0,1\},\{0,1\}\$/\1/p"; }
[ "$(text format '  ')" = "aduan-nomor-list/1" ] || refuse "the manifest has an unknown format"
[ -z "${ADUAN_OPERATOR:-}" ] || [ "$(text operator '  ')" = "$ADUAN_OPERATOR" ] || refuse "another operator's list"

# 2. Every file has the length and digest of the manifest, and its own signature.
for name in block.txt added.txt removed.txt block.csv block.json; do
  file=$new/$name
  case $name in *.txt) ;; *) [ -e "$file" ] || continue ;; esac
  [ -e "$file" ] || refuse "$name is missing"
  [ "$(size "$file")" = "$(of_file "$name" size)" ] || refuse "$name: wrong length"
  [ "$(sha256 "$file")" = "$(of_file "$name" sha256)" ] || refuse "$name: wrong digest"
  if [ -s "$file" ]; then # openssl cannot read an empty file; that it is empty stands in the manifest
    openssl pkeyutl -verify -pubin -inkey "$pub" -rawin -in "$file" -sigfile "$file.sig" > "$work/said" 2>&1 \
      || refuse "$name: the signature does not fit"
  fi
done

# 3. The numbers are canonical: digits only, sorted, each once, as many as the manifest says.
for part in block added removed; do
  file=$new/$part.txt
  [ -s "$file" ] && [ "$(tail -c 1 "$file" | od -An -tx1 | tr -d ' ')" != 0a ] && refuse "$part.txt: last line is cut"
  grep -qv '^[1-9][0-9]*$' "$file" && refuse "$part.txt: a line is not a number"
  sort -c -u "$file" 2>"$work/said" || refuse "$part.txt: not in order"
  [ "$(wc -l < "$file" | tr -d ' ')" = "$(number "$part" '    ')" ] || refuse "$part.txt: wrong count"
done
if [ -e "$new/block.csv" ]; then # block.txt blocks, block.csv says until when
  tail -n +2 "$new/block.csv" | cut -d, -f1 | cmp -s - "$new/block.txt" || refuse "block.csv and block.txt differ"
fi

# 4. It follows the list in use.
if [ -n "$old" ]; then
  was=$(m=$old/manifest.json; number sequence '  ')
  now=$(number sequence '  ')
  [ "$(text operator '  ')" = "$(m=$old/manifest.json; text operator '  ')" ] || refuse "another operator's list"
  [ "$now" -ge "$was" ] || refuse "sequence $now after $was: rolled back"
  if [ "$now" = "$was" ]; then
    cmp -s "$old/manifest.json" "$new/manifest.json" || refuse "two different lists with sequence $now"
  elif [ "$now" = $((was + 1)) ]; then
    [ "$(sed -n '/^  "previous": {$/,/^  }/p' "$m" | sed -n 's/^    "sha256": "\([a-f0-9]*\)".*/\1/p')" \
      = "$(sha256 "$old/manifest.json")" ] || refuse "the list does not follow the one in use"
    [ -z "$(comm -12 "$old/block.txt" "$new/added.txt")" ] || refuse "a number is added that was there already"
    [ -z "$(comm -13 "$old/block.txt" "$new/removed.txt")" ] || refuse "a number is removed that was not there"
    sort -m -u "$old/block.txt" "$new/added.txt" | comm -23 - "$new/removed.txt" | cmp -s - "$new/block.txt" \
      || refuse "the list is not the one before plus added minus removed"
  fi
fi
# 5. An online role keeps within what it may do.
case ${ADUAN_ROLE:-}/$(text kind '  ') in
  removal/interim|hold/hold|/*) ;;
  *) refuse "the role $ADUAN_ROLE may not publish this list" ;;
esac
if [ "${ADUAN_ROLE:-}" = removal ]; then
  [ -n "$old" ] && [ -e "$old/block.txt" ] || refuse "a removal needs the list in use"
  [ -s "$new/added.txt" ] && refuse "a removal adds numbers"
  [ -z "$(comm -13 "$old/block.txt" "$new/block.txt")" ] || refuse "a removal holds a number that is not in use"
  if [ -e "$old/block.csv" ] && [ -e "$new/block.csv" ]; then
    for csv in "$old" "$new"; do tail -n +2 "$csv/block.csv" | cut -d, -f1-6 | sort > "$work/rows.$([ "$csv" = "$old" ] && echo old || echo new)"; done
    [ -z "$(comm -13 "$work/rows.old" "$work/rows.new")" ] || refuse "a removal changes a row"
    if [ "$(head -n 1 "$old/block.csv")" = "$(head -n 1 "$new/block.csv")" ]; then # a column may be new
      sort "$old/block.csv" > "$work/rows.old"
      [ -z "$(sort "$new/block.csv" | comm -13 "$work/rows.old" -)" ] || refuse "a removal changes a row"
    fi
  fi
fi
if [ "$(text kind '  ')" = hold ]; then
  [ -e "$new/block.csv" ] || refuse "the ends of holds stand in block.csv: fetch it"
  [ "$(number block '    ')" -le "${ADUAN_HOLD_MOST:-1000}" ] || refuse "more holds than are signed for"
  awk -F, -v made="$(text selected_at '  ')" -v hours="${ADUAN_HOLD_HOURS:-168}" -v now="$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
    function day(text,  y, m, d) { # days since 1 March of the year 0
      y = substr(text, 1, 4) + 0; m = substr(text, 6, 2) + 0; d = substr(text, 9, 2) + 0
      if (m < 3) { y--; m += 12 }
      return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d
    }
    function second(text) { return day(text) * 86400 + substr(text, 12, 2) * 3600 + substr(text, 15, 2) * 60 + substr(text, 18, 2) }
    NR == 1 && second(made) > second(now) + 3600 { exit 1 } # or a time to come would make any end early enough
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ends_at") column = i; next }
    !column || $column !~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z$/ { exit 1 }
    second($column) > second(made) + hours * 3600 { exit 1 }
  ' "$new/block.csv" || refuse "a hold without an end, with one that is too late, or of a time to come"
fi
# 6. It is not older than it says it may become. (Times in UTC, written so that their order is that of text.)
until=$(text expires_at '  ')
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
if [ "$(printf '%s\n' "$now" "$until" | sort | head -n 1)" != "$now" ]; then
  echo "EXPIRED at $until (this machine's clock says $now): a newer list must be there, fetch it" >&2
  exit 3
fi
print=$(openssl pkey -pubin -in "$pub" -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)
echo "fits: $(text folder '  '), $(number block '    ') numbers, signed by the key $print"
