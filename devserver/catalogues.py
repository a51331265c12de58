"""Compiles the catalogues (.po, kept) into what Django reads (.mo, not kept), without gettext."""

import os
from pathlib import Path

from devserver.home import PROJECT


def compile_stale() -> int:
    """Compile every catalogue that changed since its .mo was made; how many that were."""
    stale = [path for path in sorted((PROJECT / "portal" / "locale").rglob("*.po")) if _is_stale(path)]
    if not stale:
        return 0
    import polib

    for path in stale:
        fresh = path.with_name(f"{path.stem}.{os.getpid()}.new")  # two runs may compile at once
        polib.pofile(str(path)).save_as_mofile(str(fresh))
        fresh.replace(path.with_suffix(".mo"))
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns
