#!/bin/sh
# Verify a snapshot of the public figures of Aduan Nomor with openssl and Python. POSIX sh.
#
#   verify_statistics.sh LISTS.PEM FOLDER
#
# LISTS.PEM is the public key of the ministry's lists, which the TUF repository names (`lists.pem`). FOLDER holds
# datapackage.json, datapackage.json.sig and as many of the other files of the same day as you use. Exit 0: the
# package was signed with this key, and every file in the folder is the one that it names.

set -u
[ $# -eq 2 ] || { echo "usage: verify_statistics.sh LISTS.PEM FOLDER" >&2; exit 2; }
openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$2/datapackage.json" \
  -sigfile "$2/datapackage.json.sig" >/dev/null 2>&1 ||
  { echo "REFUSED: the signature of datapackage.json does not fit this key" >&2; exit 1; }
exec python3 -I - "$2" <<'PYTHON'
import hashlib, json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
named = {one["path"]: one["hash"] for one in json.loads((folder / "datapackage.json").read_bytes())["resources"]}
there = {one.name: one for one in folder.iterdir() if not one.name.startswith("datapackage.json")}
wrong = [
    name
    for name, path in sorted(there.items())
    if named.get(name) != "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
]
if wrong:
    sys.exit("REFUSED: not as the package names it: " + ", ".join(wrong))
print(f"signed, and {len(there)} of {len(named)} files are as the package names them")
PYTHON
