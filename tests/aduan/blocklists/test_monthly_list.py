"""The monthly list: what is in force is on it, once, in canonical bytes that stock tools verify."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest
from django.db import IntegrityError, InternalError, transaction

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, BlockListEntry, ListType
from aduan.blocklists.services import build_list, file_store, keys
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories.blocklists import a_block, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(now: dt.datetime) -> dt.datetime:
    """Half past midnight on the first of the month after."""
    return now.replace(month=12, day=1, hour=0, minute=30)


def text_of(block_list: BlockList, name: str) -> str:
    return (file_store.ListFiles(block_list).folder / name).read_text(encoding="ascii")


def test_holds_exactly_the_operators_blocks_in_force(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime, first: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now, digits=628129999999)
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281200000001)
    a_block(indosat, by=(budi, citra), at=now, digits=6281500000001)
    block_list = published(telkomsel, at=first, period=last_ended(first))
    assert text_of(block_list, "block.txt") == "6281200000001\n628129999999\n"
    assert text_of(block_list, "block.csv").splitlines()[1] == (
        f"6281200000001,block,2026-11-18,2027-11-18,HADIAH,{block.case.reference},2027-11-17T17:00:00Z"
    )
    assert text_of(block_list, "added.txt") == text_of(block_list, "block.txt")
    assert text_of(block_list, "removed.txt") == ""
    assert (block_list.count, block_list.added_count, block_list.removed_count) == (2, 2, 0)
    assert str(block_list.manifest["period"]) == "2026-11"


def test_stock_tools_verify_every_file(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, first: dt.datetime, tmp_path
) -> None:
    for _ in range(3):
        a_block(telkomsel, by=(budi, citra), at=now)
    block_list = published(telkomsel, at=first)
    (tmp_path / "pub.pem").write_bytes(keys.list_key_pem())
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "pub.pem", "-rawin"]
    # openssl cannot read an empty file; its emptiness stands in the signed manifest.
    for file in block_list.files.exclude(signature=None).exclude(size=0):
        path = file_store.ListFiles(block_list).folder / file.name
        done = subprocess.run([*verify, "-in", path, "-sigfile", f"{path}.sig"], capture_output=True)
        assert done.returncode == 0, (file.name, done)
    txt = file_store.ListFiles(block_list).folder / "block.txt"
    assert subprocess.run(["sort", "-c", "-u", txt], env={"LC_ALL": "C"}).returncode == 0


def test_is_built_once_however_often_it_is_asked_for(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, first: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now)
    one = build_list(telkomsel, period=last_ended(first), kind=ListType.MONTHLY, at=first)
    two = build_list(telkomsel, period=last_ended(first), kind=ListType.MONTHLY, at=first)
    assert one == two
    assert BlockList.objects.count() == 1


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE blocklists_blocklistentry SET digits = 1",
        "DELETE FROM blocklists_blocklistentry",
        (
            "INSERT INTO blocklists_blocklistentry"
            " SELECT list_id, 628, since, until, 'X', 1, true FROM blocklists_blocklistentry"
        ),
        "TRUNCATE blocklists_blocklistentry",
        "UPDATE blocklists_blocklist SET count = 7",
        "DELETE FROM blocklists_blocklist",
        "UPDATE blocklists_listfile SET sha256 = ''",
        "DELETE FROM blocklists_tufmetadata",
    ],
)
def test_what_was_published_cannot_change(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, first: dt.datetime, act: str
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=first)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), as_administrator() as cursor:
        cursor.execute(act)
    assert BlockListEntry.objects.count() == 1
