"""Fetch the vendored front-end files from npm again, compile our cut of Bootstrap and write the checksums.

Run by hand when a version below changes: `python scripts/renew_vendor.py` (needs npm; the network only here).
`python scripts/renew_vendor.py --check` needs nothing: it compares the files with static/vendor/CHECKSUMS.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
CHECKSUMS = VENDOR / "CHECKSUMS"

VERSIONS = {"bootstrap": "5.3.9", "altcha": "3.2.2", "chart.js": "4.6.1", "sass": "1.108.2"}
# (file in the package, file under static/vendor)
COPIED = (
    ("altcha/dist/workers/pbkdf2.js", "altcha/pbkdf2.js"),
    ("altcha/LICENSE.txt", "altcha/LICENSE"),
    ("chart.js/dist/chart.umd.min.js", "chartjs/chart.umd.min.js"),
    ("chart.js/LICENSE.md", "chartjs/LICENSE.md"),
    ("bootstrap/LICENSE", "bootstrap/LICENSE"),
)


def fetch(into: Path) -> Path:
    """Install the pinned packages in a scratch folder, without running any of their install scripts."""
    wanted = [f"{name}@{version}" for name, version in VERSIONS.items()]
    subprocess.run(["npm", "init", "-y"], cwd=into, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *wanted], cwd=into, check=True
    )
    return into / "node_modules"


def compile_bootstrap(packages: Path) -> None:
    target = VENDOR / "bootstrap" / "bootstrap.min.css"
    target.parent.mkdir(parents=True, exist_ok=True)
    source = ROOT / "scripts" / "bootstrap.scss"
    sass = packages / ".bin" / "sass"
    flags = ["--quiet", "--style=compressed", "--no-source-map", f"--load-path={packages}"]
    subprocess.run([str(sass), *flags, str(source), str(target)], check=True)


def renew() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        packages = fetch(Path(scratch))
        compile_bootstrap(packages)
        for source, target in COPIED:
            (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(packages / source, VENDOR / target)
            text = (VENDOR / target).read_text(encoding="utf-8")
            kept = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL=")]
            (VENDOR / target).write_text("\n".join(kept) + "\n", encoding="utf-8")
    CHECKSUMS.write_text(
        "".join(f"{digest}  {name}\n" for name, digest in sorted(found().items())), encoding="utf-8"
    )


def found() -> dict[str, str]:
    """Relative name → SHA-256 of every vendored file but the list itself."""
    files = (path for path in VENDOR.rglob("*") if path.is_file() and path != CHECKSUMS)
    return {str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differences() -> list[str]:
    """What is missing, changed or unlisted; empty when all is as committed."""
    lines = CHECKSUMS.read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    here = found()
    return [
        f"{name}: not as listed in CHECKSUMS"
        for name in sorted(listed | here)
        if listed.get(name) != here.get(name)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare with the checksums")
    if not parser.parse_args().check:
        renew()
    faults = differences()
    print("\n".join(faults) or f"{len(found())} vendored files as listed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
