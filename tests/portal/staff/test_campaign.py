"""A campaign is read together, but each number is proposed and signed by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from aduan.cases.models import Campaign, CampaignLink, Case
from tests.factories import cases as factory
from tests.factories.complaints import complaint
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def today() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def cases(telkomsel, today) -> list[Case]:
    factory.reasons()
    return [factory.make_case(telkomsel, at=today, evidence_count=0) for _n in range(5)]


@pytest.fixture
def campaign(cases, today) -> Campaign:
    found = Campaign.objects.create(found_at=today, grown_at=today, size=len(cases))
    for case in cases:
        CampaignLink.objects.create(campaign=found, case=case, kind="text", similarity=91, linked_at=today)
    return found


def form_for(cases: list[Case], ticked: list[Case], **more) -> dict[str, object]:
    for case in cases:
        case.refresh_from_db()
    seen = {f"seen-{case.pk}": case.contents_digest for case in cases}
    return {**seen, "cases": [case.pk for case in ticked], **more}


def test_only_ticked_numbers_are_proposed_each_with_its_own_proposal(client, budi, cases, campaign):
    log_in_staff(client, budi)
    given = form_for(cases, cases[:3], reason_code="test-propose")
    client.post(f"/kelola/kampanye/{campaign.pk}/usul/", given)
    assert [case.proposals.count() for case in cases] == [1, 1, 1, 0, 0]


def test_the_second_person_signs_each_by_itself_and_never_their_own(client, budi, citra, cases, campaign):
    log_in_staff(client, budi)
    client.post(f"/kelola/kampanye/{campaign.pk}/usul/", form_for(cases, cases, reason_code="test-propose"))
    client.post(f"/kelola/kampanye/{campaign.pk}/tanda-tangan/", form_for(cases, cases))
    assert not Case.objects.filter(status="confirmed").exists()
    log_in_staff(client, citra)
    client.post(f"/kelola/kampanye/{campaign.pk}/tanda-tangan/", form_for(cases, cases[:2]))
    assert Case.objects.filter(status="confirmed").count() == 2
    assert Case.objects.filter(status="proposed").count() == 3


def test_a_stale_number_is_refused_and_the_others_go_on(client, budi, cases, campaign):
    log_in_staff(client, budi)
    given = form_for(cases, cases[:2], reason_code="test-propose")
    given[f"seen-{cases[0].pk}"] = "1.0.0:0000"
    page = client.post(f"/kelola/kampanye/{campaign.pk}/usul/", given, follow=True)
    assert [case.proposals.count() for case in cases] == [0, 1, 0, 0, 0]
    assert cases[0].reference in page.text


def test_a_number_outside_the_campaign_cannot_be_slipped_in(client, budi, telkomsel, cases, campaign, today):
    outsider = factory.make_case(telkomsel, at=today, evidence_count=0)
    log_in_staff(client, budi)
    given = form_for([*cases, outsider], [outsider], reason_code="test-propose")
    client.post(f"/kelola/kampanye/{campaign.pk}/usul/", given)
    assert not outsider.proposals.exists()


def test_the_page_takes_few_statements(client, budi, cases, campaign, django_assert_max_num_queries):
    log_in_staff(client, budi)
    client.get(f"/kelola/kampanye/{campaign.pk}/")
    with django_assert_max_num_queries(12 + 2):  # and the savepoint that stands for the request's transaction
        page = client.get(f"/kelola/kampanye/{campaign.pk}/")
    assert all(case.reference in page.text for case in cases)


def test_a_signer_sees_each_number_as_typed_and_as_read_and_by_how_many(client, budi, today):
    """The desk could not notice a wrong reading: nothing showed what the complainants had typed."""
    filed = [complaint(today, typed) for typed in ("no hp: 0812-3456-7890 (2)", "0812 3456 7890")]
    case = filed[0].case
    assert [one.case_id for one in filed] == [case.pk, case.pk]
    campaign = Campaign.objects.create(found_at=today, grown_at=today, size=1)
    CampaignLink.objects.create(campaign=campaign, case=case, kind="text", similarity=91, linked_at=today)
    page = log_in_staff(client, budi).get(f"/kelola/kampanye/{campaign.pk}/")
    (shown,) = page.context["proposable"]
    assert [(one.typed, one.complainants) for one in shown.spellings] == [
        ("no hp: 0812-3456-7890 (2)", 1),
        ("", 1),
    ]
    assert '<span class="code">no hp: 0812-3456-7890 (2)</span>' in page.text
    assert "+62 812-3456-7890" in page.text


@pytest.mark.parametrize(
    ("alike", "more"),
    [
        ("Saya dihubungi kurir palsu yang meminta kode 123 dari pesan singkat", {}),
        ("Dia menyuruh saya membuka halaman itu", {"link": "https://bit.ly/satu"}),
        ("Transfer ke rekening itu", {"bank_account": "BRI 0021"}),
    ],
)
def test_of_each_number_the_account_stands_that_is_alike(client, budi, telkomsel, today, alike, more):
    """The first account of a number may be of something else."""
    found = Campaign.objects.create(found_at=today, grown_at=today, size=2)
    for number, own in (("081234567890", "pinjaman daring"), ("081234567891", "hadiah undian")):
        first = complaint(today, number, narrative=f"Cerita lain tentang {own} yang saya tolak")
        complaint(today, number, narrative=alike.replace("123", number[-3:]), **more)
        complaint(today, number, narrative=f"Sesudah itu {own} datang dan saya diam")
        CampaignLink.objects.create(
            campaign=found, case=first.case, kind="text", similarity=91, linked_at=today
        )
    log_in_staff(client, budi)
    page = client.get(f"/kelola/kampanye/{found.pk}/").text
    accounts = {alike.replace("123", end) for end in ("890", "891")}
    assert sum(page.count(account) for account in accounts) == 2
    assert "Cerita lain" not in page
    assert "Sesudah itu" not in page


def test_the_list_shows_campaigns_and_a_missing_one_is_missing(client, budi, campaign):
    log_in_staff(client, budi)
    assert str(campaign) in client.get("/kelola/kampanye/").text
    assert client.get("/kelola/kampanye/999/").status_code == 404


def test_the_list_says_what_campaigns_share_and_stands_by_loss_or_waiting(client, budi, telkomsel, today):
    def found(kind: str, *cases: Case) -> Campaign:
        made = Campaign.objects.create(found_at=today, grown_at=today, size=len(cases))
        for case in cases:
            CampaignLink.objects.create(campaign=made, case=case, kind=kind, similarity=100, linked_at=today)
        return made

    dear = found("account", *(factory.make_case(telkomsel, at=today, loss=30_000_000) for _n in range(2)))
    waits = today - dt.timedelta(days=3)
    long = found("link", *(factory.make_case(telkomsel, at=waits) for _n in range(2)))
    new = found("text", *(factory.make_case(telkomsel, at=today) for _n in range(2)))
    log_in_staff(client, budi)
    first = {}
    for sort in ("newest", "loss", "waiting", "nonsense"):
        page = client.get("/kelola/kampanye/", {"sort": sort})
        first[sort] = page.context["rows"][0][0].campaign_id
    assert first == {"newest": new.pk, "loss": dear.pk, "waiting": long.pk, "nonsense": new.pk}
    row, waited = client.get("/kelola/kampanye/", {"sort": "loss"}).context["rows"][0]
    assert (row.shares, row.loss, row.waiting, row.blocked) == (("account",), 60_000_000, 2, 0)
    assert waited < dt.timedelta(days=1)
    assert "60,0 jt" in client.get("/kelola/kampanye/").text
