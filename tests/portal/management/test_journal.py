"""A restored backup gives no power back, ends what had ended, and names what has to be approved again.

On d0bffad4 a lift that was lost came back as a cut line, and no line of the restore named it. On 13789aed
the journal held erasures and releases only; an urgent block that one person had stopped ended the restore
with an error of the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from aduan.accounts import services as accounts
from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.models import PublicationStop
from aduan.blocklists.services import stop_publication
from aduan.cases import services as cases
from aduan.cases.models import PACE_BOUNDS, Block, Case, PaceLimits, TemporaryLift
from aduan.operators.models import Operator
from portal.management.backup import journal, sealing
from portal.management.backup.journal import Replayed
from tests.factories.accounts import person, step_up
from tests.factories.blocklists import a_block
from tests.factories.cases import settled
from tests.factories.holds import held, hold_rules

pytestmark = pytest.mark.django_db
SECONDS = dt.timedelta(seconds=30)
DAY = dt.timedelta(days=1)
Restore = Callable[[Callable[[], object]], Replayed]


@pytest.fixture
def restored(settings, tmp_path: Path, now: dt.datetime) -> Restore:
    """Does something, writes the journal, takes the database back to before, replays the journal twice."""
    secret, settings.BACKUP_RECIPIENT = sealing.new_identity()
    (tmp_path / "offline.key").write_text(secret)
    identity = sealing.identity_from(tmp_path / "offline.key")

    def restore(act: Callable[[], object]) -> Replayed:
        with transaction.atomic():
            act()
            journal.write(tmp_path, at=now + DAY)
            transaction.set_rollback(True)
        first = journal.replay_journal(tmp_path, identity, at=now + DAY)
        again = journal.replay_journal(tmp_path, identity, at=now + 2 * DAY)
        assert (again.releases, again.hold_ends, again.powers, again.stops) == (0, 0, 0, 0)
        assert again.to_answer == []
        return first

    return restore


@pytest.fixture
def rini(db: None) -> User:
    return person("rini@aduan.example", "Rini", Role.ADMINISTRATOR)


def test_who_had_left_has_left(
    budi: User, citra: User, rini: User, now: dt.datetime, restored: Restore
) -> None:
    def act() -> None:
        accounts.deactivate(budi, by=rini, at=now)
        accounts.take_roles(citra, [], by=rini, at=now)

    assert restored(act).powers == 2
    budi.refresh_from_db()
    citra.refresh_from_db()
    assert not budi.is_active
    assert citra.roles == []


def test_the_kill_switch_is_on_again(lina: User, now: dt.datetime, restored: Restore) -> None:
    assert restored(lambda: stop_publication(by=lina, at=now, reason="salah blokir")).stops == 1
    assert PublicationStop.objects.get(lifted_at=None).stopped_by == lina


def test_a_hold_that_ended_ends(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, restored: Restore
) -> None:
    hold_rules()
    hold = held(telkomsel, first=budi, second=citra, at=now)
    ended = restored(lambda: cases.end_hold(hold, by=budi, at=now + SECONDS, note="keliru", mistake=True))
    assert ended.hold_ends == 1
    hold.refresh_from_db()
    assert hold.ended_at is not None


def test_an_urgent_block_that_was_stopped_is_stopped(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, restored: Restore
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now + dt.timedelta(minutes=2), urgent=True)
    case = Case.objects.get()
    soon = dt.timedelta(minutes=2)
    done = restored(lambda: cases.stop_urgent(case, by=budi, at=now + SECONDS, delay=soon, reason="keliru"))
    assert (done.releases, done.to_release) == (1, [])
    block = Block.objects.get()
    assert (block.release_reason, block.released_by) == ("stopped", budi)
    case.refresh_from_db()
    assert case.status == "open"


def lift(block: Block, *, at: dt.datetime) -> None:
    cases.record_objection(block.case, at=at)
    cases.lift_temporarily(block.case, at=at)


def test_a_number_that_was_lifted_is_on_no_list_until_two_people_answer(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime, restored: Restore
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)

    assert restored(lambda: lift(block, at=now + SECONDS)).to_answer == [block.case_id]
    again = TemporaryLift.objects.get(block=block)
    assert (again.ended_at, again.lifted_at) == (None, now + DAY)
    case = Case.objects.get(pk=block.case_id)
    assert case.objection_since is not None
    settled(case, by=agus, at=now + 2 * DAY, upheld=False)
    again.refresh_from_db()
    assert again.outcome == "restored"


def test_a_lift_that_was_answered_is_not_lifted_again(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime, restored: Restore
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)

    def act() -> None:
        lift(block, at=now + SECONDS)
        settled(block.case, by=agus, at=now + 2 * SECONDS, upheld=False)

    assert restored(act).to_answer == []
    assert not TemporaryLift.objects.exists()


def test_a_lost_approval_is_named_and_its_rules_are_not_in_force(
    rini: User, now: dt.datetime, restored: Restore
) -> None:
    lead = person("lea@aduan.example", "Lea", Role.LEAD)
    figures = {name: low for name, (low, _high) in PACE_BOUNDS.items()}
    asked = cases.request_pace_limits(figures, reason="uji", by=rini, step_up=step_up(rini, now), at=now)
    done = restored(lambda: cases.approve_pace_limits(asked, by=lead, step_up=step_up(lead, now), at=now))
    assert [(line["kind"], line["subject"]) for line in done.to_approve] == [("limits", "pace_limits")]
    assert not PaceLimits.objects.exists()
