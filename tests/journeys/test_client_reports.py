"""The reference client reports against the real API: good rows are taken, bad ones are named, once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Outcome, RejectedOutcomeReport
from tests.aduan.blocklists.served import CLIENT, client
from tests.portal.api.conftest import key_of
from tests.portal.conftest import a_list  # noqa: F401 - a fixture

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BAD = "6281299999999,blocked,,\\n6.28123E+12,blocked,,\\n"


@pytest.fixture
def run(live_server, tmp_path: Path, dewi: User, a_list: BlockList):  # noqa: F811
    root = queries.newest_root()
    assert root is not None
    (tmp_path / "root.json").write_bytes(root)
    environment = {**os.environ, "ADUAN_KEY": key_of(dewi)}

    def once(command: str) -> subprocess.CompletedProcess[str]:
        options = ["--url", f"{live_server.url}/api/v1/", "--operator", "telkomsel", "--on-change", command]
        options += ["--root", str(tmp_path / "root.json"), "--state", str(tmp_path / "state")]
        return subprocess.run(
            [sys.executable, str(CLIENT), *options],
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
        )

    return once


def test_good_rows_are_reported_and_bad_ones_named_and_kept_once(run, tmp_path: Path, a_list: BlockList):  # noqa: F811
    rows = """sed 's/$/,blocked,,/' "$ADUAN_ADDED" """
    command = f"""{{ echo number,answer,acted_at,reason; {rows}; printf '{BAD}'; }} > "$ADUAN_OUTCOMES" """
    done = run(command)
    assert done.returncode == client.NOT_REPORTED, done.stderr
    assert "6281299999999" in done.stderr
    assert "not_on_list" in done.stderr
    assert "number_in_scientific_form" in done.stderr
    assert Outcome.objects.filter(answer="blocked").count() == a_list.count
    kept = (tmp_path / "state" / "refused-rows.csv").read_text().splitlines()
    assert len(kept) == 2
    assert "6.28123E+12" in "".join(kept)
    refusals = RejectedOutcomeReport.objects.count()
    for _again in range(2):
        done = run(command)
        assert done.returncode == client.OK, done.stderr
    assert len((tmp_path / "state" / "refused-rows.csv").read_text().splitlines()) == 2
    assert RejectedOutcomeReport.objects.count() == refusals


def test_a_report_without_one_good_row_is_stored_once_however_often_it_comes(run, tmp_path: Path):
    command = """printf 'answer,acted_at\\nblocked,\\n' > "$ADUAN_OUTCOMES" """
    for _run in range(3):
        done = run(command)
        assert done.returncode == client.NOT_REPORTED
        assert "header_unknown" in done.stderr
    assert RejectedOutcomeReport.objects.count() <= 1
