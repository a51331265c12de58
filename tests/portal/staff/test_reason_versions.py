"""A decision keeps the words of its reason; editing a reason changes no history; number keys do not move."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases import queries, services
from aduan.cases.models import CannedReason
from aduan.cases.workflow import CaseAction
from portal.staff.forms import reasons_for
from tests.database import as_administrator
from tests.factories import cases as factory
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db


def edit(agus, text: str) -> CannedReason:
    return services.save_reason(
        by=agus, at=timezone.now(), code="test-dismiss", action=CaseAction.DISMISS, text_id=text, text_en="x"
    )


def test_a_decision_keeps_the_text_that_was_used(client, budi, agus, telkomsel):
    factory.reasons()
    edit(agus, "Kata-kata lama")
    with as_administrator() as cursor:  # within one transaction the clock of the database stands still
        cursor.execute("UPDATE cases_cannedreasonevent SET pgh_created_at = now() - interval '1 hour'")
    case = factory.make_case(telkomsel, at=timezone.now())
    factory.dismissed(case, by=budi, at=timezone.now() - dt.timedelta(minutes=1))
    edit(agus, "Kata-kata baru")
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{case.pk}/").text
    assert "Kata-kata lama" in page
    assert "Kata-kata baru" not in page


def test_the_history_of_a_reason_shows_both_texts_and_who_changed_them(client, agus):
    factory.reasons()
    edit(agus, "Kata-kata lama")
    saved = edit(agus, "Kata-kata baru")
    page = log_in_staff(client, agus).get(f"/kelola/cases/cannedreason/{saved.pk}/history/").text
    assert "Kata-kata lama" in page
    assert "Kata-kata baru" in page
    assert agus.name in page


def test_a_use_before_the_first_version_has_its_oldest_text(agus):
    edit(agus, "Pertama")
    edit(agus, "Kedua")
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert queries.texts_when_used([("test-dismiss", long_ago)]) == {("test-dismiss", long_ago): "Pertama"}
    assert queries.texts_when_used([("tidak-ada", long_ago)]) == {}


def test_number_keys_do_not_move_between_categories(agus):
    factory.reasons()
    for code, category in (("aaa-judi", "JUDI"), ("zzz-hadiah", "HADIAH")):
        services.save_reason(
            by=agus, at=timezone.now(), code=code, action=CaseAction.DISMISS, text_id=code, text_en=code,
            category=category,
        )  # fmt: skip
    general = [code for code, _text in reasons_for("").offered[CaseAction.DISMISS]]
    for category in ("JUDI", "HADIAH"):
        offered = [code for code, _text in reasons_for(category).offered[CaseAction.DISMISS]]
        assert offered[: len(general)] == general
        assert len(offered) == len(general) + 1


def test_an_auditor_reads_the_versions_and_changes_none(client):
    auditor = person("tono@aduan.example", "Tono", Role.AUDITOR)
    factory.reasons()
    reason = CannedReason.objects.first()
    assert reason is not None
    log_in_staff(client, auditor)
    assert client.get(f"/kelola/cases/cannedreason/{reason.pk}/history/").status_code == 200
