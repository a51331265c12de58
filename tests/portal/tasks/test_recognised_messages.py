"""Messages that do not look like fraud: each says who sends it, what for, where, and how long it holds."""

from __future__ import annotations

import datetime as dt
import html
import re
from email.utils import parseaddr

import pytest
from django.conf import settings
from django.test import Client

from aduan.blocklists.subscriber_notice import subscriber_notice
from aduan.notifications.services import number_codes, verification_codes
from portal.tasks import mail
from tests.portal.tasks.test_mail import letter

SMS = {
    "contact_code": {"id": "15 menit", "en": "15 minutes"},
    "objection_code": {"id": "24 jam", "en": "24 hours"},
}
LANGUAGES = ("id", "en")


def sms(kind: str, language: str) -> str:
    return mail.render_sms(letter(kind, channel="sms", language=language, context={"code": "842143"}))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SMS)
def test_a_text_message_names_sender_purpose_page_and_validity(kind: str, language: str) -> None:
    text = sms(kind, language)
    host = settings.PUBLIC_URL.partition("://")[2]
    assert text.startswith("Aduan Nomor: ")
    assert "842143" in text
    assert SMS[kind][language] in text
    assert host in text
    assert len(text) <= 2 * 153, "at most two parts"
    assert not re.search(r"https?://", text)  # nothing to tap: the page is open already


def test_the_times_in_the_texts_are_those_of_the_codes() -> None:
    assert dt.timedelta(minutes=15) == verification_codes.VALID_FOR
    assert dt.timedelta(hours=24) == number_codes.VALID_FOR


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_a_name_and_says_how_to_tell_a_real_one(language: str) -> None:
    folder = settings.BASE_DIR / "templates" / "emails"
    kinds = sorted(path.stem for path in folder.glob("*.txt") if path.stem not in {"base", "message"})
    for kind in kinds:
        message = mail.build_email(letter(kind, language=language))
        name, address = parseaddr(message.from_email)
        assert (name, address) == ("Aduan Nomor", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]), kind
        (page, _type) = message.alternatives[0]
        for part in (message.body, html.unescape(str(page))):
            assert f"{settings.PUBLIC_URL}/pesan-kami/" in part, kind
            assert "159" in part, kind


def test_a_code_in_a_letter_says_what_it_is_for_and_how_long_it_holds(db: None, now: dt.datetime) -> None:
    body = mail.build_email(
        letter("contact_code", context={"ticket": "AN-23467-ACDEF", "code": "842143"})
    ).body
    assert "842143" in body
    assert "AN-23467-ACDEF" in body
    assert "15 menit" in body
    # The message asks to type the code: it does not forbid it in the same breath.
    assert "Ketik" in body
    assert not re.search(r"jangan (ketik|masukkan)", str(body), re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_every_text_message_as_it_is_sent(client: Client, db: None, language: str) -> None:
    """It showed one of four: an operator's notice of a block would have been taken for a forged one."""
    client.cookies["django_language"] = language
    page = html.unescape(client.get("/pesan-kami/").text)
    for kind in SMS:
        assert sms(kind, language) in page
    for measure in ("block", "hold"):
        notice = subscriber_notice(measure, public_url=settings.PUBLIC_URL)
        assert notice is not None
        assert notice["sms"][language] in page
