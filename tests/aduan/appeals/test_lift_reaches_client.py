"""The owner's lift, and the answer of two others, followed as far as the operator's own client."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from aduan.appeals import services
from aduan.blocklists.services import build_holds, build_interims, build_removals
from aduan.core.periods import last_ended
from tests.aduan.appeals.test_objections import answered, objected, proven
from tests.aduan.blocklists.served import META, Receiver, client, everything, serving
from tests.factories import holds
from tests.factories.blocklists import a_block, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def today() -> dt.datetime:
    """A client reads the real clock, and trusts no page that is too old."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def test_a_block_leaves_the_client_with_the_lift_and_comes_back_with_the_answer(
    telkomsel, budi, citra, agus, today, tmp_path: Path
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=today - 30 * MINUTE, digits=6281270001234)
    published(telkomsel, at=today - 20 * MINUTE, period=last_ended(today))
    answers = everything(telkomsel)
    receiver = Receiver(tmp_path / "op", "telkomsel", answers[META + "1.root.json"])
    with serving(answers) as server:

        def fetched() -> list[str]:
            server.answers = everything(telkomsel)
            assert receiver.fetch(server.url) == client.OK, receiver.said
            return list(receiver.blocked)

        assert fetched() == [str(block.digits)]
        services.request_lift(proven(objected(today), today), at=today)
        [removal] = build_interims(at=today)
        assert (removal.added_count, removal.state) == (0, "published")
        assert fetched() == []
        answered(block.case, by=agus, at=today, upheld=False, reason="Dipakai menipu")
        build_interims(at=today)
        assert fetched() == [str(block.digits)]


def test_a_hold_leaves_the_client_with_the_lift_and_comes_back_for_the_rest_of_its_time(
    telkomsel, budi, citra, agus, today, tmp_path: Path
) -> None:
    holds.hold_rules()
    hold = holds.held(telkomsel, first=budi, second=citra, at=today - MINUTE, digits=6281270001234)
    build_holds(at=today)
    answers = everything(telkomsel)
    receiver = Receiver(tmp_path / "op", "telkomsel", answers[META + "1.root.json"])
    with serving(answers) as server:

        def fetched() -> list[str]:
            server.answers = everything(telkomsel)
            assert receiver.fetch(server.url, "--series", "hold") == client.OK, receiver.said
            return list(receiver.blocked)

        assert fetched() == [str(hold.digits)]
        services.request_lift(proven(objected(today), today), at=today)
        [removal] = build_holds(at=today)
        assert (removal.added_count, removal.removed_count) == (0, 1)
        assert fetched() == []
        answered(hold.case, by=agus, at=today, upheld=False, reason="Dipakai menipu")
        build_holds(at=today)
        assert fetched() == [str(hold.digits)]


def test_the_lane_of_minutes_takes_a_lifted_block_off(telkomsel, budi, citra, today) -> None:
    a_block(telkomsel, by=(budi, citra), at=today - 30 * MINUTE, digits=6281270001234)
    published(telkomsel, at=today - 20 * MINUTE, period=last_ended(today))
    assert build_removals(at=today) == []
    services.request_lift(proven(objected(today), today), at=today)
    [removal] = build_removals(at=today)
    assert (removal.removed_count, removal.state) == (1, "published")
    assert build_removals(at=today) == []
