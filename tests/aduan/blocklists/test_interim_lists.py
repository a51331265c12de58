"""Between months: removals go out alone and at once, urgent blocks too.

Every list is the one before ± its parts.
"""

from __future__ import annotations

import datetime as dt
import random

import pytest

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, ListSeries, ListSubscription, ListType
from aduan.blocklists.services import build_interims, build_list, build_missing, build_referrals, publish_due
from aduan.cases.models import Block, Case
from aduan.cases.workflow import ProposalType
from aduan.core.periods import Month, last_ended
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories.accounts import past_triggers
from tests.factories.blocklists import NOVEMBER, a_block, published
from tests.factories.cases import confirmed, released
from tests.factories.operators import operator

pytestmark = pytest.mark.django_db


def numbers(block_list: BlockList, part: str) -> set[str]:
    file = queries.file_of(block_list, f"{part}.txt")
    assert file is not None
    return set(file.path.read_text().split())


def release(block: Block, by: User, at: dt.datetime) -> None:
    released(Case.objects.get(pk=block.case_id), by=by, at=at)


def test_a_release_goes_out_at_once_and_alone(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    kept = a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=now)
    release(block, agus, now)
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281300000001, urgent=True)
    waits_for_the_month = a_block(telkomsel, by=(budi, citra), at=now, digits=6281300000002)
    removal, urgent = build_interims(at=now + dt.timedelta(minutes=2))
    assert numbers(removal, "removed") == {str(block.digits)}
    assert numbers(removal, "added") == set()
    assert numbers(urgent, "block") == {str(kept.digits), "6281300000001"}
    assert str(waits_for_the_month.digits) not in numbers(urgent, "block")
    assert build_interims(at=now + dt.timedelta(minutes=4)) == []
    assert queries.latest(telkomsel) == urgent


def test_a_block_that_has_run_out_is_removed(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now, until=now.date() + dt.timedelta(days=14))
    published(telkomsel, at=now)
    last_day = now + dt.timedelta(days=13)
    assert build_interims(at=last_day) == []
    (removal,) = build_interims(at=last_day + dt.timedelta(days=1))
    assert numbers(removal, "removed") == {str(block.digits)}
    assert (removal.count, removal.sequence) == (0, 2)


def test_a_block_lifted_while_its_list_cools_off_is_never_published(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime, settings
) -> None:
    settings.PUBLICATION_DELAY = dt.timedelta(hours=4)
    block = a_block(telkomsel, by=(budi, citra), at=now)
    kept = a_block(telkomsel, by=(budi, citra), at=now)
    built = build_list(telkomsel, period=Month(2026, 10), kind=ListType.MONTHLY, at=now)
    assert built is not None
    release(block, agus, now + dt.timedelta(hours=1))
    later = now + dt.timedelta(hours=4)
    (out,) = publish_due(at=later)
    built.refresh_from_db()
    assert built.state == BlockList.State.REJECTED
    assert (out.version, numbers(out, "block")) == (2, {str(kept.digits)})
    assert out.published_at == later, "what people could see already does not cool off twice"


def test_full_is_the_one_before_plus_added_minus_removed_over_any_history(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    dice = random.Random(20)
    at, before, reported = now, set[str](), dict[str, int]()
    in_force: list[Block] = []
    a_block(telkomsel, by=(budi, citra), at=at)  # stays: a list that falls empty would be held
    for step in range(12):
        at += dt.timedelta(days=dice.randrange(1, 20))
        for _ in range(dice.randrange(3)):
            until = at.date() + dt.timedelta(days=dice.randrange(14, 90))
            in_force.append(
                a_block(telkomsel, by=(budi, citra), at=at, urgent=dice.random() < 0.4, until=until)
            )
        open_ones = [block for block in in_force if block.valid_until > at.date()]
        if open_ones and dice.random() < 0.5:
            block = dice.choice(open_ones)
            in_force.remove(block)
            release(block, agus, at)
        made = build_missing(at=at, until=last_ended(at)) if step % 3 == 0 else build_interims(at=at)
        for block_list in made:
            full, new, gone = (numbers(block_list, part) for part in ("block", "added", "removed"))
            assert full == (before | new) - gone
            assert new.isdisjoint(before)
            assert gone <= before
            for number in new:
                reported[number] = reported.get(number, 0) + 1
            before = full
    assert BlockList.objects.filter(state="published").count() > 6
    assert set(reported.values()) == {1}, "each decision is new on exactly one list"


def test_every_missing_month_is_made_oldest_first(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=now)
    made = build_missing(at=now.replace(year=2027, month=2, day=3))
    assert [f"{one.period:%Y-%m}" for one in made] == ["2026-11", "2026-12", "2027-01"]
    assert [one.sequence for one in made] == [2, 3, 4]
    assert build_missing(at=now.replace(year=2027, month=2, day=4)) == []


def test_a_platform_gets_a_voluntary_referral_with_what_it_needs(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, settings
) -> None:
    platform = operator(
        "whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY
    )
    case = confirmed(
        telkomsel, first=budi, second=citra, at=now, proposal_type=ProposalType.REFER, channel="whatsapp"
    )
    (referral,) = build_referrals(at=now + dt.timedelta(hours=1))
    assert referral.operator == platform
    assert referral.manifest["voluntary"] is True
    file = queries.file_of(referral, "block.csv")
    assert file is not None
    header, row = file.path.read_text().splitlines()
    assert header.endswith(",case,reports,evidence,ends_at,referral")
    assert row.split(",")[1] == "refer"
    assert row.split(",")[5:8] == [case.reference, "1", "1"]
    assert build_referrals(at=now + dt.timedelta(hours=2)) == []
    assert build_missing(at=now + dt.timedelta(hours=2)) == []


def test_inbound_filters_are_off_until_data_switches_them_on(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    operator("whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY)
    foreign = confirmed(
        None, first=budi, second=citra, at=now, proposal_type=ProposalType.REFER, channel="whatsapp"
    )
    with as_administrator() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE cases_block SET digits = 60123456789 WHERE case_id = %s", [foreign.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert {one.series for one in build_referrals(at=now)} == {ListSeries.REFERRAL}
    with past_triggers():
        ListSubscription.objects.create(operator=telkomsel, series=ListSeries.INBOUND, enabled=True)
    (inbound,) = build_referrals(at=now)
    assert numbers(inbound, "block") == {"60123456789"}
    assert queries.latest(telkomsel) is None, "an inbound filter is a series of its own"


def test_the_newest_list_answers_the_public_check(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    assert block.digits is not None
    assert queries.published_block(block.digits, now.date()) is None
    published(telkomsel, at=now, period=NOVEMBER.previous())
    shown = queries.published_block(block.digits, now.date())
    assert shown is not None
    assert (shown.case_id, shown.listed_at) == (block.case_id, now)
    release(block, agus, now)
    build_interims(at=now + dt.timedelta(minutes=5))
    assert queries.published_block(block.digits, now.date()) is None
    assert queries.listing(block.digits, telkomsel.pk) == (now, now + dt.timedelta(minutes=5))
