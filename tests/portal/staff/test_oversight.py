"""Dashboard, alarms, calibration and reasons: who sees them, and what they write."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Alarm, CannedReason, CaseEvent, QualityReview
from aduan.core.models import AuditLogEntry
from tests.database import as_administrator
from tests.factories import cases as factory
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def today() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def lead(db):
    return person("sinta@aduan.example", "Sinta Dewi", Role.LEAD)


def test_the_dashboard_shows_figures_with_tables(
    client, lead, telkomsel, today, django_assert_max_num_queries
):
    factory.make_case(telkomsel, at=today)
    log_in_staff(client, lead)
    client.get("/kelola/dasbor/?days=7")
    with django_assert_max_num_queries(
        12
    ):  # two for the ranker, one for the account policy (not in production)
        page = client.get("/kelola/dasbor/?days=7")
    assert page.text.count("<table") == 4 + 1  # and the keyboard help
    assert "Telkomsel" in page.text


@pytest.mark.parametrize("days", ["", "0", "99999", "x", "-7"])
def test_a_broken_period_shows_thirty_days(client, lead, days):
    log_in_staff(client, lead)
    assert client.get(f"/kelola/dasbor/?days={days}").context["days"] == 30


def test_reviewers_do_not_see_the_leads_page(client, budi):
    log_in_staff(client, budi)
    assert client.get("/kelola/dasbor/").status_code == 403
    assert client.get("/kelola/kalibrasi/").status_code == 403


def test_an_alarm_is_looked_into_once(client, lead, budi, today):
    alarm = services.raise_alarm(Alarm.Kind.RUBBER_STAMP, person=budi, at=today, detail={"signatures": 10})
    log_in_staff(client, lead)
    assert "Budi Santoso" in client.get("/kelola/dasbor/").text
    client.post(f"/kelola/dasbor/alarm/{alarm.pk}/")
    client.post(f"/kelola/dasbor/alarm/{alarm.pk}/")
    assert Alarm.objects.get().seen_by == lead
    assert "Budi Santoso" not in client.get("/kelola/dasbor/").text


def test_a_drawn_decision_is_read_again_without_knowing_it(client, budi, agus, telkomsel, today):
    factory.reasons()
    case = factory.make_case(telkomsel, at=today)
    factory.dismissed(case, by=budi, at=today, reason_code="test-dismiss")
    event = CaseEvent.objects.get(action="dismiss")
    with as_administrator():
        QualityReview.objects.filter(event=event).delete()
    drawn = QualityReview.objects.create(event=event, case=case, deciders=[budi.pk], show_from=today)
    log_in_staff(client, agus)
    page = client.get("/kelola/kalibrasi/").text
    assert case.reference in page
    assert "Budi" not in page
    assert client.post(f"/kelola/kalibrasi/{drawn.pk}/", {"agrees": "no"}).status_code == 400
    client.post(f"/kelola/kalibrasi/{drawn.pk}/", {"agrees": "no", "reason": "Bukti cukup jelas"})
    drawn.refresh_from_db()
    assert drawn.agrees is False
    assert "Bukti cukup jelas" in client.get("/kelola/kalibrasi/").text


def test_reasons_are_edited_by_those_allowed_and_each_change_is_on_record(client, budi, lead):
    factory.reasons()
    reason = CannedReason.objects.get(code="test-ask")
    address = f"/kelola/cases/cannedreason/{reason.pk}/change/"
    changed = {"category": "", "text_id": "Mohon lengkapi", "text_en": "Please complete", "active": "on"}
    log_in_staff(client, budi)
    assert client.post(address, changed).status_code == 403
    log_in_staff(client, lead)
    client.post(address, {**changed, "code": "other", "action": "propose"})
    reason.refresh_from_db()
    assert (reason.code, reason.action, reason.text_id) == ("test-ask", "ask", "Mohon lengkapi")
    assert [entry.action for entry in AuditLogEntry.objects.all()] == ["canned_reason.save"]
    assert client.post(f"/kelola/cases/cannedreason/{reason.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_history_of_a_reason_shows_its_audit_entries_and_no_others(client, budi, lead):
    factory.reasons()
    reason, other = (
        CannedReason.objects.get(code="test-ask"),
        CannedReason.objects.exclude(code="test-ask")[0],
    )
    changed = {"category": "", "text_id": "Mohon lengkapi", "text_en": "Please complete", "active": "on"}
    log_in_staff(client, lead)
    client.post(f"/kelola/cases/cannedreason/{reason.pk}/change/", changed)
    page = client.get(f"/kelola/cases/cannedreason/{reason.pk}/change/").text
    address = f"/kelola/cases/cannedreason/{reason.pk}/history/"
    assert f'href="{address}"' in page
    history = client.get(address)
    assert [entry["row"].action for entry in history.context["rows"]] == ["canned_reason.save"]
    assert lead.name in history.text
    assert "Mohon lengkapi" not in str(AuditLogEntry.objects.get().detail), "the log holds no texts"
    assert [entry["subject"].name for entry in history.context["rows"]] == ["Mohon lengkapi"]
    unchanged = client.get(f"/kelola/cases/cannedreason/{other.pk}/history/")
    assert list(unchanged.context["rows"]) == []
    assert client.get("/kelola/cases/cannedreason/999999/history/").status_code == 404


def test_a_reason_that_was_used_is_shown_by_its_text(client, budi, lead, telkomsel, today):
    factory.reasons()
    case = factory.make_case(telkomsel, at=today)
    factory.asked(case, by=budi, at=today, reason_code="test-ask", note="Foto buram")
    page = log_in_staff(client, lead).get(f"/kelola/perkara/{case.pk}/").text
    assert "Alasan" in page
    assert "Foto buram" in page
