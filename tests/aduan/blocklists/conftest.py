"""What the reference client is served in these tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.blocklists.services import build_interims
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import META, Answers, Receiver, client, everything, serving
from tests.factories.blocklists import a_block, published
from tests.factories.cases import released


@pytest.fixture
def today() -> dt.datetime:
    """The client lives by the real clock, so the ministry does here as well."""
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def published_twice(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, agus: User, today: dt.datetime
) -> list[Answers]:
    """What Telkomsel was served after the first list and after each interim list; then what Indosat was."""
    block = a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000001)
    a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000002)
    a_block(indosat, by=(budi, citra), at=today, digits=6281500000001)
    published(telkomsel, at=today)
    published(indosat, at=today)
    first = everything(telkomsel)
    released(block.case, by=agus, at=today)
    a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000003, urgent=True)
    build_interims(at=today)
    return [first, everything(telkomsel), everything(indosat)]


_remembered: list[Answers] = []


@pytest.fixture
def two_lists(request: pytest.FixtureRequest) -> list[Answers]:
    """The same bytes for every test that only serves them."""
    if not _remembered:
        _remembered.extend(request.getfixturevalue("published_twice"))
    return _remembered


@pytest.fixture
def receiver(two_lists: list[Answers], tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "op", "telkomsel", two_lists[0][META + "1.root.json"])


@pytest.fixture
def in_use(receiver: Receiver, two_lists: list[Answers]) -> Receiver:
    """A machine that has the first list."""
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url) == client.OK
    assert receiver.blocked == ["6281200000001", "6281200000002"]
    return receiver
