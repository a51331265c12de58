"""A platform is asked, not obliged: the referral, its contents, its outcomes, and who is notified."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import Outcome
from aduan.blocklists.services import build_referrals
from aduan.cases.models import Case
from aduan.cases.workflow import ProposalType
from aduan.complaints.types import Receipt
from aduan.operators.models import Operator
from tests.factories.cases import proposed, signed
from tests.factories.complaints import filed
from tests.factories.operators import operator, person_of
from tests.portal.api.conftest import key_of, machine
from tests.portal.operators.conftest import at_desk

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
NUMBERS = ("0812-3456-7890", "0812-3456-7891", "0812-3456-7892")


@pytest.fixture
def platform(db: None) -> Operator:
    return operator("whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY)


def test_a_platform_answers_for_what_it_was_asked(
    telkomsel: Operator, platform: Operator, budi: User, citra: User, dewi: User
) -> None:
    at = timezone.now() - dt.timedelta(hours=2)
    receipts = [filed(at, number, channel="whatsapp") for number in NUMBERS]
    for case in Case.objects.all():
        proposed(case, by=budi, at=at, proposal_type=ProposalType.REFER)
        signed(case, by=citra, at=at)
    assert len(build_referrals(at=at)) == 1

    rudi = person_of(platform, "rudi@whatsapp.example", "Rudi Hartono")
    theirs, others = machine(key_of(rudi)), machine(key_of(dewi))
    latest = theirs.get("/api/v1/lists/latest").json()
    assert (latest["kind"], latest["voluntary"], latest["counts"]["added"]) == ("referral", True, 3)
    assert others.get("/api/v1/lists/latest").status_code == 404, "an operator hears nothing of it"
    address = f"/api/v1/lists/{latest['name']}"
    header, *rows = b"".join(theirs.get(f"{address}/files/block.csv")).decode().splitlines()
    summary = [dict(zip(header.split(","), row.split(","), strict=True)) for row in rows]
    assert [(row["action"], row["reports"]) for row in summary] == [("refer", "1")] * 3
    desk = at_desk(rudi)
    assert "voluntary" in desk.get(f"/operator/daftar/{latest['name']}/").content.decode()
    assert "Your referral lists" in desk.get("/operator/").content.decode()

    blocked, declined = summary[0]["number"], summary[1]["number"]
    answers = [
        {"number": blocked, "answer": "blocked"},
        {"number": declined, "answer": "refused", "reason": "Bukan pelanggaran ketentuan kami"},
    ]
    batch = {"list_digest": latest["digest"], "outcomes": answers}
    assert theirs.post(f"{address}/outcomes", batch, "application/json").json()["changed"] == 2

    figures = queries.performance_of(platform, since=at, until=timezone.now())
    assert figures.by_answer == {"blocked": 1, "refused": 1}
    (clock,) = queries.clocks_of(platform)
    assert (clock.answered, clock.open) == (2, 1)
    page = desk.get("/operator/kinerja/").content.decode()
    assert "<strong>2</strong> numbers answered" in page
    assert "<strong>1</strong> not answered yet" in page
    assert Outcome.objects.get(answer="refused").case_id in Case.objects.values_list("pk", flat=True)
    assert "WhatsApp" in _citizens_page(receipts[0])


def _citizens_page(receipt: Receipt) -> str:
    link = f"/lacak/{receipt.ticket}/{receipt.secret}/"
    return Client().get(link, follow=True).content.decode()
