"""PB5, PB12: a thief with some of the keys gets nothing accepted; changing the keys ends what he did."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.blocklists import tuf_metadata
from aduan.blocklists.services import keys, renew, rotate
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import META, TARGETS, Answers, Receiver, everything, serving
from tests.factories.blocklists import a_block, published

pytestmark = pytest.mark.django_db
REFUSED, STALE = 2, 4


@pytest.fixture
def today() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def real(telkomsel: Operator, budi: User, citra: User, today: dt.datetime) -> Answers:
    a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000001)
    published(telkomsel, at=today)
    return everything(telkomsel)


@pytest.fixture
def receiver(real: Answers, tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "op", "telkomsel", real[META + "1.root.json"])


def forged(
    real: Answers, *, signers: int, at: dt.datetime, online: dict | None = None, holders: list | None = None
) -> Answers:
    """A later repository by a thief: another list, signed with so many of the three keys of targets."""
    online = online or {role: keys.private(role) for role in (tuf_metadata.SNAPSHOT, tuf_metadata.TIMESTAMP)}
    files = [tuf_metadata.Target("telkomsel/latest.json", 2, "0" * 64)]
    page = tuf_metadata.operator_targets("telkomsel", files, version=99, at=at)
    tuf_metadata.sign(page, (holders or keys.private(tuf_metadata.TARGETS))[:signers])
    body = tuf_metadata.as_bytes(page)
    number, top = newest(real, "targets")
    sealed = tuf_metadata.snapshot({"targets": (number, top), "telkomsel": (99, body)}, version=99, at=at)
    tuf_metadata.sign(sealed, online[tuf_metadata.SNAPSHOT])
    seal = tuf_metadata.as_bytes(sealed)
    stamp = tuf_metadata.timestamp(99, seal, version=2**31, at=at)
    tuf_metadata.sign(stamp, online[tuf_metadata.TIMESTAMP])
    return {
        **real,
        META + "99.telkomsel.json": body,
        META + "99.snapshot.json": seal,
        META + "timestamp.json": tuf_metadata.as_bytes(stamp),
        TARGETS + f"telkomsel/{'0' * 64}.latest.json": b"{}",
    }


def newest(answers: Answers, role: str) -> tuple[int, bytes]:
    names = [name for name in answers if name.startswith(META) and name.endswith(f".{role}.json")]
    last = max(names, key=lambda name: int(name.removeprefix(META).split(".")[0]))
    return int(last.removeprefix(META).split(".")[0]), answers[last]


def test_one_of_three_keys_and_all_online_ones_make_no_list(
    receiver: Receiver, real: Answers, today: dt.datetime
) -> None:
    with serving(forged(real, signers=1, at=today)) as server:
        assert receiver.fetch(server.url) == REFUSED, receiver.said
    assert receiver.blocked == []


def test_two_of_three_would(receiver: Receiver, real: Answers, today: dt.datetime) -> None:
    """Else the test above could not fail: with two keys the page is taken and only its target is wrong."""
    with serving(forged(real, signers=2, at=today)) as server:
        assert receiver.fetch(server.url) != 0
    assert "mismatch" in receiver.said.lower() or "hash" in receiver.said.lower(), receiver.said


def test_a_clock_of_versions_wound_forward_is_wound_back_by_changing_the_online_keys(
    receiver: Receiver, real: Answers, telkomsel: Operator, budi: User, citra: User, today: dt.datetime
) -> None:
    """Fast-forward: the thief has made version 2^31 known, so that nothing of ours would ever be newer."""
    with serving(real) as server:
        assert receiver.fetch(server.url) == 0
        server.answers = forged(real, signers=1, at=today)
        assert receiver.fetch(server.url) == REFUSED
        server.answers = real
        assert receiver.fetch(server.url) == REFUSED, "the thief's timestamp is newer"
        for role in (tuf_metadata.TIMESTAMP, tuf_metadata.SNAPSHOT):
            assert rotate(role, 1, at=today)
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url) == 0, receiver.said
    assert receiver.blocked == ["6281200000001"]


def test_what_an_old_key_signs_after_its_change_is_refused(
    receiver: Receiver, real: Answers, telkomsel: Operator, today: dt.datetime
) -> None:
    stolen = {role: keys.private(role) for role in (tuf_metadata.SNAPSHOT, tuf_metadata.TIMESTAMP)}
    for role in (tuf_metadata.TIMESTAMP, tuf_metadata.SNAPSHOT):
        assert rotate(role, 1, at=today)
    with serving(forged(everything(telkomsel), signers=3, at=today, online=stolen)) as server:
        assert receiver.fetch(server.url) == REFUSED, receiver.said
    assert receiver.blocked == []


def test_an_expired_root_stops_the_client_and_its_renewal_lets_it_go_on(
    receiver: Receiver, real: Answers, telkomsel: Operator, today: dt.datetime
) -> None:
    late = today + dt.timedelta(days=366)
    with serving(real) as server:
        assert receiver.fetch(server.url) == 0
        assert receiver.fetch(server.url, at=late) == STALE, receiver.said
        assert tuf_metadata.ROOT in renew(at=late)
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url, at=late) == 0, receiver.said
    assert receiver.blocked == ["6281200000001"]
