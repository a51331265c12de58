"""A stranger's mail: its words are read whatever it is packed in, and none keeps its reader busy."""

from __future__ import annotations

import base64
import random
import time

import pytest

from aduan.core.errors import Invalid
from aduan.referrals.html_text import text_of
from aduan.referrals.incoming_mail import MAX_MAIL_TEXT, MAX_RAW, read_mail

HEAD = b"From: abuse@platform.example\r\nSubject: Re\r\n"
HTML = "<html><head><style>p {}</style></head><p>Kami <b>blokir</b><br>akun&nbsp;itu.</p></html>"
RETURNED = b"Message-ID: <referral-7@aduan.example>\r\nSubject: R\r\n\r\nour own words\r\n"
REPORT = (
    HEAD + b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    b"--b\r\n\r\nNo such mailbox.\r\n--b\r\nContent-Type: %s\r\n\r\n" + RETURNED + b"--b--\r\n"
)


def in_base64(text: str, more: bytes = b"") -> bytes:
    kind = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
    return HEAD + kind + more + b"\r\n" + base64.encodebytes(text.encode())


def nested(depth: int) -> bytes:
    one = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    return HEAD + b"".join(one % (level, level) for level in range(depth)) + b"\r\nhi\r\n"


def test_a_mail_of_html_alone_is_read_as_its_words():
    mail = read_mail(in_base64(HTML))
    assert (mail.text, mail.attachments) == ("Kami blokir\nakun itu.", ("– (text/html)",))


def test_html_beside_plain_text_and_html_files_are_not_read():
    parts = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    parts += b"Content-Type: text/html\r\n%s\r\n<p>no\r\n"
    plain = b"--b\r\n\r\nyes\r\n--b--"
    assert read_mail(HEAD + parts % b"" + plain).text == "yes"
    attached = b'Content-Disposition: attachment; filename="a.html"\r\n'
    assert read_mail(HEAD + parts % attached + b"--b--").text == ""


@pytest.mark.parametrize("kind", [b"message/rfc822", b"text/rfc822-headers"])
def test_a_returned_mail_names_the_one_that_did_not_arrive(kind: bytes):
    mail = read_mail(REPORT.replace(b"%s", kind))
    assert (mail.text.strip(), mail.thread) == ("No such mailbox.", ("<referral-7@aduan.example>",))


def test_own_words_in_html_come_before_those_of_a_forwarded_mail():
    parts = (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n%s--b\r\nContent-Type: message/rfc822\r\n\r\n'
    )
    cover = b"--b\r\nContent-Type: text/html\r\n\r\n<p>See below.\r\n"
    assert read_mail(HEAD + parts % cover + RETURNED).text == "See below."
    assert read_mail(HEAD + parts % b"" + RETURNED).text == "our own words"


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"=?utf-8?q?Sudah_=E2=9C=93?=", "Sudah ✓"),
        ("Sudah ✓".encode(), "Sudah ✓"),
        (b"=?x-none?b?U3VkYWg=?= lalu", "Sudah lalu"),
        (b"=?idna?q?Sudah?=", "Sudah"),
        (b"=?utf-8?b?A?=", "=?utf-8?b?A?="),
    ],
)
def test_a_subject_is_decoded_or_left_as_it_is(header: bytes, subject: str):
    assert read_mail(b"Subject: " + header + b"\r\n\r\nhi").subject == subject


@pytest.mark.parametrize(
    "raw",
    [
        nested(1_500),
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_500,
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 100_000,
        HEAD + b"X: y\n" * 500_000,
    ],
    ids=["nested", "enclosed", "parts", "lines"],
)
def test_what_is_built_to_keep_its_reader_busy_is_refused_at_once(raw: bytes):
    with pytest.raises(Invalid, match="more parts or lines"):
        read_mail(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"a@b.example, " * 100_000 + b"\r\n\r\nhi",
        b"From: " + b"(" * 500_000 + b"\r\n\r\nhi",
        HEAD + b"References: " + b"<a@b> " * 500_000 + b"\r\n\r\nhi",
        HEAD + b"\r\n" + b"a" * (MAX_RAW - 1_000),
        in_base64("<" + "a" * 300_000),
        in_base64("<!--" * 100_000),
        in_base64("<script>" * 50_000),
    ],
    ids=["addresses", "brackets", "references", "long", "one tag", "comments", "scripts"],
)
def test_a_long_header_or_text_costs_little(raw: bytes):
    before = time.process_time()
    mail = read_mail(raw)
    assert time.process_time() - before < 5  # of this process: the old reader took minutes
    assert max(map(len, (mail.text, mail.sender))) <= MAX_MAIL_TEXT


def test_no_damage_to_a_mail_stops_its_reader():
    chance = random.Random(16)
    seeds = [in_base64(HTML), REPORT.replace(b"%s", b"message/rfc822"), nested(9)]
    pieces = [b"\x00", b"\xff\xfe", b";", b"=", b"*0*=", b"''", b"\r\n", b'"', b"<", b"=?", b"?=", b"[", b"("]
    for _trial in range(1_500):
        raw = bytearray(chance.choice(seeds))
        for _damage in range(chance.randint(1, 8)):
            place = chance.randrange(len(raw))
            raw[place : place + chance.randint(0, 3)] = chance.choice(pieces)
        try:
            mail = read_mail(bytes(raw))
        except Invalid:
            continue
        said = (mail.message_id, mail.sender, mail.subject, mail.text, *mail.attachments, *mail.thread)
        assert b"\x00" not in "".join(said).encode(), raw


def test_words_stay_apart_where_cells_and_lines_did():
    assert text_of("<table><tr><td>akun<td>ditutup</tr></table>a<br/>b<p>c</p>&lt;d&gt;") == (
        "akun ditutup\n\na\nb\nc\n<d>"
    )
    assert text_of("<title>x</title><SCRIPT>1 < 2</SCRIPT >y<!-- z -->") == "y"
