"""What the client refuses from the role of holds, and that no later list lengthens one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from aduan.blocklists import queries, tuf_metadata
from aduan.operators.models import Operator
from tests.aduan.blocklists import thief
from tests.aduan.blocklists.served import META, Answers, Receiver, client, everything, serving
from tests.factories.blocklists import published

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def today() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def real(telkomsel: Operator, today: dt.datetime) -> Answers:
    published(telkomsel, at=today)
    return everything(telkomsel)


@pytest.fixture
def receiver(real: Answers, tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "op", "telkomsel", real[META + "1.root.json"])


def row(number: int, end: dt.datetime | None) -> str:
    said = end.strftime("%Y-%m-%dT%H:%M:%SZ") if end else ""
    return f"{6281200000000 + number},block,2026-11-27,2026-12-04,FRAUD,K-00000001,{said}"


def holds(
    real: Answers, telkomsel: Operator, rows: list[str], at: dt.datetime, *, sequence: int = 1
) -> Answers:
    before = queries.latest(telkomsel)
    assert before is not None
    added = tuple(one.split(",")[0] for one in rows)
    files = thief.files_of(rows, added=added)
    return thief.forged(
        real, before, tuf_metadata.HOLD, files, at=at, step=sequence, sequence=sequence, version=sequence
    )


@pytest.mark.parametrize("wrong", ["no end", "too late", "too many"])
def test_a_hold_beyond_the_signed_limits_is_refused(
    real: Answers, telkomsel: Operator, receiver: Receiver, today: dt.datetime, wrong: str
) -> None:
    within = today + 167 * HOUR
    rows = {
        "no end": [row(1, within), row(2, None)],
        "too late": [row(1, today + 169 * HOUR)],
        "too many": [row(number, within) for number in range(1001)],
    }[wrong]
    with serving(holds(real, telkomsel, rows, today)) as server:
        assert receiver.fetch(server.url, "--series", "hold") == client.REFUSED, receiver.said
        assert receiver.blocked == []
        server.answers = holds(real, telkomsel, [row(1, within)], today, sequence=2)
        assert receiver.fetch(server.url, "--series", "hold") == client.OK, receiver.said
    assert receiver.blocked == ["6281200000001"]


def test_a_held_number_without_a_row_of_its_own_is_refused(
    real: Answers, telkomsel: Operator, receiver: Receiver, today: dt.datetime
) -> None:
    """As many rows as numbers, each with an end, but of another number: this one's would never come."""
    before = queries.latest(telkomsel)
    assert before is not None
    files = thief.files_of([row(1, today + HOUR)], added=("6281200000007",))
    files["block.txt"] = "6281200000007\n"
    with serving(thief.forged(real, before, tuf_metadata.HOLD, files, at=today)) as server:
        assert receiver.fetch(server.url, "--series", "hold") == client.REFUSED, receiver.said
    assert "block.csv and block.txt differ" in receiver.said
    assert receiver.blocked == []


@pytest.mark.parametrize("missing", ["root", "key", "trust"])
def test_a_hold_ends_though_this_machine_can_fetch_no_more(
    real: Answers, telkomsel: Operator, receiver: Receiver, today: dt.datetime, missing: str
) -> None:
    more = ["--series", "hold"]
    with serving(holds(real, telkomsel, [row(1, today + 2 * HOUR)], today)) as server:
        assert receiver.fetch(server.url, *more) == client.OK, receiver.said
        if missing == "root":
            receiver.root.unlink()
        elif missing == "key":
            more += ["--key-file", str(receiver.root.with_name("a-key-that-was-moved"))]
        else:
            for page in (receiver.state / "trust").glob("**/*.json"):
                page.write_text("{")
    status = receiver.fetch("http://127.0.0.1:9/", *more, at=today + 3 * HOUR)
    assert status == (client.UNREACHABLE if missing == "trust" else client.THIS_MACHINE), receiver.said
    assert in_force(receiver) == []


def in_force(receiver: Receiver) -> list[str]:
    return (receiver.state / "in-force" / "block.txt").read_text().split()


def test_a_hold_ends_by_itself_without_the_server_and_no_later_list_lengthens_it(
    real: Answers, telkomsel: Operator, receiver: Receiver, today: dt.datetime
) -> None:
    rows = [row(1, today + 2 * HOUR), row(2, today + 100 * HOUR)]
    with serving(holds(real, telkomsel, rows, today)) as server:
        assert receiver.fetch(server.url, "--series", "hold") == client.OK, receiver.said
        longer = [row(1, today + 150 * HOUR), row(2, today + 100 * HOUR)]
        server.answers = holds(real, telkomsel, longer, today, sequence=3)  # one was lost
        assert receiver.fetch(server.url, "--series", "hold") == client.OK, receiver.said
    assert in_force(receiver) == ["6281200000001", "6281200000002"]
    gone = "http://127.0.0.1:9/"
    assert receiver.fetch(gone, "--series", "hold", at=today + 3 * HOUR) == client.UNREACHABLE
    assert in_force(receiver) == ["6281200000002"]
    assert receiver.fetch(gone, "--series", "hold", at=today + dt.timedelta(days=8)) == client.STALE
    assert in_force(receiver) == [], "eight days without a word"
