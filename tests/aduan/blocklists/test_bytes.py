"""The same bytes from the same state, at any clock and in any zone.

Damaged files are noticed and never served.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from aduan.accounts.models import User
from aduan.blocklists import formats, queries
from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.services import (
    build_interims,
    build_list,
    build_missing,
    file_store,
    keys,
    verify_files,
)
from aduan.core.errors import WrongState
from aduan.core.periods import JAKARTA
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import CLIENT
from tests.database import as_administrator
from tests.factories.blocklists import OCTOBER, a_block, published

pytestmark = pytest.mark.django_db
VERIFY = CLIENT.with_name("verify.sh")


@pytest.fixture
def block_list(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> BlockList:
    for digits in (6281200000001, 628129999999, 62811000000):
        a_block(telkomsel, by=(budi, citra), at=now, digits=digits)
    return published(telkomsel, at=now)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Jayapura", "America/New_York"])
def test_a_list_is_made_again_byte_for_byte(block_list: BlockList, zone: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE %s", [zone])
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_hashjoin = off")
    call_command("rebuild_list", block_list.pk)
    call_command("rebuild_list", block_list.pk, repair=True)
    assert file_store.ListFiles(block_list).verify() == []


def test_a_difference_in_the_database_is_not_passed_over(block_list: BlockList) -> None:
    _tampered()
    with pytest.raises(CommandError, match="DIFFERENT"):
        call_command("rebuild_list", block_list.pk)


def _tampered(*, back: bool = False) -> None:
    """As the owner of the database could: one entry is another number."""
    numbers = (62811000000, 62811000001)
    with as_administrator() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute(
            "UPDATE blocklists_blocklistentry SET digits = %s WHERE digits = %s",
            numbers if back else numbers[::-1],
        )
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize(
    "name", ["block.txt", "added.csv", "manifest.json", "block.json.sig", "block.txt.gz"]
)
def test_the_scrub_finds_one_wrong_bit_and_puts_it_right(
    block_list: BlockList, name: str, now: dt.datetime
) -> None:
    path = file_store.ListFiles(block_list).folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()  # added.* may be the same file as block.*
    path.write_bytes(data)
    assert verify_files() == {block_list.pk: [name]}
    assert verify_files() == {}


def test_what_cannot_be_made_again_is_not_served(block_list: BlockList, now: dt.datetime) -> None:
    path = file_store.ListFiles(block_list).folder / "block.txt"
    good = path.read_bytes()
    path.unlink()
    path.write_bytes(b"6281200000009\n")
    _tampered()
    assert list(verify_files()) == [block_list.pk]
    assert queries.file_of(block_list, "block.txt") is None
    assert queries.file_of(block_list, "block.csv") is not None
    _tampered(back=True)
    verify_files()
    assert path.read_bytes() == good


def test_a_lost_folder_comes_back(block_list: BlockList, now: dt.datetime) -> None:
    shutil.rmtree(file_store.ListFiles(block_list).folder)
    assert list(verify_files()) == [block_list.pk]
    assert file_store.ListFiles(block_list).verify() == []


@pytest.mark.parametrize(
    ("at", "period"),
    [
        ("2026-10-31T23:59:59.900000", "2026-09"),
        ("2026-11-01T00:00:00.100000", "2026-10"),
        ("2026-12-31T23:59:59.900000", "2026-11"),
        ("2027-01-01T00:00:00.100000", "2026-12"),
        ("2028-03-01T00:30:00", "2028-02"),
        ("2028-03-02T12:30:00", "2028-02"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_the_month_is_that_of_jakarta(
    telkomsel: Operator, budi: User, citra: User, at: str, period: str, zone: str
) -> None:
    instant = dt.datetime.fromisoformat(at).replace(tzinfo=JAKARTA).astimezone(ZoneInfo(zone))
    a_block(telkomsel, by=(budi, citra), at=instant - dt.timedelta(days=3))
    (made,) = build_missing(at=instant)
    assert made.manifest["period"] == period
    assert build_missing(at=instant) == []


def test_a_clock_that_fell_behind_builds_nothing(
    block_list: BlockList, telkomsel: Operator, now: dt.datetime
) -> None:
    with pytest.raises(WrongState, match="clock_behind"):
        build_list(telkomsel, period=OCTOBER, kind=ListType.INTERIM, at=now - dt.timedelta(hours=1))
    assert build_list(telkomsel, period=OCTOBER.next(), kind=ListType.MONTHLY, at=now) is not None


def verified(pem: Path, folder: Path, old: Path | None = None, *, at: dt.datetime, operator: str = "") -> int:
    """The exit status of the shell verifier on a machine whose clock says `at`."""
    clock = pem.parent / "bin" / "date"
    clock.parent.mkdir(exist_ok=True)
    clock.write_text(f"#!/bin/sh\necho {at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}\n")
    clock.chmod(0o755)
    command = ["sh", str(VERIFY), str(pem), str(folder), *([str(old)] if old else [])]
    path = f"{clock.parent}:{os.environ['PATH']}"
    done = subprocess.run(command, capture_output=True, env={"PATH": path, "ADUAN_OPERATOR": operator})
    assert done.returncode in (0, 1, 3), done.stderr
    return done.returncode


def test_shell_and_openssl_take_the_list_and_refuse_what_python_refuses(
    block_list: BlockList, telkomsel: Operator, budi: User, citra: User, now: dt.datetime, tmp_path: Path
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281300000001, urgent=True)
    (second,) = build_interims(at=now)
    pem = tmp_path / "pub.pem"
    pem.write_bytes(keys.list_key_pem())
    first, new = file_store.ListFiles(block_list).folder, file_store.ListFiles(second).folder
    assert verified(pem, first, at=now) == 0
    assert verified(pem, new, first, at=now, operator="telkomsel") == 0
    assert verified(pem, first, new, at=now) == 1, "rolled back"
    assert verified(pem, new, at=now, operator="indosat") == 1, "another operator's"
    assert verified(pem, new, first, at=now + dt.timedelta(days=41)) == 3, "a newer one must be there"
    dice = random.Random(5)
    for turn in range(12):
        broken = tmp_path / f"broken-{turn}"
        shutil.copytree(new, broken)
        victim = broken / dice.choice(
            ["block.txt", "added.txt", "manifest.json", "block.csv", "block.txt.sig"]
        )
        data = bytearray(victim.read_bytes())
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        victim.write_bytes(data)
        assert verified(pem, broken, first, at=now) == 1, victim.name


@pytest.mark.parametrize(
    "bad", [b"12\n11\n", b"11\n11\n", b"11\r\n", b"\xef\xbb\xbf11\n", b"11 \n", b"11", b"+11\n", b"011\n"]
)
def test_a_text_that_is_not_canonical_is_reported(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "block.txt"
    path.write_bytes(bad)
    with pytest.raises(ValueError, match="canonical"):
        list(formats.numbers_in(path))


def test_every_format_is_made_of_the_same_lines_whatever_the_chunks(tmp_path: Path) -> None:
    lines = b"".join(b"62812%07d,block,2026-11-18,2027-11-18,HADIAH,K-1\n" % n for n in range(999))
    dice = random.Random(3)
    writer = formats.PartWriter(tmp_path, "block")
    rest = lines
    while rest:
        size = dice.randrange(1, 3000)
        writer.write(rest[:size])
        rest = rest[size:]
    sizes = {file.name: file.size for file in writer.finish()}

    page = json.loads((tmp_path / "block.json").read_bytes())
    texts = (tmp_path / "block.txt").read_text().split()
    assert [row[0] for row in page["rows"]] == texts
    assert len(texts) == writer.lines == 999
    assert sizes["block.csv"] == len(lines) + len(",".join(formats.COLUMNS)) + 1
