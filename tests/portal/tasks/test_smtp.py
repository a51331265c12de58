"""A mail server that takes commands together is asked so, and what it refuses is noticed all the same."""

from __future__ import annotations

import contextlib
import smtplib

import pytest

from portal.tasks.smtp import LetterBackend
from tests.smtp_sink import Sink

ADDRESS = "aduan@aduan.example", ["sari@example.id"]
BODY = b"Subject: x\r\n\r\none\r\n.two\r\n.\r\n..three"


@pytest.fixture
def sink():
    server = Sink()
    yield server
    server.stop()


@pytest.fixture
def server(sink, settings):
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    backend = LetterBackend(host="127.0.0.1", port=sink.port, use_tls=False, use_ssl=False, timeout=5)
    backend.open()
    assert backend.connection is not None
    return backend.connection


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_letter_waits_for_two_answers_where_the_server_allows_it(pipelining, sink, server, monkeypatch):
    sink.pipelining = pipelining
    server.ehlo()
    sent = []
    send = server.send

    def noted(words):
        sent.append(words)
        send(words)

    monkeypatch.setattr(server, "send", noted)
    server.sendmail(*ADDRESS, BODY)
    assert len(sent) == (2 if pipelining else 4)
    server.quit()
    (message,) = sink.taken
    assert message.get_content().replace("\r", "") == "one\n.two\n.\n..three\n"


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("greylist", smtplib.SMTPRecipientsRefused),
        ("refuse", smtplib.SMTPRecipientsRefused),
        ("drop", smtplib.SMTPServerDisconnected),
    ],
)
def test_what_was_refused_raises_and_no_empty_letter_leaves(mode, error, pipelining, sink, server):
    """One that refuses for good says "go" all the same: the line must be left fit for the next letter."""
    sink.pipelining, sink.mode = pipelining, mode
    with pytest.raises(error):
        server.sendmail(*ADDRESS, BODY)
    sink.mode = "ok"
    if error is smtplib.SMTPRecipientsRefused:
        server.sendmail(*ADDRESS, BODY)
    with contextlib.suppress(smtplib.SMTPException):
        server.quit()
    assert [message["Subject"] for message in sink.taken] == (["x"] if mode != "drop" else [])
    assert sink.sessions == 1


def test_a_line_break_in_an_address_adds_no_command(sink, server):
    with pytest.raises(ValueError, match="line break"):
        server.sendmail("aduan@aduan.example", ["<>\r\nrcpt TO:<eve@b.id>"], BODY)
    server.quit()
    assert sink.taken == []
