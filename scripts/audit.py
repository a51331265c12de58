"""`make audit`: what the package index knows to be wrong with the locked packages, by pip-audit.

It asks the network, so it is no part of `make check`. A package that the index did not know has not been
audited: behind a mirror without advisories pip-audit says "No known vulnerabilities found" of all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT: Final = Path(__file__).resolve().parent.parent
TOOLS: Final = PROJECT / "build" / "audit"


def problems(report: dict[str, Any]) -> Iterator[str]:
    """One line for each known vulnerability, and one for all that was not looked up."""
    unanswered = []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unanswered.append(package["name"])
        for known in package.get("vulns", []):
            names = ", ".join([known["id"], *known.get("aliases", [])])
            mended = ", ".join(known["fix_versions"]) or "no version"
            yield f"{package['name']} {package['version']}: {names} (mended in {mended})"
    if unanswered or not report["dependencies"]:
        names = ", ".join(unanswered[:3])
        yield f"{len(unanswered)} of {len(report['dependencies'])} packages were not looked up ({names}, …)"


def main(_arguments: list[str]) -> int:
    _install()
    wrong = 0
    for lock in sorted(PROJECT.glob("requirements*.txt")):
        found = list(problems(_report(lock)))
        print(f"{'FAIL' if found else 'ok  '} {lock.name}", flush=True)
        print("".join(f"     {line}\n" for line in found), end="", flush=True)
        wrong += len(found)
    print("audit: see above" if wrong else "audit: nothing known")
    return bool(wrong)


def _install() -> None:
    pip = [str(TOOLS / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
    subprocess.run([*pip, "--require-hashes", "-r", "requirements-audit.txt"], cwd=PROJECT, check=True)


def _report(lock: Path) -> dict[str, Any]:
    """Its exit status says the same as its report, and is 0 too when it has looked nothing up."""
    command = [str(TOOLS / "bin" / "pip-audit"), "--disable-pip", "--require-hashes", "-f", "json"]
    done = subprocess.run([*command, "-r", str(lock)], capture_output=True, text=True, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        sys.exit(f"audit: pip-audit gave no report on {lock.name}:\n{done.stderr[-2000:]}")
    return report
