"""Many numbers freed by people, or one whole prefix, stop the interim list until two list managers looked.

Seen on e14b882: a protected prefix ended six blocks, and all six removals were published within seconds; 20
removals of a list of 2,000 numbers never stopped it.
"""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.codes import StopReason
from aduan.blocklists.models import BlockList
from aduan.blocklists.services import agree_rules, build_interims, propose_rules, publish_due, resume_list
from aduan.blocklists.stop_rules import Thresholds, by_freed
from aduan.cases import services as cases
from aduan.cases.queries import effect_of_pattern
from aduan.operators.models import Operator
from tests.factories.accounts import person, step_up
from tests.factories.blocklists import a_block, published
from tests.factories.cases import released

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def mira(db: None) -> User:
    return person("mira@aduan.example", "Mira Utami", Role.LIST_MANAGER)


def protect(pattern: str, *, rini: User, lina: User, at: dt.datetime) -> None:
    seen = effect_of_pattern(pattern.replace("0", "+62", 1), begins=True).digest
    asked = cases.request_protection(
        pattern, owner="RSUP", kind="h", source="Surat", reason="Salah blokir", seen_digest=seen, by=rini,
        step_up=step_up(rini, at), at=at,
    )  # fmt: skip
    cases.confirm_protection(asked, by=lina, step_up=step_up(lina, at), at=at, seen_digest=seen)


def test_a_protected_prefix_stops_the_list_and_two_list_managers_let_it_go(
    telkomsel: Operator,
    budi: User,
    citra: User,
    rini: User,
    lina: User,
    mira: User,
    now: dt.datetime,
) -> None:
    for digits in (6281200000001, 6281200000002, 6281300000003):
        a_block(telkomsel, by=(budi, citra), at=now, digits=digits)
    published(telkomsel, at=now)
    protect("08120*", rini=rini, lina=lina, at=now + MINUTE)
    (stopped,) = build_interims(at=now + 2 * MINUTE)
    assert stopped.state == BlockList.State.STOPPED
    (reason,) = [one for one in stopped.stop_reasons if one["code"] == StopReason.FREED]
    assert (reason["freed"], reason["prefixes"], reason["resumable"]) == (2, ["+628120*"], True)
    resume_list(stopped, by=lina, step_up=step_up(lina, now + 3 * MINUTE), at=now + 3 * MINUTE)
    resume_list(stopped, by=mira, step_up=step_up(mira, now + 3 * MINUTE), at=now + 3 * MINUTE)
    publish_due(at=now + 3 * MINUTE)
    stopped.refresh_from_db()
    assert stopped.state == BlockList.State.PUBLISHED


def test_one_number_that_two_people_released_is_free_at_once(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=now)
    released(block.case, by=agus, at=now + MINUTE)
    (removal,) = build_interims(at=now + 2 * MINUTE)
    assert removal.state == BlockList.State.PUBLISHED


def test_the_limit_counts_over_a_day_so_that_slices_do_not_pass_it(
    telkomsel: Operator, budi: User, citra: User, agus: User, lina: User, mira: User, now: dt.datetime
) -> None:
    asked = propose_rules(
        Thresholds(freed_limit=2), cooling_off=dt.timedelta(0), reason="uji", by=lina, at=now,
        step_up=step_up(lina, now),
    )  # fmt: skip
    agree_rules(asked, by=mira, step_up=step_up(mira, now), at=now)
    blocks = [a_block(telkomsel, by=(budi, citra), at=now) for _ in range(4)]
    published(telkomsel, at=now)
    states = []
    for turn, block in enumerate(blocks[:3], start=1):
        released(block.case, by=agus, at=now + turn * 10 * MINUTE)
        (made,) = build_interims(at=now + (turn * 10 + 1) * MINUTE)
        states.append(made.state)
    assert states == ["published", "published", "stopped"]


def test_what_ends_on_its_own_never_counts() -> None:
    assert by_freed([], prefixes=[], limit=20) == []
    assert by_freed(list(range(20)), prefixes=[], limit=20) == []
    assert by_freed(list(range(21)), prefixes=[], limit=20)[0].figures["freed"] == 21
