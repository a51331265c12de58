"""The bill of materials of what is shipped: CycloneDX 1.6 as JSON, and the licences as a table.

From requirements.txt (versions and digests) and the installed packages (licences). Packages that the lock
names for another system alone are listed with their digests and without a licence.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).resolve().parent.parent
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_DIGEST: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> list[dict[str, Any]]:
    """One CycloneDX component for each package that the text of a lock file pins."""
    starts = list(_PINNED.finditer(lock))
    ends = [match.start() for match in starts[1:]] + [len(lock)]
    return [
        _component(match[1], match[2], _DIGEST.findall(lock[match.start() : end]))
        for match, end in zip(starts, ends, strict=True)
    ]


def bill(lock: str) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "aduan-nomor", "bom-ref": "aduan-nomor"}},
        "components": components(lock),
    }


def licences(lock: str) -> str:
    rows = [f"| {one['name']} | {one['version']} | {licence_of(one['name'])} |" for one in components(lock)]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows, ""])


def licence_of(name: str) -> str:
    """What the package says of itself; "not installed here" for one of another system."""
    try:
        facts = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed here"
    expression = facts.get_all("License-Expression", [])
    classes = [
        line.split(" :: ")[-1] for line in facts.get_all("Classifier", []) if line.startswith("License ::")
    ]
    stated = expression or classes or facts.get_all("License", []) or [_title_of_licence(name)]
    return ", ".join(line.splitlines()[0] for line in stated if line)


def _title_of_licence(name: str) -> str:
    """The first line of the licence that a package ships without naming it."""
    for file in metadata.files(name) or []:
        if file.name.upper().startswith("LICEN"):
            return file.read_text(encoding="utf-8").strip().splitlines()[0]
    return "not stated"


def main(_arguments: list[str]) -> int:
    """Write build/sbom.cdx.json and build/licences.md."""
    lock = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    target = PROJECT / "build"
    target.mkdir(exist_ok=True)
    (target / "sbom.cdx.json").write_text(json.dumps(bill(lock), indent=1) + "\n", encoding="utf-8")
    (target / "licences.md").write_text(licences(lock), encoding="utf-8")
    print(f"{len(components(lock))} packages: build/sbom.cdx.json, build/licences.md")
    return 0


def _component(name: str, version: str, digests: list[str]) -> dict[str, Any]:
    purl = f"pkg:pypi/{re.sub('[-_.]+', '-', name).lower()}@{version}"
    # A lock has a digest for each file of a release; a component has hashes of one file: so, references.
    files = [
        {"type": "distribution", "url": purl, "hashes": [{"alg": "SHA-256", "content": digest}]}
        for digest in digests
    ]
    licence = licence_of(name)
    known = licence not in ("not installed here", "not stated")
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "externalReferences": files,
        **({"licenses": [{"license": {"name": licence}}]} if known else {}),
    }
