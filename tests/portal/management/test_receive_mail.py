"""Replies of platforms come in through a mail server's pipe or an IMAP mailbox: each once, none lost."""

from __future__ import annotations

import io
import os
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from aduan.accounts.models import User
from aduan.operators.models import Operator
from aduan.referrals.incoming_mail import MAX_MAIL_TEXT, MAX_RAW
from aduan.referrals.models import PlatformMail, Referral, ReferralAnswer
from portal.tasks.tasks import read_platform_mail
from tests.factories import referrals as make
from tests.imap_server import PASSWORD, Mailbox

pytestmark = pytest.mark.django_db
Pipe = Callable[[bytes], str]


@pytest.fixture
def referral(telkomsel: Operator, budi: User, citra: User) -> Referral:
    make.platform()
    return make.referred("0812-3456-7890", at=timezone.now(), by=budi, second=citra)


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    """Hands one mail over as a mail server does: through the end of a pipe."""

    def hand_over(raw: bytes) -> str:
        reading, writing = os.pipe()
        writer = threading.Thread(target=_write, args=(writing, raw))
        writer.start()
        out = io.StringIO()
        with os.fdopen(reading, "r", encoding="utf-8") as stdin:
            monkeypatch.setattr("sys.stdin", stdin)
            try:
                call_command("receive_mail", stdout=out, stderr=io.StringIO())
            finally:
                stdin.close()
                writer.join(10)
        return out.getvalue()

    return hand_over


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    server = Mailbox()
    settings.IMAP_URL = server.url
    yield server
    server.stop()


def _write(to: int, raw: bytes) -> None:
    try:
        with os.fdopen(to, "wb") as pipe:
            pipe.write(raw)
    except BrokenPipeError:
        pass  # the reader has seen enough


def _mail(text: str, *, subject: str = "Re", more: str = "") -> bytes:
    return f"From: abuse@platform.example\r\nSubject: {subject}\r\n{more}\r\n{text}\r\n".encode()


def _from_mailbox() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("receive_mail", "--imap", stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue().strip()


def test_a_reply_from_a_pipe_finds_its_referral_and_changes_nothing(pipe: Pipe, referral: Referral) -> None:
    raw = _mail("We suspended it.", more=f"In-Reply-To: {referral.mail_id}\r\n")
    assert pipe(raw) == "Stored.\n"
    assert pipe(raw) == "Stored before.\n"
    kept = PlatformMail.objects.get()
    assert (kept.referral, kept.text, kept.handled_at) == (referral, "We suspended it.\n", None)
    assert not ReferralAnswer.objects.exists(), "a person reads it first"


def test_a_reference_in_the_subject_finds_it_where_the_thread_is_lost(pipe: Pipe, referral: Referral) -> None:
    pipe(_mail("ok", subject=f"[#123] {referral.reference} diterima"))
    assert PlatformMail.objects.get().referral == referral


def test_long_text_is_cut_and_said_so_and_attachments_are_only_named(pipe: Pipe) -> None:
    boundary = 'Content-Type: multipart/mixed; boundary="b"\r\n'
    parts = (
        "--b\r\nContent-Type: text/plain\r\n\r\n" + "a" * (MAX_MAIL_TEXT + 10) + "\r\n"
        '--b\r\nContent-Type: application/zip; name="x.zip"\r\n'
        'Content-Disposition: attachment; filename="x.zip"\r\n\r\nPK\r\n--b--'
    )
    pipe(_mail(parts, more=boundary))
    kept = PlatformMail.objects.get()
    assert (len(kept.text), kept.cut, kept.attachments) == (MAX_MAIL_TEXT, True, ["x.zip (application/zip)"])


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\x00", b"x" * (MAX_RAW + 5)], ids=["empty", "bytes", "huge"])
def test_what_is_no_mail_goes_back_to_its_sender(pipe: Pipe, raw: bytes) -> None:
    with pytest.raises(CommandError) as refusal:
        pipe(raw)
    assert refusal.value.returncode == 65
    assert not PlatformMail.objects.exists()


def test_a_mailbox_is_read_once(mailbox: Mailbox, referral: Referral) -> None:
    mailbox.mails = [_mail("one"), b"\r\nno header\r\n", _mail("two"), _mail("one")]
    said, refused = _from_mailbox()
    assert said == "Mails stored: 2; stored before: 1; not stored: 1."
    assert refused == "mail 2: This is no mail: it has no headers."
    assert mailbox.seen == {1, 2, 3, 4}
    assert _from_mailbox() == ("Mails stored: 0; stored before: 0; not stored: 0.", "")


def test_what_a_fault_cuts_short_is_read_again(mailbox: Mailbox) -> None:
    mailbox.mails, mailbox.drops_at = [_mail("one"), _mail("two"), _mail("three")], 2
    with pytest.raises(CommandError, match=r"The mailbox at 127\.0\.0\.1 ") as fault:
        _from_mailbox()
    assert fault.value.returncode == 75, "a mail server tries again"
    assert (mailbox.seen, PlatformMail.objects.count()) == ({1}, 1)
    mailbox.drops_at = 0
    assert _from_mailbox()[0] == "Mails stored: 2; stored before: 0; not stored: 0."


def test_beat_reads_the_mailbox_where_there_is_one(mailbox: Mailbox, settings) -> None:
    mailbox.mails = [_mail("one")]
    read_platform_mail()
    assert PlatformMail.objects.count() == 1
    settings.IMAP_URL = ""
    read_platform_mail()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: url.replace("kata", "salah"), "refused: .*Invalid credentials"),
        (lambda url: url.replace("INBOX", "Hilang"), "no folder Hilang"),
        (lambda url: re.sub(r":[0-9]+/", ":1/", url), "cannot be reached"),
        (lambda url: url.replace("127.0.0.1", "mail.example"), "on this machine only"),
        (lambda url: url.replace("imap://", "http://"), "must begin with imaps://"),
        (lambda url: "", "is not set"),
    ],
)
def test_a_mailbox_that_cannot_be_read_says_why_and_no_password(
    mailbox: Mailbox, settings, change: Callable[[str], str], said: str
) -> None:
    settings.IMAP_URL = change(mailbox.url)
    with pytest.raises(CommandError, match=said) as refusal:
        _from_mailbox()
    assert PASSWORD not in str(refusal.value)
    assert "kata" not in str(refusal.value)
