"""What a case shares with others stands in one table, the decided ones first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import CampaignLink, Case
from aduan.complaints.models import Evidence
from aduan.complaints.services import reindex_cases
from portal.common.marked_words import mark_words
from tests.factories import cases as make
from tests.factories import files
from tests.factories.complaints import complaint
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
ACCOUNT, LINK = "BCA 604 555 1234 a.n. Contoh", "https://paket-ulang.example/bayar"
STORY = (
    "Kurir menelepon dan berkata paket saya tertahan di gudang, lalu meminta ongkos ulang lewat tautan ini."
)


@pytest.fixture
def shared() -> dict[str, Case]:
    now = timezone.now() - dt.timedelta(hours=2)
    filed_as = {
        "mine": ("0812-3456-7890", {"bank_account": ACCOUNT, "link": LINK, "narrative": STORY}),
        "account": ("0813-2222-3331", {"bank_account": "604-555-1234 BCA", "narrative": "Pulsa hilang."}),
        "link": ("0813-2222-3332", {"link": LINK, "narrative": "Undian palsu dari televisi kemarin malam."}),
        "story": ("0813-2222-3333", {"narrative": STORY.replace("tertahan", "tertahan lama")}),
        "other": ("0813-2222-3334", {"narrative": "Pinjaman daring menagih orang yang tidak meminjam."}),
    }  # fmt: skip
    made = {name: complaint(now, number, **fields).case for name, (number, fields) in filed_as.items()}
    reindex_cases(at=timezone.now())
    return made


def test_account_link_and_story_lead_to_the_other_cases(
    client: Client, budi: User, shared: dict[str, Case]
) -> None:
    make.reasons()
    make.dismissed(shared["link"], by=budi, at=timezone.now())
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{shared['mine'].pk}/berbagi/")
    found = {one.row.case_id: one for one in page.context["found"].cases}
    assert set(found) == {shared[name].pk for name in ("account", "link", "story")}
    assert [key.kind for key in found[shared["account"].pk].keys] == ["account"]
    assert [key.kind for key in found[shared["link"].pk].keys] == ["link"]
    assert found[shared["story"].pk].story >= 60
    assert page.context["found"].cases[0].row.case_id == shared["link"].pk, "decided ones come first"
    assert "604555" in page.text
    assert 'href="https://paket' not in page.text, "a link of a fraudster is never one"
    assert page.text.count("<line") == 2
    assert (
        f"/kelola/perkara/{shared['mine'].pk}/berbagi/"
        in client.get(f"/kelola/perkara/{shared['mine'].pk}/").text
    )


def test_it_takes_few_statements(
    client: Client, budi: User, shared: dict[str, Case], django_assert_max_num_queries: object
) -> None:
    log_in_staff(client, budi)
    address = f"/kelola/perkara/{shared['mine'].pk}/berbagi/"
    client.get(address)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(address)


def test_a_picture_that_was_seen_elsewhere_leads_to_that_case(
    client: Client, budi: User, shared: dict[str, Case]
) -> None:
    """The same file, or one that looks the same; a picture of one colour leads nowhere."""
    now = timezone.now()
    for number in ("0813-2222-4441", "0813-2222-4442", "0813-2222-4443"):
        complaint(now, number, narrative="Gambar undian.", evidence=[files.upload(files.jpeg())])
    one, same, alike = Evidence.objects.order_by("pk")
    clean = {"state": "clean", "derivative": "a/b.clean"}
    Evidence.objects.filter(pk=one.pk).update(picture_hash=4711, **clean)
    Evidence.objects.filter(pk=same.pk).update(picture_hash=1, sha256=one.sha256, **clean)
    Evidence.objects.filter(pk=alike.pk).update(picture_hash=4711, sha256="a" * 64, **clean)
    address = f"/kelola/perkara/{one.case_id}/berbagi/"
    page = log_in_staff(client, budi).get(address)
    found = {case.row.case_id: [key.kind for key in case.keys] for case in page.context["found"].cases}
    assert found[same.case_id] == found[alike.case_id] == ["picture"]
    assert "gambar 1" in page.text
    Evidence.objects.update(picture_hash=0)
    found = {case.row.case_id: case.keys for case in client.get(address).context["found"].cases}
    assert not found.get(alike.case_id)


def test_the_case_page_says_how_cases_of_its_campaign_were_decided(
    client: Client, budi: User, shared: dict[str, Case]
) -> None:
    make.reasons()
    make.dismissed(shared["link"], by=budi, at=timezone.now())
    link = CampaignLink.objects.get(case=shared["link"])
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{shared['mine'].pk}/")
    table = page.text.partition('<table class="alike">')[2].partition("</table>")[0]
    assert f"/kelola/perkara/{shared['link'].pk}/" in table
    assert link.get_kind_display() in table
    assert "ditutup" in table
    assert f"/kelola/perkara/{shared['account'].pk}/" not in table, "it is not decided"


def test_the_words_that_matter_are_marked_and_nothing_else_becomes_html() -> None:
    marked = mark_words(
        "Minta kode OTP & transfer Rp250.000 ke BCA 604 555 1234 <b>lewat paket-ulang.example/a"
    )
    assert "<mark>kode OTP</mark> &amp; <mark>transfer</mark> <mark>Rp250.000</mark>" in marked
    assert "<mark>604 555 1234</mark> &lt;b&gt;lewat <mark>paket-ulang.example/a</mark>" in marked
    assert mark_words("<script>") == "&lt;script&gt;"
