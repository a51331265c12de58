"""What is shipped is known: every locked package, its digests and its licence."""

from __future__ import annotations

import re
from pathlib import Path

from scripts import sbom

LOCK = (Path(__file__).resolve().parents[2] / "requirements.txt").read_text(encoding="utf-8")


def test_the_bill_names_every_locked_package_with_its_digests() -> None:
    bill = sbom.bill(LOCK)
    pinned = re.findall(r"(?m)^\S+==", LOCK)
    assert len(bill["components"]) == len(pinned) > 40
    listed = [
        file["hashes"][0]["content"] for one in bill["components"] for file in one["externalReferences"]
    ]
    assert sorted(listed) == sorted(re.findall("--hash=sha256:([0-9a-f]{64})", LOCK))
    assert len({one["bom-ref"] for one in bill["components"]}) == len(pinned)


def test_every_installed_package_states_its_licence() -> None:
    unstated = [one["name"] for one in sbom.components(LOCK) if sbom.licence_of(one["name"]) == "not stated"]
    assert unstated == []
