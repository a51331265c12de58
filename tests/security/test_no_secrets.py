"""SC1: no private key, no log-in of a service and no key of this product lies among the sources."""

from __future__ import annotations

import re

import pytest

from scripts.checks.sources import PROJECT
from scripts.sizes import listed

SECRET = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/]"
    r"|AGE-SECRET-KEY-1[A-Z0-9]{20}"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{30}|\bgithub_pat_\w{30}|\bglpat-[\w-]{20}"
    r"|\bxox[abprs]-[\w-]{20}|\bsk_live_\w{20}|\bAIza[\w-]{35}"
    r"|\ban_[a-z0-9]{8}_(?!([a-z])\1{20})[A-Za-z0-9]{40}"  # an access key, unless of one letter
    r"|://[^\s/:@'\"{}$<>]+:(?!password@)[^\s/:@'\"{}$<>]{12,}@(?!127\.0\.0\.1|localhost)[\w.-]+\.(?:id|com|org|net)\b"
)


def found_in(text: str) -> str:
    match = SECRET.search(text)
    return match[0][:30] if match else ""


def test_no_source_holds_a_secret() -> None:
    read, kept = 0, {}
    for path in listed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        read += 1
        if found := found_in(text):
            kept[path.relative_to(PROJECT).as_posix()] = found
    assert kept == {}
    assert read > 1000


def test_what_is_installed_is_known_by_its_digest() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        pinned = re.split(r"\n(?=[A-Za-z0-9])", (PROJECT / name).read_text(encoding="utf-8"))
        assert [one[:40] for one in pinned if "==" in one and "--hash=sha256:" not in one] == []
    lines = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    installs = [line for line in lines if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs), installs


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI",
        "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNzaC1rZXk",
        "AGE-SECRET-" + "KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQ",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9,
        "an_1a2b3c4d" + "_" + "Zx9Qw7" * 8,
        "postgres://aduan:" + "kX93qLm20aPz@db.kementerian.go.id/aduan",
    ],
)
def test_a_secret_would_be_found(text: str) -> None:
    assert found_in(f"value = '{text}'\n")
