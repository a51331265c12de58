"""A hold ends while its list is built, a clock is a day behind, a number moves while its block is lifted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from aduan.appeals import services as appeals
from aduan.blocklists.services import build_holds, end_finished_holds, maintenance, renew
from aduan.blocklists.services.publishing import publish
from aduan.cases.models import Block, TemporaryLift
from aduan.cases.services import end_hold, route_blocks
from aduan.numbers.models import PhoneNumber
from tests.aduan.appeals.test_objections import answered, objected, proven
from tests.aduan.blocklists.served import META, Receiver, client, everything, serving
from tests.factories import holds
from tests.factories.accounts import past_triggers
from tests.factories.blocklists import a_block

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def today() -> dt.datetime:
    """A client reads the real clock, and trusts no page that is too old."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def in_force(receiver: Receiver) -> list[str]:
    return (receiver.state / "in-force" / "block.txt").read_text().split()


def test_a_hold_that_ends_while_its_list_is_built_leaves_the_client_with_the_next_round(
    telkomsel, budi, citra, today, tmp_path: Path, monkeypatch
) -> None:
    holds.hold_rules()
    build_holds(at=today - MINUTE)
    answers = everything(telkomsel)
    receiver = Receiver(tmp_path / "op", "telkomsel", answers[META + "1.root.json"])
    hold = holds.held(telkomsel, first=budi, second=citra, at=today)

    def ended_first(made, *, at):
        """Citra sees her mistake after the list was selected, and before it is published."""
        hold.refresh_from_db()
        if hold.ended_at is None:
            assert made.count == 1, "it was selected"
            end_hold(hold, by=citra, at=at, mistake=True)
        return publish(made, at=at)

    monkeypatch.setattr(maintenance, "publish", ended_first)
    build_holds(at=today)
    hold.refresh_from_db()
    assert hold.end_reason == "mistake"
    build_holds(at=today)  # the next round, a second later
    with serving(everything(telkomsel)) as server:
        assert receiver.fetch(server.url, "--series", "hold") == client.OK, receiver.said
        assert in_force(receiver) == []
    assert build_holds(at=today) == [], "and nothing is left to do"


def test_a_client_whose_clock_is_a_day_behind_lets_go_when_it_hears_the_ministrys_time(
    telkomsel, budi, citra, today, tmp_path: Path
) -> None:
    """It refuses the list, and says so; what is over by the time that the ministry signed is out of force."""
    holds.hold_rules(hours=1)
    hold = holds.held(telkomsel, first=budi, second=citra, at=today - 59 * MINUTE)
    build_holds(at=today)
    answers = everything(telkomsel)
    receiver = Receiver(tmp_path / "op", "telkomsel", answers[META + "1.root.json"])
    with serving(answers) as server:
        assert receiver.fetch(server.url, "--series", "hold") == client.OK, receiver.said
        assert in_force(receiver) == [str(hold.digits)]
        over = today + 2 * MINUTE
        end_finished_holds(at=over)
        build_holds(at=over)
        renew(at=over)
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url, "--series", "hold", at=over - DAY) == client.THIS_MACHINE
        assert "the clock is behind" in receiver.said
        assert in_force(receiver) == []


@pytest.mark.parametrize("upheld", [False, True])
def test_a_lifted_block_whose_number_moves_comes_back_at_the_new_operator_or_nowhere(
    telkomsel, indosat, budi, citra, agus, today, upheld
) -> None:
    """Telkomsel's prefix went to Indosat while Raka's objection was being answered."""
    block = a_block(telkomsel, by=(budi, citra), at=today - 30 * MINUTE, digits=6281270001234)
    appeals.request_lift(proven(objected(today), today), at=today)
    with past_triggers():
        PhoneNumber.objects.filter(pk=block.number_id).update(operator=indosat)
    assert route_blocks(at=today) == 0, "no other operator hears of a block that is lifted"
    answered(block.case, by=agus, at=today, upheld=upheld, reason="Sudah diperiksa.")
    assert TemporaryLift.objects.get().outcome == ("freed" if upheld else "restored")
    route_blocks(at=today + MINUTE)
    in_force_at = Block.objects.filter(released_at=None).values_list("operator__code", flat=True)
    assert list(in_force_at) == ([] if upheld else ["indosat"])
