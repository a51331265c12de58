"""Each row of a list says at which hour it ends; lists of before are kept as they were signed."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import pytest

from aduan.accounts.models import User
from aduan.blocklists.manifest import Manifest
from aduan.blocklists.models import BlockList
from aduan.blocklists.services.file_store import ListFiles
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block, published

pytestmark = pytest.mark.django_db


def test_the_last_column_is_the_hour_at_which_a_block_ends(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281200000001, until=dt.date(2027, 1, 1))
    files = ListFiles(published(telkomsel, at=now))
    head, row = (files.folder / "block.csv").read_text().splitlines()
    assert head == "number,action,since,until,category,case,ends_at"
    until, ends_at = row.split(",")[3], row.split(",")[-1]
    assert (until, ends_at) == ("2027-01-01", "2026-12-31T17:00:00Z"), "midnight in Jakarta is 17 o'clock UTC"
    [cells] = json.loads((files.folder / "block.json").read_text())["rows"]
    assert cells[-1] == ends_at


def test_the_manifest_names_version_and_columns_and_old_clients_know_the_format(
    telkomsel: Operator, now: dt.datetime
) -> None:
    said = published(telkomsel, at=now).manifest
    assert said["format"] == "aduan-nomor-list/1", "a client of the first version asks for exactly this"
    assert said["format_version"] == "1.2"
    assert said["columns"][-1] == "ends_at"


def test_a_list_of_the_first_version_is_made_again_byte_by_byte(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281200000001)
    whole = Manifest.as_dict

    def first_version(self: Manifest) -> dict[str, object]:
        return {key: value for key, value in whole(self).items() if key not in ("format_version", "columns")}

    monkeypatch.setattr(Manifest, "as_dict", first_version)
    monkeypatch.setattr(BlockList, "format_version", "1.0")
    old = published(telkomsel, at=now)
    monkeypatch.undo()
    files = ListFiles(old)
    before = (files.folder / "block.csv").read_bytes()
    assert before.startswith(b"number,action,since,until,category,case\n")
    shutil.rmtree(files.folder)
    files.restore()
    assert (files.folder / "block.csv").read_bytes() == before
    assert files.verify() == []
