"""FT11, BI21: letters in both languages, text and HTML saying the same, over a server that may misbehave."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from aduan.core import jobs
from aduan.notifications import queries, services
from aduan.notifications.models import OutboxMessage
from aduan.notifications.services import OutgoingMessage, outbox
from portal.tasks import mail, sending, tasks
from tests.factories.complaints import filed
from tests.smtp_sink import Sink

KINDS = (
    "complaint_received", "contact_code", "case_ask", "case_confirm_block", "case_confirm_spoofed",
    "case_confirm_referral", "case_dismiss", "case_declare_not_ours", "case_release",
)  # fmt: skip
CONTEXT = {"ticket": "AN-23467-ACDEF", "secret": "s3cr3t", "disposition": "review", "silent_count": 2}


def letter(kind: str = "case_ask", **more: Any) -> OutgoingMessage:
    given: dict[str, Any] = {
        "key": "event:1:2",
        "kind": kind,
        "channel": "email",
        "to": "sari@example.id",
        "language": "id",
        "context": {**CONTEXT, **({"code": "004711"} if kind == "contact_code" else {})},
        "unsubscribe_token": services.unsubscribe_token("complaint:2"),
    }
    return OutgoingMessage(**{**given, **more})


@pytest.fixture
def sink(settings):
    server = Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 1
    yield server
    server.stop()


def post(now: dt.datetime, key: str = "k") -> None:
    services.enqueue_message(
        "case_ask", key=key, to="sari@example.id", language="id", context=CONTEXT, at=now, topic="complaint:2"
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_text_and_html_say_the_same(kind, language, sink):
    mail.deliver(letter(kind, language=language))
    (message,) = sink.taken
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    subject, paragraphs = mail.render_text(letter(kind, language=language))
    assert message["Subject"] == subject
    assert "AN-23467-ACDEF" in subject
    assert len(paragraphs) >= 2
    for paragraph in paragraphs:
        assert paragraph in text
        assert paragraph in html.replace("&#x27;", "'").replace("&amp;", "&")
    assert "{{" not in text + html
    assert "{%" not in text + html


def test_the_letter_does_not_name_the_reported_number_and_links_to_its_page(sink):
    mail.deliver(letter("complaint_received"))
    text = sink.taken[0].get_body(("plain",)).get_content()
    assert "/lacak/AN-23467-ACDEF/s3cr3t/" in text
    assert "0812" not in text


def test_one_click_switches_it_off(sink):
    mail.deliver(letter())
    (message,) = sink.taken
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = message["List-Unsubscribe"].strip("<>").rstrip("/").rpartition("/")[2]
    assert token == services.unsubscribe_token("complaint:2")
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_code_has_nothing_to_switch_off(sink):
    mail.deliver(letter("contact_code", unsubscribe_token=""))
    assert sink.taken[0]["List-Unsubscribe"] is None
    assert "004711" in sink.taken[0].get_body(("plain",)).get_content()


def test_every_attempt_at_one_message_has_the_same_id(sink):
    for _turn in range(2):
        mail.deliver(letter())
    assert sink.taken[0]["Message-ID"] == sink.taken[1]["Message-ID"]
    assert services.message_id("another") != sink.taken[0]["Message-ID"]


def test_what_people_typed_cannot_add_headers_or_markup(sink):
    evil = {
        **CONTEXT,
        "ticket": "AN-1\r\nBcc: eve@example.id",
        "secret": '"><img src=x onerror=alert(1)>{{7*7}}',
    }
    mail.deliver(letter("case_ask", context=evil))
    (message,) = sink.taken
    assert message["Bcc"] is None
    html = message.get_body(("html",)).get_content()
    assert "<img" not in html
    assert "{{7*7}}" in html or "%7B" in html
    assert "49" not in html.partition("<body>")[2]


@pytest.mark.django_db
@pytest.mark.faults
@pytest.mark.parametrize("mode", ["greylist", "refuse", "drop", "slow", "down"])
def test_whatever_the_server_does_the_message_goes_out_once_it_behaves(mode, sink, now, settings):
    post(now)
    sink.mode = mode
    if mode == "slow":
        sink.slowness = 1.5
    if mode == "down":
        settings.EMAIL_PORT = 9
    done = services.send_due(mail.deliver, at=now)
    assert (done.sent, done.failed) == (0, 1)
    row = OutboxMessage.objects.get()
    assert row.state == "waiting"
    assert "sari" not in row.last_error
    sink.mode, sink.slowness, settings.EMAIL_PORT = "ok", 0, sink.port
    assert services.send_due(mail.deliver, at=now).sent == 0
    assert services.send_due(mail.deliver, at=row.next_try_at).sent == 1
    assert services.send_due(mail.deliver, at=row.next_try_at + dt.timedelta(days=1)).sent == 0
    assert len({message["Message-ID"] for message in sink.taken}) == 1


@pytest.mark.django_db
def test_one_connection_carries_many_letters_and_is_made_anew_after_a_failure(sink, now):
    for place in range(4):
        post(now, f"k{place}")
    with mail.kept_connection() as deliver:
        assert services.send_due(deliver, at=now, limit=2).sent == 2
        assert sink.sessions == 1
        sink.mode = "drop"
        assert services.send_due(deliver, at=now, limit=1).failed == 1
        sink.mode = "ok"
        assert services.send_due(deliver, at=now).sent == 1
    assert sink.sessions == 2


@pytest.mark.django_db
def test_a_run_sends_all_that_is_due(sink, monkeypatch):
    """A hundred in twenty seconds were sent, however many waited: an hour for a number of 18,000 victims."""
    monkeypatch.setattr(sending, "BATCH", 5)
    for place in range(13):
        post(jobs.now(), f"k{place}")
    tasks.send_outbox()
    assert len({message["Message-ID"] for message in sink.taken}) == 13


@pytest.mark.django_db(transaction=True)
def test_more_than_a_batch_leaves_over_several_connections_none_twice(sink, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 5)
    sink.slowness = 0.05  # each connection has a letter under way while the others claim theirs
    for place in range(40):
        post(jobs.now(), f"k{place}")
    tasks.send_outbox()
    ids = [message["Message-ID"] for message in sink.taken]
    assert len(ids) == len(set(ids)) == 40
    assert sink.most_at_once == sending.CONNECTIONS
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db
def test_the_next_letter_is_found_without_reading_all_that_wait(now):
    """It was found by sorting all that waited: each of 18,000 letters read all the others."""
    for place in range(300):
        post(now, f"k{place}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_outboxmessage")
        cursor.execute(
            "EXPLAIN (ANALYZE, FORMAT JSON) " + outbox.claim_statement(codes=False), {"sent": None, "at": now}
        )
        plan = json.dumps(cursor.fetchone()[0])
    assert "outbox_due" in plan
    assert '"Sort"' not in plan


@pytest.mark.django_db
@pytest.mark.faults
def test_a_kind_without_words_holds_up_no_one(sink, now):
    services.enqueue_message("no_such_kind", key="a", to="x@example.id", language="id", context={}, at=now)
    post(now, "b")
    done = services.send_due(mail.deliver, at=now)
    assert (done.sent, done.failed) == (1, 1)


@pytest.mark.django_db
def test_a_text_message_goes_to_the_gateway(now, settings, tmp_path):
    settings.ADUAN_HOME = tmp_path
    services.enqueue_message(
        "contact_code",
        key="code:1",
        to="+6281500001234",
        language="id",
        context={"code": "004711", "ticket": "AN-23467-ACDEF"},
        at=now,
        channel="sms",
    )
    assert services.send_due(mail.deliver, at=now).sent == 1
    (file,) = (tmp_path / "sms").iterdir()
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["to"] == "+6281500001234"
    assert written["text"].startswith("Aduan Nomor: ")
    assert "004711" in written["text"]
    assert "15 menit" in written["text"]
    assert "Jangan" in written["text"]
    assert "testserver" in written["text"] or "aduan" in written["text"].lower()
    assert len(written["text"]) <= 160


@pytest.mark.django_db
def test_the_addresses_in_letters_open_and_switch_off(now, telkomsel, client):
    receipt = filed(now, contact_email="sari@example.id")
    sent: list[OutgoingMessage] = []
    assert services.send_due(sent.append, at=now).sent == 1
    message = mail.build_email(sent[0])
    text = str(message.body)
    page = next(word for word in text.split() if "/lacak/" in word).removeprefix(settings_url())
    assert receipt.secret in page
    assert client.get(page, follow=True).status_code == 200
    off = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix(settings_url())
    # A mail program posts without cookies and without a page of ours before.
    assert Client(enforce_csrf_checks=True).post(off, {"List-Unsubscribe": "One-Click"}).status_code in {
        200,
        204,
    }
    assert queries.is_unsubscribed(f"complaint:{receipt.complaint_id}")
    opening = client.get(off)  # changes nothing, and leads to an address without the token
    assert opening["Location"] == "/surel/berhenti/"
    assert 'name="again"' in client.get(opening["Location"]).text
    client.post(opening["Location"], {"again": "1"})
    assert not queries.is_unsubscribed(f"complaint:{receipt.complaint_id}")


def settings_url() -> str:
    from django.conf import settings

    return str(settings.PUBLIC_URL)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_that_has_a_template_has_a_subject_and_something_to_say(language, settings):
    folder = settings.BASE_DIR / "templates" / "emails"
    kinds = sorted(path.stem for path in folder.glob("*.txt") if path.stem != "letter")
    assert len(kinds) >= len(KINDS)
    for kind in kinds:
        subject, paragraphs = mail.render_text(letter(kind, language=language))
        assert subject, kind
        assert paragraphs, kind


def test_the_parts_of_a_letter_are_divided_by_lines_of_their_own(sink):
    files = [{"name": "a.txt", "base64": "YQ==", "type": "text/plain"}]
    mail.deliver(letter(context={**CONTEXT, "files": files}))
    (message,) = sink.taken
    borders = [part.get_boundary() for part in message.walk() if part.is_multipart()]
    assert len(set(borders)) == len(borders) == 2
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "text/plain",
    ]
