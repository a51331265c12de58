"""What a case shares with others stands in one table, the decided ones first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.complaints.services import reindex_cases
from tests.factories import cases as make
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
