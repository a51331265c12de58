"""A letter that we write ourselves reads as the one that Django writes."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from django.core.mail import BadHeaderError, EmailMultiAlternatives

from portal.tasks import mail
from portal.tasks.letter_bytes import letter_bytes
from tests.portal.tasks.test_mail import CONTEXT, KINDS, letter

TEXT = "satu\n.dua\r\ntiga\rempat – lima"


def written(**more: Any) -> EmailMultiAlternatives:
    given: dict[str, Any] = {"subject": "Aduan", "body": TEXT, "to": ["sari@contoh.example"]}
    whole = EmailMultiAlternatives(**{**given, **more})
    whole.attach_alternative(f"<p>{TEXT}</p>", "text/html")
    return whole


def read(content: bytes) -> EmailMessage:
    return BytesParser(policy=email.policy.default).parsebytes(content)


def same_letter(whole: EmailMultiAlternatives) -> bytes:
    ours = letter_bytes(whole)
    theirs = whole.message().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    one, other = read(ours), read(theirs)
    variable = {"content-type", "date", "message-id"} - {name.lower() for name in whole.extra_headers}
    heads = [  # the email package begins a header that it folds with a space
        [(name, str(value).strip()) for name, value in message.items() if name.lower() not in variable]
        for message in (one, other)
    ]
    assert heads[0] == heads[1]
    parts, their_parts = ([*message.iter_parts()] for message in (one, other))
    assert [part.get_content_type() for part in parts] == [part.get_content_type() for part in their_parts]
    assert [part.get_content() for part in parts] == [part.get_content() for part in their_parts]
    assert not one.defects
    assert b"\n" not in ours.replace(b"\r\n", b"")
    return ours


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_reads_as_django_writes_it(kind, language):
    same_letter(mail.build_email(letter(kind, language=language)))


@pytest.mark.parametrize(
    "more",
    [
        {"subject": "Pengaduan – “nomor” penipuan " * 9},
        {"subject": "kata " * 40},
        {"to": ["sárí@bücher.example"]},
        {"from_email": "Aduan “Nomor” <aduan@contoh.example>", "reply_to": ["rujukan@contoh.example"]},
        {"body": "a" * 2_000},
        {"headers": {"Message-ID": "<a@b.example>", "In-Reply-To": "<c@b.example>"}},
    ],
)
def test_what_is_unusual_reads_the_same(more):
    same_letter(written(**more))


def test_files_are_attached(settings):
    whole = mail.build_email(letter(context={**CONTEXT, "files": [FILE]}))
    assert [part.get_content_type() for part in read(letter_bytes(whole)).walk()][-1] == "application/pdf"


FILE = {"name": "surat.pdf", "base64": "YQ==", "type": "application/pdf"}


@pytest.mark.parametrize("name", ["subject", "to", "from_email"])
def test_no_header_has_two_lines(name):
    text = "x@b.example\r\nBcc: eve@b.example"
    with pytest.raises(BadHeaderError):
        letter_bytes(written(**{name: [text] if name == "to" else text}))
    with pytest.raises(BadHeaderError):
        letter_bytes(written(headers={"List-Unsubscribe": text}))


def test_no_text_can_end_its_part():
    """The dividing line is drawn anew for each letter."""
    first = letter_bytes(written())
    border = read(first).get_boundary()
    assert border is not None
    again = same_letter(written(body=f"--{border}--\r\n"))
    assert read(again).get_boundary() != border
