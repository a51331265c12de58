"""No hold is in force past its end: the rule that server and client share, and the whole way between them."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.blocklists.services import build_holds, end_finished_holds, renew
from aduan.cases.hold_rules import LONGEST, end_of_hold, is_held
from aduan.cases.models import Hold
from aduan.cases.services import end_hold
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import META, Answers, Receiver, client, everything, serving
from tests.factories import holds

SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)
FIRST = dt.datetime(2026, 11, 27, 3, 4, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("draws", [20_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_client_and_server_let_go_at_the_same_second(draws: int) -> None:
    dice = random.Random(15)
    for _draw in range(draws):
        signed = FIRST + dt.timedelta(microseconds=dice.randrange(400 * 86_400_000_000))
        longest = dt.timedelta(hours=dice.randrange(1, 500))
        end = end_of_hold(signed, longest)
        assert end <= signed + min(longest, LONGEST)
        ended = signed + dice.random() * (end - signed) if dice.random() < 0.3 else None
        at = end + dice.choice((-HOUR, -SECOND, 0 * SECOND, SECOND, DAY, 9 * DAY)) * dice.random()
        # What lists said of it, in any order; a thief or an old list may say later, none can say "longer".
        said = [
            end,
            *(end + dt.timedelta(seconds=dice.randrange(10**6)) for _late in range(dice.randrange(4))),
        ]
        dice.shuffle(said)
        kept = min(client.instant(one.timestamp()) for one in said)
        here = client.is_in_force(kept, client.instant(at.timestamp()))
        assert here == is_held(signed, end, None, at=at) or at < signed, (signed, end, at)
        if ended is not None and here:
            assert not is_held(signed, end, ended, at=max(at, ended)), "what a person ended is held nowhere"
        if at >= end:
            assert not here


@pytest.mark.django_db
@pytest.mark.usefixtures("own_keys")
@pytest.mark.parametrize(("size", "rounds"), [(12, 16), pytest.param(2_000, 60, marks=pytest.mark.slow)])
def test_no_client_keeps_a_hold_past_its_end_whatever_becomes_of_lists_and_clocks(
    telkomsel: Operator, budi: User, citra: User, tmp_path: Path, size: int, rounds: int
) -> None:
    """Lists are lost, late and replayed, and the operator's clock stands up to a day beside the ministry's.

    Held to two clocks: none is past its end by the operator's own, and none that the newest list leaves out
    is there after that list was taken.
    """
    dice = random.Random(2_000)
    begin = dt.datetime.now(dt.UTC).replace(microsecond=0) - 8 * DAY
    holds.hold_rules(hours=72, hourly_quota=30_000, personal_quota=30_000, list_ceiling=size + 1)
    build_holds(at=begin)
    seen: list[Answers] = [everything(telkomsel)]
    receiver = Receiver(tmp_path / "op", "telkomsel", seen[0][META + "1.root.json"])
    made: dict[str, Hold] = {}
    span, taken = 8 * DAY, 0
    with serving(seen[0]) as server:
        for turn in range(rounds):
            at = begin + span * (turn + 1) / rounds
            end_finished_holds(at=at)
            for _one in range(size * (turn + 1) // rounds - size * turn // rounds):
                hold = holds.held(telkomsel, first=budi, second=citra, at=at)
                made[str(hold.digits)] = hold
            for hold in dice.sample(list(made.values()), min(len(made), 1)):
                hold.refresh_from_db()
                if hold.is_held(at) and dice.random() < 0.3:
                    end_hold(hold, by=budi, at=at, mistake=True)
            renew(at=at)
            build_holds(at=at)
            seen.append(everything(telkomsel))
            course = dice.choice(("newest", "newest", "lost", "replayed", "late"))
            skew = dice.choice((-DAY, -HOUR / 2, dt.timedelta(), HOUR / 2, DAY))
            server.answers = {
                "newest": seen[-1],
                "lost": {},
                "replayed": dice.choice(seen),
                "late": seen[max(0, len(seen) - 3)],
            }[course]
            status = receiver.fetch(server.url, "--series", "hold", at=at + skew)
            file = receiver.state / "in-force" / "block.txt"
            in_force = file.read_text().split() if file.exists() else []
            for digits in in_force:
                hold = made[digits]
                assert hold.ends_at is not None
                assert hold.ends_at > at + skew, (digits, course, skew, receiver.said)
            if course == "newest" and status == client.OK:
                taken += 1
                for digits in in_force:
                    made[digits].refresh_from_db()
                    assert made[digits].is_held(at), (digits, skew, receiver.said)
        assert taken >= 2, "the newest list was taken now and then"
        receiver.fetch("http://127.0.0.1:9/", "--series", "hold", at=begin + span + 4 * DAY)
        assert (receiver.state / "in-force" / "block.txt").read_text() == "", "and without a word at all"
