"""Compiles the catalogues (.po, kept) into what Django reads (.mo, not kept), without gettext and Django.

`python deploy/compile_catalogues.py` is a step of the image's build; `make up`, `make dev` and the tests call
compile_stale() as well.
"""

import os
from pathlib import Path

LOCALES = Path(__file__).resolve().parent.parent / "portal" / "locale"


def compile_stale(folder: Path = LOCALES) -> int:
    """Compile every catalogue that changed since its .mo was made; how many that were."""
    stale = [path for path in sorted(folder.rglob("*.po")) if _is_stale(path)]
    if not stale:
        return 0
    import polib  # only when there is work: every test run asks

    for path in stale:
        fresh = path.with_name(f"{path.stem}.{os.getpid()}.new")  # two runs may compile at once
        polib.pofile(str(path)).save_as_mofile(str(fresh))
        fresh.replace(path.with_suffix(".mo"))
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns


if __name__ == "__main__":
    compile_stale()
