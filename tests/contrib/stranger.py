"""A stranger who recomputes the public figures from the published files, in an empty folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from aduan.statistics.models import PublishedFile, Snapshot

SCRIPT = Path(__file__).parents[2] / "contrib" / "recompute.py"


def recomputed(snapshot: Snapshot, folder: Path) -> subprocess.CompletedProcess[str]:
    """Status 0 when every figure came out the same; with no project on the path."""
    for name, entry in snapshot.files.items():
        (folder / name).write_bytes(bytes(PublishedFile.objects.get(pk=entry["sha256"]).body))
    shutil.copy(SCRIPT, folder)
    return subprocess.run(
        [sys.executable, "-I", "recompute.py"], cwd=folder, capture_output=True, text=True, check=False
    )


def counts_of(done: subprocess.CompletedProcess[str]) -> tuple[int, int, int]:
    """How many figures are published, how many were recomputed, and how many of them differ."""
    published, again, differ = (int(word) for word in done.stdout.replace(",", "").split() if word.isdigit())
    return published, again, differ
