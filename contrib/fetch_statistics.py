#!/usr/bin/env python3
"""Fetch a snapshot of the public figures of Aduan Nomor and verify it, with any root that you trust.

    fetch_statistics.py https://SITE/statistik/ ROOT.JSON FOLDER [DAY]

ROOT.JSON is a root of the ministry's TUF repository: compare its SHA-256 by telephone. DAY is `latest`, or
such as 2026-11-27. Needs Python 3.10 and `pip install tuf`. Exit 0: FOLDER holds every file of the day, each
as the package names it, and the package as the role of the public figures signed it. Anything else: stderr
says what is wrong.
"""

import hashlib
import json
import sys
import urllib.request
from pathlib import Path

from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.ngclient import Updater


def fetch(url: str, root: Path, folder: Path, day: str) -> str:
    trust = folder / ".trust"
    trust.mkdir(parents=True, exist_ok=True)
    updater = Updater(
        str(trust), f"{url}tuf/metadata/", target_base_url=f"{url}tuf/targets/", bootstrap=root.read_bytes()
    )
    info = updater.get_targetinfo(f"statistics/{day}/datapackage.json")
    if info is None:
        sys.exit(f"REFUSED: the repository names no snapshot of {day}")
    updater.download_target(info, str(folder / "datapackage.json"))
    package = json.loads((folder / "datapackage.json").read_bytes())
    for file in package["resources"]:
        name = Path(file["path"]).name
        with urllib.request.urlopen(f"{url}data/{package['version']}/{name}", timeout=60) as answer:
            body = answer.read(file["bytes"] + 1)
        if file["hash"] != "sha256:" + hashlib.sha256(body).hexdigest():
            sys.exit(f"REFUSED: {name} is not as the package names it")
        (folder / name).write_bytes(body)
    return f"verified: snapshot of {package['version']}, {len(package['resources'])} files"


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit("usage: fetch_statistics.py URL ROOT.JSON FOLDER [DAY]")
    try:
        print(fetch(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), [*sys.argv, "latest"][4]))
    except (RepositoryError, DownloadError, OSError) as error:
        sys.exit(f"REFUSED or not reachable: {error}")
