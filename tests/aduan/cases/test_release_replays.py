"""A restored backup releases again what two people released, with both signatures, and nothing else."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
from django.db import transaction

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.models import Block, Case, ChangeRequest
from aduan.cases.queries import Release, releases
from aduan.cases.workflow import ProposalType
from aduan.core.errors import Forbidden
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.referrals import platform

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def case(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> Case:
    return make.confirmed(telkomsel, first=budi, second=citra, at=now)


def lost(case: Case, *, by: User, at: dt.datetime) -> Release:
    """The journal's line of a release that the restored state does not know."""
    with transaction.atomic():
        make.released(case, by=by, at=at)
        (line,) = releases()
        transaction.set_rollback(True)
    case.refresh_from_db()
    return line


def replayed(line: Release, at: dt.datetime) -> bool:
    return services.replay_release(line, at=at)


def test_the_release_comes_back_with_both_people(case: Case, agus: User, now: dt.datetime) -> None:
    dina = make.dina()
    line = lost(case, by=agus, at=now)
    assert replayed(line, now + DAY)
    block = Block.objects.select_related("released_under").get(case=case)
    assert (block.release_reason, block.released_by) == ("error", dina)
    assert block.released_under is not None
    assert (block.released_under.requested_by, block.released_under.settled_by) == (agus, dina)
    assert not replayed(line, now + DAY)
    assert ChangeRequest.objects.count() == 1


def test_a_referral_that_was_opened_again_is_open_again(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    """It is not closed, and no complainant reads that it is."""
    platform()
    case = make.confirmed(
        telkomsel, first=budi, second=citra, at=now, proposal_type=ProposalType.REFER, channel="whatsapp"
    )
    with transaction.atomic():
        services.reopen(case, by=budi, at=now, reason="Bukti baru")
        (line,) = releases()
        transaction.set_rollback(True)
    assert replayed(line, now + DAY)
    case.refresh_from_db()
    assert case.status == "open"
    assert Block.objects.get(case=case).release_reason == "reopened"
    assert not case.notices.filter(event__action="release").exists()
    assert not replayed(line, now + DAY)


def test_a_request_that_still_waits_in_the_backup_gives_way(case: Case, agus: User, now: dt.datetime) -> None:
    make.dina()
    line = lost(case, by=agus, at=now + DAY)
    make.release_asked(case, by=agus, at=now)
    assert replayed(line, now + 2 * DAY)
    assert list(ChangeRequest.objects.order_by("id").values_list("state", flat=True)) == [
        "withdrawn",
        "confirmed",
    ]


@pytest.mark.parametrize("changed", ["mac", "person", "at"])
def test_a_forged_journal_frees_no_number(
    case: Case, agus: User, citra: User, now: dt.datetime, changed: str
) -> None:
    make.dina()
    line = copy.deepcopy(lost(case, by=agus, at=now))
    assert line["request"] is not None
    proof = line["request"]["settled_evidence"]
    if changed == "mac":
        proof["mac"] = "00" * 32
    elif changed == "person":
        proof["person"] = citra.pk
    else:
        proof["at"] = (now + DAY).isoformat()
    with pytest.raises(Forbidden, match="signature_refused"):
        replayed(line, now + DAY)
    case.refresh_from_db()
    assert case.status == "confirmed"
