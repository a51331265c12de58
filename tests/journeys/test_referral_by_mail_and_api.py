"""A referral goes out by mail and by API and is answered by each; the citizen reads it."""

from __future__ import annotations

import datetime as dt
import json
import re
from email import message_from_bytes, policy

import pytest
from django.core import mail as sent
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import signing
from aduan.blocklists.queries import list_key_pem
from aduan.cases.models import Case
from aduan.cases.workflow import ProposalType
from aduan.complaints.types import Receipt
from aduan.core.jobs import now as database_now
from aduan.core.periods import local_date
from aduan.notifications.services import send_due
from aduan.operators.models import Operator
from aduan.referrals import queries, services
from aduan.referrals.models import PlatformMail, Referral, ReferralAnswer
from aduan.statistics.datasets import SETTLING_DAYS
from aduan.statistics.services.snapshots import write_snapshot
from portal.common.owner import ministry_contact
from portal.tasks import mail
from tests.factories import referrals as make
from tests.factories.cases import proposed, signed
from tests.factories.complaints import filed
from tests.factories.operators import person_of
from tests.portal.api.conftest import key_of, machine
from tests.portal.operators.conftest import at_desk

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.fixture
def telegram(telkomsel: Operator) -> Operator:
    return make.platform("telegram", "Telegram")


@pytest.fixture
def receipt(telegram: Operator, budi: User, citra: User) -> Receipt:
    """One complaint about an account, which two people referred, and whose mail has left."""
    at = timezone.now() - dt.timedelta(hours=2)
    made = filed(at, "t.me/admin_undian", channel="telegram")
    case = Case.objects.get()
    proposed(case, by=budi, at=at, proposal_type=ProposalType.REFER)
    signed(case, by=citra, at=at)
    services.follow_decisions(ministry=ministry_contact(), at=at)
    send_due(mail.deliver, at=database_now())
    return made


def _citizens_page(receipt: Receipt) -> str:
    client = Client(headers={"accept-language": "en"})
    return client.get(f"/lacak/{receipt.ticket}/{receipt.secret}/", follow=True).content.decode()


def _out() -> sent.EmailMultiAlternatives:
    (message,) = [one for one in sent.outbox if one.to == ["abuse@platform.example"]]
    assert isinstance(message, sent.EmailMultiAlternatives)
    return message


def test_by_mail_and_link(receipt: Receipt, telegram: Operator, budi: User) -> None:
    out = _out()
    referral = Referral.objects.get()
    key = signing.load_public(list_key_pem())
    raw = message_from_bytes(out.message().as_bytes(), policy=policy.default)
    document, signature = [bytes(part.get_payload(decode=True)) for part in raw.iter_attachments()]
    key.verify(signature, document)
    assert json.loads(document)["referral"]["account"] == "telegram:@admin_undian"
    assert out.extra_headers["Message-ID"] == referral.mail_id

    link = re.search(r"/rujukan/\S+", str(out.body))
    assert link is not None
    browser = Client(headers={"accept-language": "en"})
    page = browser.get(link[0], follow=True)
    assert "telegram:@admin_undian" in page.content.decode()
    assert not ReferralAnswer.objects.exists(), "a scanner opened it: nothing has changed"
    address = page.redirect_chain[-1][0]
    assert browser.post(address, {"answer": "no_violation"}).status_code == 400, "a reason is missing"
    assert browser.post(address, {"answer": "suspended"}).status_code == 200
    assert "The account is suspended." not in _citizens_page(receipt)
    assert Client().get(address).status_code == 404, "without the link it does not exist"

    desk = at_desk(budi)
    assert "telegram:@admin_undian" in desk.get("/kelola/rujukan/").content.decode()
    given = ReferralAnswer.objects.get()
    desk.post(f"/kelola/rujukan/jawaban/{given.pk}/", {"accept": "yes"})
    assert "The account is suspended." in _citizens_page(receipt)
    figures = queries.platform_figures(
        telegram, since=timezone.now() - dt.timedelta(days=1), until=timezone.now(), at=timezone.now()
    )
    assert (figures.asked, figures.acted, figures.hours) == (1, 1, 2.0)


def test_by_a_reply_that_a_person_reads(receipt: Receipt, budi: User) -> None:
    referral = Referral.objects.get()
    reply = (
        f"From: Abuse <abuse@platform.example>\r\nSubject: Re\r\nIn-Reply-To: {referral.mail_id}\r\n"
        "Authentication-Results: mx.example; spf=fail; dkim=none\r\n\r\nWe found nothing wrong.\r\n"
    ).encode()
    assert services.store_mail(reply, at=timezone.now()) is not None
    assert services.store_mail(reply, at=timezone.now()) is None, "read twice, stored once"
    kept = PlatformMail.objects.get()
    assert kept.referral == referral
    assert "not find" not in _citizens_page(receipt)
    desk = at_desk(budi)
    page = desk.get("/kelola/rujukan/").content.decode()
    assert "spf=fail" in page
    values = {"referral": referral.reference, "answer": "no_violation", "note": "Nothing wrong"}
    desk.post(f"/kelola/rujukan/surat/{kept.pk}/", values)
    assert "It found no violation of its rules." in _citizens_page(receipt)


def test_by_api(receipt: Receipt, telegram: Operator, dewi: User) -> None:
    theirs = machine(key_of(person_of(telegram, "tono@telegram.example", "Tono")))
    (one,) = theirs.get("/api/v1/referrals?answered=false").json()["results"]
    assert one["notice"]["puid"] == one["id"]
    address = f"/api/v1/referrals/{one['id']}/answer"
    assert theirs.post(address, {"answer": "need_more"}, "application/json").status_code == 400
    answered = theirs.post(address, {"answer": "limited"}, "application/json")
    assert (answered.status_code, answered.json()["answer"]) == (200, "limited")
    assert "warned or limited" in _citizens_page(receipt)
    others = machine(key_of(dewi))
    assert others.post(address, {"answer": "limited"}, "application/json").status_code == 404
    assert others.get("/api/v1/referrals").json()["results"] == []


def test_on_the_platforms_own_pages(receipt: Receipt, telegram: Operator, dewi: User) -> None:
    desk = at_desk(person_of(telegram, "tono@telegram.example", "Tono"))
    page = desk.get("/operator/rujukan/").content.decode()
    assert "not yet answered" in page
    assert "overdue" not in page
    uid = Referral.objects.get().uid
    desk.post(f"/operator/rujukan/{uid}/", {"answer": "suspended"})
    assert "The account is suspended." in _citizens_page(receipt)
    assert at_desk(dewi).get("/operator/rujukan/").status_code == 404, "operators get lists"


def test_from_ten_by_link_and_ten_by_api_to_citizens_and_public_figures(
    telegram: Operator, budi: User, citra: User
) -> None:
    """Twenty accounts go out both ways; ten are answered by each; all of it is seen at both ends."""
    at = timezone.now() - dt.timedelta(hours=2)
    receipts, cases = [], []
    for number in range(20):
        when = at + dt.timedelta(seconds=15 * number)  # no one signs more than ten in a minute
        receipts.append(filed(when, f"t.me/undian_palsu_{number}", channel="telegram"))
        cases.append(Case.objects.latest("pk"))
        proposed(cases[-1], by=budi, at=when, proposal_type=ProposalType.REFER)
        signed(cases[-1], by=citra, at=when)
    services.follow_decisions(ministry=ministry_contact(), at=when)
    send_due(mail.deliver, at=database_now())
    mails = {one.extra_headers["Message-ID"]: str(one.body) for one in sent.outbox}
    theirs = machine(key_of(person_of(telegram, "tono@telegram.example", "Tono")))
    asked = {one["case"]: one for one in theirs.get("/api/v1/referrals").json()["results"]}
    assert set(asked) == {case.reference for case in cases}
    desk = at_desk(budi)
    for case in cases[:10]:
        referral = Referral.objects.get(case=case)
        link = re.search(r"/rujukan/\S+", mails[referral.mail_id])
        assert link is not None
        browser = Client(headers={"accept-language": "en"})
        address = browser.get(link[0], follow=True).redirect_chain[-1][0]
        assert browser.post(address, {"answer": "suspended"}).status_code == 200
        given = ReferralAnswer.objects.get(referral=referral)
        desk.post(f"/kelola/rujukan/jawaban/{given.pk}/", {"accept": "yes"})
    for case in cases[10:]:
        answer = {"answer": "limited"}
        address = f"/api/v1/referrals/{asked[case.reference]['id']}/answer"
        assert theirs.post(address, answer, "application/json").status_code == 200

    assert all("The account is suspended." in _citizens_page(one) for one in receipts[:10])
    assert all("warned or limited" in _citizens_page(one) for one in receipts[10:])
    today = queries.platform_figures(
        telegram, since=timezone.now() - dt.timedelta(days=1), until=timezone.now(), at=timezone.now()
    )
    assert (today.asked, today.acted) == (20, 20)
    month_is_over = at + dt.timedelta(days=31 + SETTLING_DAYS + 2)
    write_snapshot(at=month_is_over)
    figures = Client().get("/statistik/data/terbaru/figures.json", follow=True).json()
    month = f"referrals.telegram.{local_date(at):%Y-%m}"
    assert figures[f"{month}.total"] == 20
    assert (figures[f"{month}.answer.suspended"], figures[f"{month}.answer.limited"]) == (10, 10)
