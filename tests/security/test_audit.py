"""`make audit` takes no silence for an answer: a mirror without advisories looked like a clean bill."""

from __future__ import annotations

from typing import Any

from scripts.audit import problems

DJANGO = {"name": "django", "version": "4.2.0"}
UNKNOWN = {
    "name": "jinja2",
    "skip_reason": "Dependency not found on PyPI and could not be audited: jinja2 (2.10)",
}
KNOWN = {"id": "PYSEC-2023-100", "fix_versions": ["4.2.3"], "aliases": ["CVE-2023-36053"]}


def _said(*packages: dict[str, Any]) -> list[str]:
    return list(problems({"dependencies": list(packages), "fixes": []}))


def test_a_package_without_a_known_fault_is_no_problem() -> None:
    assert _said({**DJANGO, "vulns": []}) == []


def test_a_known_fault_is_named_with_the_version_that_mends_it() -> None:
    said = _said({**DJANGO, "vulns": [KNOWN, {"id": "PYSEC-1", "fix_versions": []}]})
    assert said == [
        "django 4.2.0: PYSEC-2023-100, CVE-2023-36053 (mended in 4.2.3)",
        "django 4.2.0: PYSEC-1 (mended in no version)",
    ]


def test_what_the_index_did_not_know_was_not_audited() -> None:
    assert _said({**DJANGO, "vulns": []}, UNKNOWN) == ["1 of 2 packages were not looked up (jinja2, …)"]


def test_a_report_on_nothing_is_no_report() -> None:
    assert len(_said()) == 1
