#!/bin/sh
# Verify a downloaded block list with openssl and the tools every Unix has. POSIX sh.
#
#   [ADUAN_OPERATOR=CODE] verify.sh PUB.PEM FOLDER [OLD_FOLDER]
#
# PUB.PEM is the ministry's public key, got by a safe way; while it changes it may hold the new and the old one, one
# after the other. FOLDER holds manifest.json, block.txt, added.txt,
# removed.txt (block.csv, block.json if you use them) and a signature `<name>.sig` for each. OLD_FOLDER is the list
# in use: then this also checks that the new one follows it. ADUAN_OPERATOR is your code: then another operator's
# list is refused. Exit 0: everything fits. Anything else: keep the old list; 3 says that it is genuine but expired.
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

# 4. It follows the list in use.
if [ -n "$old" ] && [ -e "$old/manifest.json" ]; then
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
# 5. It is not older than it says it may become. (Times in UTC, written so that their order is that of text.)
until=$(text expires_at '  ')
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
if [ "$(printf '%s\n' "$now" "$until" | sort | head -n 1)" != "$now" ]; then
  echo "EXPIRED at $until (this machine's clock says $now): a newer list must be there, fetch it" >&2
  exit 3
fi
print=$(openssl pkey -pubin -in "$pub" -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)
echo "fits: $(text folder '  '), $(number block '    ') numbers, signed by the key $print"
