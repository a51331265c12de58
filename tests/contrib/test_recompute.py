"""A stranger recomputes every figure from the published files, with no project on the path."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from aduan.core.periods import JAKARTA
from aduan.statistics.models import Snapshot
from aduan.statistics.queries import figures_of
from aduan.statistics.services.snapshots import write_snapshot
from tests.contrib.stranger import SCRIPT, counts_of, recomputed
from tests.factories.operators import operator
from tests.factories.statistics import counted

pytestmark = pytest.mark.django_db
MOST_LINES = 60


def a_year() -> Snapshot:
    """Twelve months of three datasets, with rare values and days of few rows."""
    for turn in range(330):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=turn)
        counted(
            "complaints", "received", day, turn % 23 + 1, channel=("sms", "call")[turn % 2], kind="mobile"
        )
        counted("decisions", "block", day, turn % 9 + 1, promise="kept", hours="12-18", reason=f"r{turn % 5}")
        counted(
            "decisions", "dismiss", day, turn % 4 + 1, promise=("kept", "missed")[turn % 2], hours="24-36"
        )
        counted("wrong_blocks", "released", day, 1, reason="error", hours=("48-72", "1440-")[turn % 2])
        if turn % 7 == 0:
            counted("answers", "telkomsel", day, turn % 50 + 1, answer="blocked", promise="kept", hours="1-2")
            counted("answers", "indosat", day, 1, answer="silent", promise="missed", listed="12-18")
            counted("decisions", "refer", day, 3, promise="kept", hours="4-6", operator="telkomsel")
            counted("referrals", "whatsapp", day, turn % 40 + 5, answer="suspended", hours="4-6")
            counted("referrals", "telegram", day, turn % 3, answer="silent")
            counted("objections", "proven", day, 4, promise="kept", answer="upheld", hours="24-36")
            counted("holds", "placed", day, 6, category="KURIR", operator="telkomsel")
    return write_snapshot(at=dt.datetime(2026, 11, 27, 3, tzinfo=JAKARTA))


def test_every_figure_comes_out_the_same(tmp_path: Path) -> None:
    snapshot = a_year()
    done = recomputed(snapshot, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    published, again, differ = counts_of(done)
    assert published == again > 500
    assert differ == 0


def test_an_empty_world_comes_out_the_same(tmp_path: Path) -> None:
    done = recomputed(write_snapshot(at=dt.datetime(2026, 11, 27, 3, tzinfo=JAKARTA)), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_codes_that_look_like_numbers_come_out_the_same(tmp_path: Path) -> None:
    """An operator `007` alone in its file, and wrongly blocked hours of two months."""
    operator("007", "Nol Nol Tujuh")
    for month in (8, 9):
        counted("answers", "007", dt.date(2026, month, 7), 40, answer="blocked", promise="kept", hours="2-4")
        counted("wrong_blocks", "block", dt.date(2026, month, 7), 12, amount=30, hours="2-4")
    snapshot = write_snapshot(at=dt.datetime(2026, 11, 27, 3, tzinfo=JAKARTA))
    assert figures_of(snapshot)["wrong_blocks.all.all.hours_blocked"] == 60
    done = recomputed(snapshot, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_figure_that_was_changed_is_found(tmp_path: Path) -> None:
    snapshot = a_year()
    recomputed(snapshot, tmp_path)
    file = tmp_path / "figures.json"
    file.write_text(file.read_text().replace('complaints.all.all.total": ', 'complaints.all.all.total": 1'))
    done = subprocess.run(
        [sys.executable, "-I", "recompute.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "complaints.all.all.total" in done.stderr


def test_the_script_is_short() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= MOST_LINES
