"""A copy that a disk or a hand damaged: what has ended leaves all the same, and the run says so.

Seen to fail on 1d4faade: the ended numbers stayed in `in-force` until a person repaired the copy.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from aduan.operators.models import Operator
from tests.aduan.blocklists.served import Answers, Receiver, client, serving
from tests.aduan.blocklists.test_hold_limits import HOUR, holds, in_force, real, receiver, row, today

__all__ = ["real", "receiver", "today"]
pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9/"
SOON, LATE, OTHER = "6281200000001", "6281200000002", "6281200000003"
HELD = ["--series", "hold"]


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5])


def _without_last_row(file: Path) -> None:
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))


def _garbled(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(LATE.encode(), b"\xff\x00,,\r\xb2", 1))


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize(
    ("name", "damage", "left"),
    [
        ("block.csv", _cut, [LATE, OTHER]),  # the client remembers the first end of each hold
        ("block.csv", _without_last_row, [LATE, OTHER]),
        ("block.csv", _garbled, [LATE, OTHER]),
        ("block.csv", _emptied, [LATE, OTHER]),
        ("block.csv", Path.unlink, [LATE, OTHER]),
        ("block.txt", _garbled, [OTHER]),
        ("block.txt", _without_last_row, [LATE]),
        ("manifest.json", _cut, [LATE, OTHER]),
        ("manifest.json", lambda file: file.write_text("{}"), [LATE, OTHER]),
    ],
)
def test_a_hold_that_is_over_leaves_a_damaged_copy(
    real: Answers, telkomsel: Operator, receiver: Receiver, tmp_path: Path, name: str, damage, left: list[str]
) -> None:
    now = dt.datetime.now(dt.UTC)
    rows = [row(1, now + 2 * HOUR), row(2, now + 100 * HOUR), row(3, now + 100 * HOUR)]
    note = f'cat "$ADUAN_REMOVED" > {tmp_path}/removed'
    with serving(holds(real, telkomsel, rows, now)) as server:
        assert receiver.fetch(server.url, *HELD, "--on-change", note) == client.OK, receiver.said
        damage(receiver.state / "current" / name)
        for _again in range(2):
            for url in (server.url, NOWHERE):
                status = receiver.fetch(url, *HELD, "--on-change", note, at=now + 3 * HOUR)
                assert status == client.THIS_MACHINE, receiver.said
                assert "damaged" in receiver.said
                assert in_force(receiver) == left
    if name != "manifest.json":
        assert SOON in (tmp_path / "removed").read_text().split(), "the operator's systems let go of it"
    receiver.fetch(NOWHERE, *HELD, at=now + 101 * HOUR)
    assert in_force(receiver) == []


@pytest.mark.parametrize(
    ("damage", "left"),
    [(_cut, [LATE]), (_without_last_row, [LATE]), (_garbled, [OTHER]), (_emptied, []), (Path.unlink, [])],
)
def test_no_hold_stays_of_which_no_one_knows_the_end(
    real: Answers, telkomsel: Operator, receiver: Receiver, damage, left: list[str]
) -> None:
    now = dt.datetime.now(dt.UTC)
    rows = [row(1, now + 2 * HOUR), row(2, now + 100 * HOUR), row(3, now + 100 * HOUR)]
    with serving(holds(real, telkomsel, rows, now)) as server:
        assert receiver.fetch(server.url, *HELD) == client.OK, receiver.said
    (receiver.state / "first-ends.csv").unlink()
    damage(receiver.state / "current" / "block.csv")
    assert receiver.fetch(NOWHERE, *HELD, at=now + 3 * HOUR) == client.THIS_MACHINE
    assert in_force(receiver) == left


def test_a_block_whose_row_is_lost_stays_until_the_copy_is_repaired(
    real: Answers, telkomsel: Operator, receiver: Receiver
) -> None:
    """What has ended leaves; what no one knows the end of is named, and stays."""
    now = dt.datetime.now(dt.UTC)
    blocks = holds(real, telkomsel, [row(1, now + 2 * HOUR), row(2, now + 90 * HOUR)], now)
    with serving(blocks) as server:
        assert receiver.fetch(server.url, *HELD) == client.OK, receiver.said
        (receiver.state / "first-ends.csv").unlink()
        _without_last_row(receiver.state / "current" / "block.csv")
        as_blocks = ["--series", "block"]  # the same files, as a list of blocks
        assert receiver.fetch(server.url, *as_blocks, at=now + 3 * HOUR) == client.THIS_MACHINE
        assert in_force(receiver) == [LATE]
        assert receiver.fetch(server.url, *as_blocks, at=now + 91 * HOUR) == client.THIS_MACHINE
        assert in_force(receiver) == [LATE], "its row is lost"
        (receiver.state / "current").unlink()
        shutil.rmtree(receiver.state / "lists")
        assert receiver.fetch(server.url, *HELD) == client.OK, receiver.said
        assert in_force(receiver) == [SOON, LATE], "what was saved of a damaged copy is built upon no more"
