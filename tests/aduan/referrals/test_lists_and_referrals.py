"""A number on a referral list and its referral: matched by their case, and answered on either side."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, ListSeries, Outcome
from aduan.blocklists.queries import reconcile
from aduan.blocklists.services import build_referrals, publish_due, report_outcomes
from aduan.blocklists.services.file_store import ListFiles
from aduan.operators.actors import Actor
from aduan.referrals import queries
from aduan.referrals.codes import AnswerWay
from aduan.referrals.models import Referral
from aduan.referrals.services import answer_referral, exchange_with_lists
from tests.aduan.blocklists.test_outcomes import row
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def carrying(referral: Referral, now: dt.datetime) -> BlockList:
    """The platform's list with the number."""
    (built,) = build_referrals(at=now)
    publish_due(at=now)
    built.refresh_from_db()
    assert built.state == BlockList.State.PUBLISHED
    return built


def test_an_entry_of_the_list_is_matched_by_its_case(carrying: BlockList, referral: Referral) -> None:
    with (ListFiles(carrying).folder / "block.csv").open(encoding="utf-8", newline="") as file:
        (entry,) = csv.DictReader(file)
    said = queries.notice_of(referral, ministry=make.MINISTRY)["referral"]
    assert (f"+{entry['number']}", entry["case"]) == (said["account"], said["case"])
    assert entry["referral"] == str(referral.uid) == queries.notice_of(referral, ministry={})["puid"]


def test_a_list_of_an_earlier_version_is_written_again_as_it_was(carrying: BlockList) -> None:
    carrying.manifest |= {"format_version": "1.1"}
    files = ListFiles(carrying)
    files.stage("again")
    files.write()
    head, line = (files.staging / "block.csv").read_text(encoding="ascii").splitlines()
    assert head.endswith(",ends_at")
    assert head.count(",") == line.count(",")


def test_an_answer_to_the_referral_stands_on_the_list_too(
    carrying: BlockList, referral: Referral, theirs: Actor, now: dt.datetime
) -> None:
    at = now + dt.timedelta(hours=1)
    answer_referral(referral, answer="suspended", way=AnswerWay.API, actor=theirs, at=at)
    assert Outcome.objects.get().answer == "blocked"


def test_what_was_reported_on_the_list_answers_the_referral_once(
    carrying: BlockList, referral: Referral, rudi: User, now: dt.datetime
) -> None:
    at = now + dt.timedelta(hours=1)
    said = row(referral.block.digits, "refused", at=at.isoformat(), reason="Akun resmi")
    report_outcomes(carrying, [said], list_digest=carrying.digest, at=at, by=rudi)
    assert (exchange_with_lists(at=at), exchange_with_lists(at=at)) == (1, 0)
    referral.refresh_from_db()
    assert referral.current is not None
    assert (referral.current.answer, referral.current.note) == ("no_violation", "Akun resmi")
    assert referral.current.way == AnswerWay.LIST


def test_what_a_list_cannot_say_stays_with_the_referral(
    carrying: BlockList, referral: Referral, theirs: Actor, now: dt.datetime
) -> None:
    answer_referral(referral, answer="limited", way=AnswerWay.API, actor=theirs, at=now)
    assert not Outcome.objects.exists()
    assert exchange_with_lists(at=now) == 0


def test_an_answer_that_was_there_before_the_list_stands_on_it_too(
    referral: Referral, theirs: Actor, now: dt.datetime
) -> None:
    """Seen to fail on d0bffad4: the number stayed open on the list, and missing in the reconciliation."""
    answer_referral(referral, answer="already_suspended", way=AnswerWay.PAGE, actor=theirs, at=now)
    build_referrals(at=now)
    publish_due(at=now)
    assert not Outcome.objects.exists()
    at = now + dt.timedelta(hours=30)
    assert (exchange_with_lists(at=at), exchange_with_lists(at=at)) == (1, 0)
    found = reconcile(referral.platform, at=at, series=ListSeries.REFERRAL)
    assert found is not None
    assert (found.agreed, found.agrees, found.counts["late"]) == (1, True, 0)


def test_nothing_on_a_voluntary_list_is_missing_or_late(carrying: BlockList, now: dt.datetime) -> None:
    """Seen to fail on d0bffad4: `missing` after 24 hours, and a red "has differed" on the platform's page."""
    later = now + dt.timedelta(days=40)
    found = reconcile(carrying.operator, at=later, series=ListSeries.REFERRAL)
    assert found is not None
    assert (found.waiting, found.counts["missing"], found.alarming(later)) == (1, 0, False)
