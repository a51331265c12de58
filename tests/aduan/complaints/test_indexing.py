"""Cases are found by the words of their complaints, and those that share a story stand in one campaign."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import queries as case_queries
from aduan.cases import services as cases
from aduan.complaints import services
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import complaints as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
STORY = (
    "Selamat nomor Anda terpilih sebagai pemenang undian gebyar poin Telkomsel, hadiah mobil Avanza. "
    "Silakan hubungi {who} dan transfer pajak hadiah lima ratus ribu rupiah hari ini juga."
)


def test_the_same_story_on_two_numbers_is_a_campaign(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    one = make.complaint(now, "0812-1111-2222", narrative=STORY.format(who="Bapak Hendra"))
    two = make.complaint(now, "0812-3333-4444", narrative=STORY.format(who="Ibu Ratna"))
    alone = make.complaint(now, "0812-5555-6666")
    assert services.reindex_cases(at=now) == (3, 2)
    assert services.reindex_cases(at=now) == (0, 0)
    page = case_queries.case_page(one.case_id, viewer=budi, at=now)
    assert page.campaign_id is not None
    members = case_queries.campaign_page(page.campaign_id, viewer=budi, at=now).members
    assert {member.row.case_id for member in members} == {one.case_id, two.case_id}
    assert all(75 <= member.similarity < 100 for member in members)
    assert case_queries.case_page(alone.case_id, viewer=budi, at=now).campaign_id is None
    found = case_queries.find("gebyar avanza", at=now)
    assert {row.case_id for row in found.rows} == {one.case_id, two.case_id}
    assert [row.case_id for row in case_queries.find(one.ticket, at=now).rows] == [one.case_id]


def test_one_account_ties_numbers_together(telkomsel: Operator, now: dt.datetime) -> None:
    one = make.complaint(now, "0812-1111-2222", bank_account="BRI 0987654321")
    two = make.complaint(now, "0812-3333-4444", bank_account="BRI 0987654321")
    make.complaint(now, "0812-5555-6666", bank_account="BRI 1112223334")
    assert services.reindex_cases(at=now) == (3, 2)
    assert {one.case_id, two.case_id} == {
        link.case_id for link in type(one.case).objects.get(pk=one.case_id).campaign_link.campaign.links.all()
    }


def test_a_withdrawn_story_is_found_no_more(telkomsel: Operator, now: dt.datetime) -> None:
    complaint = make.complaint(now, narrative=STORY.format(who="Bapak Hendra"))
    services.reindex_cases(at=now)
    services.withdraw(complaint, at=now)
    services.reindex_cases(at=now)
    assert case_queries.find("gebyar avanza", at=now).rows == ()


def test_a_reviewer_who_complained_is_kept_out_of_the_case(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    complaint = make.complaint(now, contact_email="budi@aduan.example")
    services.reindex_cases(at=now)
    assert case_queries.case_page(complaint.case_id, viewer=budi, at=now).may == frozenset()
    assert "claim" in case_queries.case_page(complaint.case_id, viewer=citra, at=now).may
    assert cases.next_case(by=budi, at=now) is None


def test_leads_get_one_letter_a_day(telkomsel: Operator, now: dt.datetime) -> None:
    person("lead@aduan.example", "Lea", Role.LEAD)
    with as_administrator():
        person("lama@aduan.example", "Lama", Role.LEAD).delete()
    make.complaint(now)
    assert cases.send_lead_digest(at=now) == 1
    assert cases.send_lead_digest(at=now + dt.timedelta(hours=3)) == 0
    assert cases.send_lead_digest(at=now + dt.timedelta(days=1)) == 1
    assert OutboxMessage.objects.filter(kind="lead_digest").count() == 2


@pytest.mark.parametrize(
    ("field", "spellings"),
    [
        (
            "bank_account",
            ("BCA 1234567890", "123-456-7890 (BCA) a.n. Fiktif", "rek bca 123 456 7890", "1234567890"),
        ),
        ("bank_account", ("DANA 0812-0000-7018", "+6281200007018 dana", "62 812 0000 7018", "081200007018")),
        (
            "link",
            (
                "https://WWW.Slot-Fiktif.com/",
                "slot-fiktif.com",
                "hxxp://slot-fiktif[.]com",
                "http://slot-fiktif.com",
            ),
        ),
        ("link", ("https://s.id/Fiktif1", "s.id/Fiktif1", "www.s.id/Fiktif1/", "S.ID/Fiktif1")),
    ],
    ids=["account", "wallet", "host", "path"],
)
def test_four_spellings_of_one_thing_make_one_campaign(
    telkomsel: Operator, now: dt.datetime, field: str, spellings: tuple[str, ...]
) -> None:
    """Only equal spellings were tied together."""
    filed = [
        make.complaint(now, f"0812-1111-22{turn:02}", **{field: text}) for turn, text in enumerate(spellings)
    ]
    services.reindex_cases(at=now)
    campaigns = {type(one.case).objects.get(pk=one.case_id).campaign_link.campaign_id for one in filed}
    assert len(campaigns) == 1


def test_two_short_links_of_one_shortener_stay_apart(telkomsel: Operator, now: dt.datetime) -> None:
    make.complaint(now, "0812-1111-2222", link="s.id/fiktif-satu")
    make.complaint(now, "0812-3333-4444", link="https://s.id/fiktif-dua")
    assert services.reindex_cases(at=now) == (2, 0)
