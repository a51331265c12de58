"""The coach says what is weak and why, the most important first, and never stands in the way."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from aduan.complaints import suggestions
from aduan.complaints.types import ComplaintData
from tests.factories.files import upload

LONG = (
    "Penelepon mengaku dari bank, meminta kode OTP, lalu saldo saya hilang dua juta rupiah dalam lima menit."
)


def report(**fields: Any) -> ComplaintData:
    basis: dict[str, Any] = {
        "number": SimpleNamespace(),
        "number_raw": "0812",
        "channel": "whatsapp",
        "category": "HADIAH",
    }
    return ComplaintData(**{**basis, **fields})


def codes(*args: Any) -> list[str]:
    return [hint.code for hint in suggestions.improvement_hints(*args)]


def test_an_empty_complaint_is_reported_about_the_screenshot_first():
    assert codes(report())[:3] == ["screenshot_missing", "message_missing", "time_missing"]


def test_a_call_is_asked_for_a_recording_and_for_when():
    hints = suggestions.improvement_hints(report(channel="call"))
    assert [hint.code for hint in hints][:2] == ["recording_missing", "narrative_short"]
    assert "Kapan mereka menelepon?" in [str(hint.message) for hint in hints]


def test_a_strong_complaint_has_nothing_to_mend():
    strong = report(
        narrative=LONG,
        occurred_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        contact_email="sari@example.id",
        bank_account="BCA 123",
    )
    assert codes(strong, [upload(b"x")]) == []


def test_money_without_an_account_is_asked_about():
    assert "account_missing" in codes(report(narrative="Saya disuruh transfer ke rekening"))
    assert "account_missing" not in codes(report(narrative="Saya disuruh menunggu"))


def test_a_phishing_complaint_is_asked_for_the_link():
    assert "link_missing" in codes(report(category="PHISHING"))
    assert "link_missing" not in codes(report(category="PHISHING", link="hxxp://a.example"))


def test_every_hint_gives_its_reason_and_its_field():
    for hint in suggestions.improvement_hints(report(category="APK", loss=5)):
        assert str(hint.message)
        assert len(str(hint.reason)) > 40
        assert hint.field in {"evidence", "narrative", "occurred_at", "bank_account", "link", "contact_email"}
