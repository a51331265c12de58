"""What operators' and platforms' pages say of what waits is so, whatever waits where."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList
from aduan.operators.actors import actor_for
from aduan.operators.models import Operator
from aduan.referrals.codes import AnswerWay
from aduan.referrals.services import answer_referral
from tests.factories import referrals as make
from tests.factories.operators import person_of
from tests.portal.api.conftest import key_of
from tests.portal.conftest import a_list  # noqa: F401 - a fixture
from tests.portal.operators.conftest import at_desk

pytestmark = pytest.mark.django_db


def test_a_platform_whose_referral_waits_never_reads_that_nothing_is_open(
    telkomsel: Operator, budi: User, citra: User
) -> None:
    """Seen to fail on 0.3.0: lists alone were counted, and the page said that all was answered."""
    rudi = person_of(make.platform(), "rudi@whatsapp.example", "Rudi Hartono")
    at = timezone.now() - dt.timedelta(days=2)
    referral = make.referred("0812-3456-7890", at=at, by=budi, second=citra)
    desk = at_desk(rudi)
    for page in ("", "jaga/", "tenggat/"):
        said = desk.get(f"/operator/{page}").content.decode()
        assert "1 referral is not yet answered." in said, page
        assert "Nothing is open" not in said, page
        assert "Waiting for your answer" not in said, page
    now = timezone.now()
    answer_referral(referral, answer="suspended", way=AnswerWay.PAGE, actor=actor_for(rudi), at=now)
    assert "Nothing is open" in desk.get("/operator/tenggat/").content.decode()
    performance = desk.get("/operator/kinerja/").content.decode()
    assert "acted on: 1, refused: 0" in performance
    assert "No answers in this span." not in performance


def test_numbers_within_their_hours_are_not_said_to_agree(
    dewi_desk: Client,
    a_list: BlockList,  # noqa: F811
) -> None:
    """Seen to fail on 0.3.0: before the first answer the page said that answers and list are the same."""
    page = dewi_desk.get("/operator/kinerja/selisih/").content.decode()
    assert "Nothing differs so far. 3 numbers wait for your answers" in page
    assert "Your answers and your list are the same." not in page


def test_each_thing_that_a_key_may_do_is_named_once(dewi: User, dewi_desk: Client) -> None:
    """Seen to fail on 0.3.0: the right to free a number was shown as a second right to report."""
    key_of(dewi)
    page = dewi_desk.get("/operator/kunci/").content.decode()
    may = page.partition("<dt>The key may</dt>")[2].partition("</dd>")[0]
    assert "report that a number has a new holder" in may
    assert (may.count("fetch lists"), may.count("report outcomes")) == (1, 1)
