"""No line goes dead without a word: every notice says what to tell the subscriber, and where to object."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from aduan.blocklists.queries import summary
from aduan.blocklists.subscriber_notice import subscriber_notice
from aduan.notifications.services import OutgoingMessage
from portal.tasks.mail import render_text
from tests.factories.blocklists import a_block, published


@pytest.mark.parametrize("measure", ["block", "hold"])
def test_the_words_are_there_in_both_languages_and_fit_one_sms(measure):
    notice = subscriber_notice(measure, public_url="https://aduannomor.example.go.id")
    assert notice is not None
    assert notice["address"] == "https://aduannomor.example.go.id/n"
    for kind in ("announcement", "sms"):
        assert set(notice[kind]) == {"id", "en"}
        assert notice[kind]["id"] != notice[kind]["en"]
    for text in notice["sms"].values():
        assert notice["address"] in text
        assert len(text) <= 160  # one message, in the alphabet of GSM
        assert text.isascii()
    assert all("aduannomor.example.go.id/n" in text for text in notice["announcement"].values())


def test_a_hold_is_not_called_a_block():
    held = subscriber_notice("hold", public_url="https://a.example")
    assert held is not None
    assert "blocked" not in held["sms"]["en"]
    assert "diblokir" not in held["announcement"]["id"]
    assert subscriber_notice("referral", public_url="https://a.example") is None


def test_webhooks_and_letters_of_a_list_carry_the_words(telkomsel, budi, citra, now):
    a_block(telkomsel, by=(budi, citra), at=now)
    listed = published(telkomsel, at=now)
    notice = summary(listed)["subscriber_notice"]
    assert notice["sms"]["id"].startswith("Aduan Nomor:")
    context = {"operator": "Telkomsel", "list": "x", "sms_id": notice["sms"]["id"]}
    letter = OutgoingMessage(
        "k", "operator_list_published", "email", "noc@telkomsel.example", "id", context, ""
    )
    _subject, paragraphs = render_text(letter)
    assert any(notice["sms"]["id"] in one for one in paragraphs)


@pytest.mark.parametrize("path", ["/n", "/n/"])
def test_the_short_address_works(path, db):
    with override_settings(PUBLIC_URL="https://aduannomor.example.go.id"):
        page = Client().get(path)
    assert page.status_code == 200
    assert "/keberatan/" in page.text
    assert "/cek/" in page.text
