"""A small file for each operator that changes with every list of theirs; clients ask for it all the time.

The web server answers it by itself, mostly with 304, so that waiting clients cost the application nothing.
It is a hint of when to ask and no more: what a client then gets is verified as ever. What it says is a
digest, so that a stranger learns from it that something changed and not what.

    versions/<operator>.json    {"versions":"9f86d081884c7d65"}
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from aduan.blocklists.tuf_metadata import ROOT, TARGETS, TOP_ROLES

FOLDER: Final = "versions"


def write_versions(*, at: dt.datetime) -> list[str]:
    """Brings the files up to date with what is published; the operators whose file changed.

    One process writes. The web server's tag of a file is its time in whole seconds and its length, so each
    new version of a file is at least a second younger than the one before.
    """
    folder = Path(settings.PUBLISH_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return [
        code for code, body in sorted(_bodies().items()) if _write_newer(folder / f"{code}.json", body, at)
    ]


def _bodies() -> dict[str, str]:
    """By operator's code: what the file says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, max(version) FROM blocklists_tufmetadata GROUP BY role ORDER BY role")
        versions: dict[str, int] = dict(cursor.fetchall())
    shared = [f"{role} {versions.get(role, 0)}" for role in (ROOT, TARGETS)]
    pages: dict[str, list[str]] = {}
    for role, version in versions.items():
        if role not in TOP_ROLES:
            pages.setdefault(role.partition(".")[0], [*shared]).append(f"{role} {version}")
    return {code: _body("\n".join(lines)) for code, lines in pages.items()}


def _body(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return json.dumps({"versions": digest}, separators=(",", ":")) + "\n"


def _write_newer(path: Path, body: str, at: dt.datetime) -> bool:
    before = path.stat().st_mtime if path.exists() else 0
    if before and path.read_text(encoding="ascii") == body:
        return False
    fresh = path.with_suffix(".new")
    fresh.write_text(body, encoding="ascii")
    moment = max(int(at.timestamp()), int(before) + 1)
    os.utime(fresh, (moment, moment))
    fresh.replace(path)
    return True
