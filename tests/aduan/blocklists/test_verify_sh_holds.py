"""verify.sh over hold lists as the portal publishes them, and as a thief of its keys would change them."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.blocklists import manifest, queries, signing
from aduan.blocklists.formats import digest_of
from aduan.blocklists.models import ListSeries
from aduan.blocklists.services import build_holds, end_finished_holds, keys
from aduan.blocklists.services.file_store import ListFiles
from aduan.cases.models import Hold
from aduan.cases.services import end_hold
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import CLIENT
from tests.factories import holds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
MINUTE = dt.timedelta(minutes=1)
VERIFY = CLIENT.with_name("verify.sh")


@pytest.fixture
def today() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


@pytest.fixture
def hold(telkomsel: Operator, budi: User, citra: User, today: dt.datetime) -> Hold:
    holds.hold_rules()
    return holds.held(telkomsel, first=budi, second=citra, at=today - MINUTE)


def newest_folder(operator: Operator) -> Path:
    found = queries.latest(operator, ListSeries.HOLD)
    assert found is not None
    return ListFiles(found).folder


def verified(
    new: Path, old: Path | None, tmp_path: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    pem = tmp_path / "lists.pem"
    pem.write_bytes(keys.list_key_pem())
    command = ["sh", str(VERIFY), str(pem), str(new), *([str(old)] if old else [])]
    given = {**os.environ, "ADUAN_OPERATOR": "telkomsel", **environment}
    return subprocess.run(command, env=given, capture_output=True, text=True)


def test_a_hold_and_its_end_are_taken_as_they_are_published(
    telkomsel: Operator, hold: Hold, budi: User, today: dt.datetime, tmp_path: Path
) -> None:
    build_holds(at=today)
    first = newest_folder(telkomsel)
    said = verified(first, None, tmp_path)
    assert said.returncode == 0, said.stderr
    assert "1 numbers" in said.stdout
    end_hold(hold, by=budi, at=today + MINUTE, mistake=True)
    end_finished_holds(at=today + MINUTE)
    build_holds(at=today + MINUTE)
    said = verified(newest_folder(telkomsel), first, tmp_path)
    assert said.returncode == 0, said.stderr
    assert "0 numbers" in said.stdout


@pytest.mark.parametrize(
    ("ends_at", "word"),
    [
        ("", "a hold without an end"),
        ("2026-11-28", "a hold without an end"),
        ("too late", "a hold without an end, with one that is too late"),
    ],
)
def test_a_hold_without_an_end_or_with_a_late_one_is_refused(
    telkomsel: Operator, hold: Hold, today: dt.datetime, tmp_path: Path, ends_at: str, word: str
) -> None:
    """Signed again with the stolen key of the lists: only the rule of hold lists can see it."""
    build_holds(at=today)
    real, forged = newest_folder(telkomsel), tmp_path / "forged"
    assert hold.ends_at is not None
    late = (hold.ends_at + dt.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    sign_again(real, forged, ends_at=late if ends_at == "too late" else ends_at)
    said = verified(forged, None, tmp_path)
    assert (said.returncode, word in said.stderr) == (1, True), said.stderr
    assert verified(real, None, tmp_path, ADUAN_HOLD_HOURS="24").returncode == 1, "the signed hours are fewer"
    assert verified(real, None, tmp_path, ADUAN_HOLD_MOST="0").returncode == 1, "the signed ceiling is lower"


def test_a_hold_of_a_time_to_come_or_of_another_number_is_refused(
    telkomsel: Operator, hold: Hold, today: dt.datetime, tmp_path: Path
) -> None:
    """A list "of next year" may end next year; a row of another number leaves this one without an end."""
    build_holds(at=today)
    real = newest_folder(telkomsel)
    year = dt.timedelta(days=365)
    ends_at, made = ((moment + year).strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (today + 9 * MINUTE, today))
    sign_again(real, tmp_path / "next-year", ends_at=ends_at, selected_at=made)
    said = verified(tmp_path / "next-year", None, tmp_path)
    assert (said.returncode, "of a time to come" in said.stderr) == (1, True), said.stderr
    sign_again(real, tmp_path / "other", ends_at=ends_at, number="6281200000009")
    said = verified(tmp_path / "other", None, tmp_path)
    assert (said.returncode, "block.csv and block.txt differ" in said.stderr) == (1, True), said.stderr


def test_the_role_of_holds_publishes_hold_lists_only(
    telkomsel: Operator, hold: Hold, today: dt.datetime, tmp_path: Path
) -> None:
    """Called a monthly list, the thief's list needed no end in any row."""
    build_holds(at=today)
    real, forged = newest_folder(telkomsel), tmp_path / "forged"
    assert verified(real, None, tmp_path, ADUAN_ROLE="hold").returncode == 0
    sign_again(real, forged, ends_at="", kind="monthly")
    said = verified(forged, None, tmp_path, ADUAN_ROLE="hold")
    assert (said.returncode, "may not publish this list" in said.stderr) == (1, True), said.stderr


def sign_again(real: Path, forged: Path, *, ends_at: str, number: str = "", **changed: str) -> None:
    shutil.copytree(real, forged)
    head, row = (real / "block.csv").read_text().splitlines()
    first, rest = row.rpartition(",")[0].split(",", 1)
    (forged / "block.csv").write_text(f"{head}\n{number or first},{rest},{ends_at}\n")
    page = json.loads((real / "manifest.json").read_bytes()) | changed
    file = digest_of(forged / "block.csv")
    page["files"]["block.csv"] = {"size": file.size, "sha256": file.sha256}
    (forged / "manifest.json").write_bytes(manifest.canonical(page))
    for name in ("block.csv", "manifest.json"):
        (forged / f"{name}.sig").write_bytes(signing.sign_file(forged / name, keys.list_key()))
