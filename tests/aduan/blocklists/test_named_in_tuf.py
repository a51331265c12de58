"""Every series keeps its newest list in the TUF repository; no receiver begins without one."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.blocklists import queries, tuf_metadata
from aduan.blocklists.models import BlockList, ListSeries, ListSubscription, ListType
from aduan.blocklists.services import (
    build_first,
    build_list,
    build_missing,
    build_referrals,
    publish,
    renew,
    tuf_targets,
)
from aduan.blocklists.services.tuf_repository import newest
from aduan.core.periods import month_of
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import META, Receiver, client, everything, serving
from tests.bounds import proved
from tests.factories.accounts import past_triggers
from tests.factories.blocklists import a_block, published
from tests.factories.operators import operator

pytestmark = pytest.mark.django_db
NO_LIST = 7


@pytest.fixture
def today() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def platform(db: None) -> Operator:
    return operator("whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY)


def named(home: Operator) -> dict[str, str]:
    """Digest by path of the targets that the operator's page names."""
    page = newest(home.code)
    assert page is not None
    files = tuf_metadata.read(bytes(page.body)).signed.targets
    return {path: file.hashes["sha256"] for path, file in files.items()}


def publish_one(home: Operator, kind: ListType, at: dt.datetime) -> BlockList:
    built = build_list(home, period=month_of(at), kind=kind, at=at)
    assert built is not None
    out = publish(built, at=at)
    assert out is not None, built.stop_reasons
    return out


def newest_by_series(home: Operator) -> dict[str, BlockList]:
    lists = queries.lists_for(home).order_by("series", "-sequence").distinct("series")
    return {block_list.series: block_list for block_list in lists}


def assert_all_newest_are_named(home: Operator) -> None:
    files = named(home)
    for series, block_list in newest_by_series(home).items():
        if series == ListSeries.HOLD:
            continue  # named by a role of its own
        assert files[f"{home.code}/latest-{series}.json"] == block_list.digest, series
        for file in queries.files_of(block_list):
            assert files[f"{block_list.folder}/{file.name}"] == file.sha256, (series, file.name)
    main = newest_by_series(home).get(queries.main_series(home))
    assert files.get(f"{home.code}/latest.json") == (main.digest if main else None)


def test_forty_one_lists_of_another_series_do_not_push_the_block_list_out(
    telkomsel: Operator, budi: User, citra: User, today: dt.datetime, tmp_path: Path, monkeypatch
) -> None:
    """Seen with the forty of the code; here with three, which takes a tenth of the time."""
    monkeypatch.setattr(tuf_targets, "LISTS_KEPT", 3)
    a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000001)
    blocks = published(telkomsel, at=today)
    first = everything(telkomsel)
    receiver = Receiver(tmp_path / "running", "telkomsel", first[META + "1.root.json"])
    late = Receiver(tmp_path / "fresh", "telkomsel", first[META + "1.root.json"])
    with serving(first) as server:
        assert receiver.fetch(server.url) == client.OK
        for _turn in range(4):
            publish_one(telkomsel, ListType.INBOUND, today)
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url) == client.OK, receiver.said
        assert late.fetch(server.url) == client.OK, late.said
    assert late.blocked == receiver.blocked == ["6281200000001"]
    assert named(telkomsel)["telkomsel/latest.json"] == blocks.digest


KINDS = (ListType.INTERIM, ListType.REFERRAL, ListType.INBOUND)


@pytest.mark.parametrize(
    ("steps", "seed"), [(14, 0), *(pytest.param(150, seed, marks=pytest.mark.slow) for seed in range(1, 5))]
)
def test_over_any_sequence_of_series_the_newest_of_each_is_named(
    telkomsel: Operator, platform: Operator, today: dt.datetime, steps: int, seed: int, monkeypatch
) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(tuf_targets, "LISTS_KEPT", 2 if steps < 50 else 5)
    at = today - dt.timedelta(days=1)
    for _step in range(steps):
        at += dt.timedelta(minutes=dice.randrange(1, 9))
        home, kind = dice.choice((telkomsel, platform)), dice.choices(KINDS, weights=(1, 2, 5))[0]
        publish_one(home, kind, at)
        assert_all_newest_are_named(home)
    for home in (telkomsel, platform):
        kept = {path.rsplit("/", 1)[0] for path in named(home) if path.count("/") > 1}
        most = tuf_targets.LISTS_KEPT * len(newest_by_series(home))
        assert len(kept) <= most, "a page that grows for ever would outgrow what clients accept"
    proved(steps, f"publications of random series, newest of each named after each (seed {seed})")


def test_a_page_that_lost_a_list_is_mended_within_the_hour(
    telkomsel: Operator, budi: User, citra: User, today: dt.datetime, monkeypatch
) -> None:
    """What a version with the fault had left behind."""
    a_block(telkomsel, by=(budi, citra), at=today)
    block_list = published(telkomsel, at=today)
    monkeypatch.setattr(tuf_targets, "series_named", list)
    publish_one(telkomsel, ListType.INBOUND, today)
    assert named(telkomsel) == {}
    monkeypatch.undo()
    assert "telkomsel" in renew(at=today)
    assert named(telkomsel)["telkomsel/latest.json"] == block_list.digest
    assert "telkomsel" not in renew(at=today), "once is enough"


def test_who_joins_gets_an_empty_first_list_at_once(
    telkomsel: Operator, platform: Operator, budi: User, citra: User, today: dt.datetime, tmp_path: Path
) -> None:
    a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000001)
    made = build_first(at=today)
    assert {(one.operator.code, one.kind, one.state) for one in made} == {
        ("telkomsel", "interim", "published"),
        ("whatsapp", "referral", "published"),
    }
    assert build_first(at=today) == []
    answers = everything(telkomsel)
    receiver = Receiver(tmp_path / "op", "telkomsel", answers[META + "1.root.json"])
    with serving(answers) as server:
        assert receiver.fetch(server.url) == client.OK, receiver.said
        assert (receiver.state / "current" / "block.txt").read_bytes() == b""
        published(telkomsel, at=today)
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url) == client.OK, receiver.said
    assert receiver.blocked == ["6281200000001"]


def test_an_empty_first_list_is_renewed_and_asked_of_no_one(
    telkomsel: Operator, platform: Operator, today: dt.datetime
) -> None:
    build_first(at=today)
    assert queries.not_fetched(at=today + dt.timedelta(days=2), after=dt.timedelta(hours=6)) == []
    later = today + dt.timedelta(days=31)
    (monthly,) = build_missing(at=later)
    assert (monthly.operator, monthly.count, monthly.state) == (telkomsel, 0, "published")
    (referral,) = build_referrals(at=later)
    assert (referral.operator, referral.sequence, referral.state) == (platform, 2, "published")
    assert build_referrals(at=later) == []


def test_a_receiver_of_blocks_and_referrals_can_tell_them_apart(
    telkomsel: Operator, budi: User, citra: User, today: dt.datetime, tmp_path: Path
) -> None:
    with past_triggers():
        ListSubscription.objects.create(operator=telkomsel, series=ListSeries.REFERRAL)
    a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000001)
    blocks = published(telkomsel, at=today)
    referral = publish_one(telkomsel, ListType.REFERRAL, today)
    assert queries.latest(telkomsel) == blocks
    assert queries.latest(telkomsel, ListSeries.REFERRAL) == referral
    answers = everything(telkomsel)
    main = Receiver(tmp_path / "main", "telkomsel", answers[META + "1.root.json"])
    other = Receiver(tmp_path / "other", "telkomsel", answers[META + "1.root.json"])
    with serving(answers) as server:
        assert main.fetch(server.url) == client.OK, main.said
        assert other.fetch(server.url, "--series", "referral") == client.OK, other.said
        assert main.blocked == ["6281200000001"]
        assert other.blocked == []
        assert other.fetch(server.url) == client.THIS_MACHINE, "a folder is of one series"


def test_no_list_and_no_operator_are_said_and_never_taken_for_success(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, today: dt.datetime, tmp_path: Path
) -> None:
    a_block(indosat, by=(budi, citra), at=today, digits=6281500000001)
    published(indosat, at=today)
    answers = everything(telkomsel)
    root = answers[META + "1.root.json"]
    with serving(answers) as server:
        receiver = Receiver(tmp_path / "op", "telkomsel", root)
        assert receiver.fetch(server.url) == NO_LIST
        assert "no list" in receiver.said
        typo = Receiver(tmp_path / "typo", "telkomsle", root)
        assert typo.fetch(server.url) == client.THIS_MACHINE
        assert "telkomsle" in typo.said
        assert "telkomsel" in typo.said, "those that there are, to see the typing error"
