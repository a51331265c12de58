"""Who read which case and which evidence stays for a year, and leads and auditors read it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Campaign, CaseView
from aduan.complaints.services import reveal_contact
from aduan.core.errors import Invalid
from aduan.core.models import AuditLogEntry
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.factories.complaints import complaint
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
PAGE = "/kelola/dibaca/"


@pytest.fixture
def lead(db: None) -> User:
    return person("lea@aduan.example", "Lea", Role.LEAD)


def test_opening_a_case_leaves_a_trace_that_a_lead_reads(
    client: Client, lead: User, budi: User, citra: User, telkomsel: Operator
) -> None:
    now = timezone.now()
    read, other = (make.make_case(telkomsel, at=now) for _turn in range(2))
    logged = AuditLogEntry.objects.count()
    log_in_staff(client, budi).get(f"/kelola/perkara/{read.pk}/")
    log_in_staff(client, citra).get(f"/kelola/perkara/{other.pk}/")
    assert AuditLogEntry.objects.count() == logged, "reading is in no hash chain"
    assert client.get(PAGE).status_code == 403, "a reviewer reads no one's traces"
    log_in_staff(client, lead)
    assert {row.person for row in client.get(PAGE).context["rows"]} == {budi.name, citra.name}
    (row,) = client.get(PAGE, {"case": read.pk}).context["rows"]
    assert (row.person, row.case_id, row.evidence) == (budi.name, read.pk, False)
    (row,) = client.get(PAGE, {"person": citra.pk}).context["rows"]
    assert row.case_id == other.pk
    page = client.get(f"/kelola/perkara/{read.pk}/")
    assert f"{PAGE}?case={read.pk}" in page.text


def test_stories_read_side_by_side_leave_a_trace_of_each_case(
    client: Client, budi: User, telkomsel: Operator
) -> None:
    """On the page of a campaign, and before many are closed at once; twice within minutes is one reading."""
    make.reasons()
    cases = [make.make_case(telkomsel, at=timezone.now()) for _turn in range(3)]
    keys = [case.pk for case in cases[:2]]
    services.cluster_cases([services.CaseSimilarity(keys[0], keys[1], "text", 92)], at=timezone.now())
    log_in_staff(client, budi)
    for _turn in range(2):
        assert client.get(f"/kelola/kampanye/{Campaign.objects.get().pk}/").status_code == 200
    assert sorted(CaseView.objects.values_list("case_id", flat=True)) == keys
    client.post("/kelola/antrean/bersama/", {"step": "ask", "cases": [cases[2].pk, keys[0]]})
    assert sorted(CaseView.objects.values_list("case_id", flat=True)) == [*keys, cases[2].pk]


def test_pages_of_the_record_follow_each_other(
    client: Client, lead: User, budi: User, telkomsel: Operator
) -> None:
    case = make.make_case(telkomsel, at=timezone.now())
    for turn in range(60):
        services.record_view(case, by=budi, at=timezone.now() - dt.timedelta(hours=turn))
    log_in_staff(client, lead)
    first = client.get(PAGE, {"case": case.pk})
    second = client.get(PAGE, {"case": case.pk, "before": first.context["further"] or 0})
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 10)
    assert f"case={case.pk}&amp;before=" in first.text


def test_no_trace_is_changed_or_deleted_before_its_time(budi: User, telkomsel: Operator) -> None:
    now = timezone.now()
    case = make.make_case(telkomsel, at=now)
    services.record_view(case, by=budi, at=now)
    services.record_view(case, by=budi, at=now - dt.timedelta(days=367))
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseView.objects.update(at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseView.objects.all().delete()
    assert services.delete_old_views(at=now) == 1
    assert CaseView.objects.get().at == now


@pytest.mark.parametrize(
    "reason",
    [
        *("aaaaaaaaaaaaa", "xxx xxx xxx xxx", "1234567890 123", "perlu perlu perlu"),
        *(
            "aaaa bbbb cccc",
            "asdf qwer zxcv",
            "tes tes tes coba",
            "hahaha hihihi hehehe",
            "lorem ipsum dolor",
        ),
        *("penting sekali", "asdasd qweqwe zxczxc"),
    ],
)
def test_the_reason_to_see_a_contact_is_a_reason(budi: User, reason: str) -> None:
    reported = complaint(timezone.now(), contact_email="sari@contoh.id")
    with pytest.raises(Invalid):
        reveal_contact(reported, by=budi, reason=reason, at=timezone.now())
