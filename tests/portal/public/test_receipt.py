"""The receipt: to keep as text, as a code to scan, as a picture and as a PDF; to share without the secret."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from aduan.complaints import tickets
from tests.portal.public.forms import opened, receipt_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(client: Client) -> tuple[str, str, str]:
    """Ticket, secret, and the address of a receipt that is open."""
    ticket, secret = receipt_of(send(client))
    return ticket, secret, opened(client, f"/lacak/{ticket}/{secret}/tanda-terima/")


def scanned(picture: Image.Image) -> str:
    [code] = zxingcpp.read_barcodes(picture)
    text: str = code.text
    return text


def test_the_picture_and_the_pdf_hold_the_private_link_to_scan(client: Client, kept) -> None:
    ticket, secret, _page = kept
    link = f"http://testserver/lacak/{ticket}/{secret}/"
    picture = client.get(f"/lacak/{ticket}/tanda-terima.png")
    assert picture["Content-Type"] == "image/png"
    assert len(picture.content) < 100_000
    assert scanned(Image.open(io.BytesIO(picture.content))) == link
    paper = client.get(f"/lacak/{ticket}/tanda-terima.pdf")
    assert paper["Content-Disposition"] == f'attachment; filename="{ticket}.pdf"'
    page = pypdfium2.PdfDocument(paper.content)[0].render(scale=2).to_pil()
    assert scanned(page) == link


def test_the_page_shows_the_code_in_groups_and_its_qr_code_opens_the_complaint(client: Client, kept) -> None:
    ticket, secret, address = kept
    page = client.get(address).content.decode()
    for group in secret.split("-"):
        assert f"<li>{group}</li>" in page
    size = int(re.findall(r'viewBox="0 0 (\d+) ', page)[0])
    drawn = Image.new("L", (size * 8, size * 8), 255)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", page):
        drawn.paste(0, (int(x) * 8, int(y) * 8, (int(x) + int(width)) * 8, (int(y) + 1) * 8))
    assert scanned(drawn) == f"http://testserver/lacak/{ticket}/{secret}/"


def test_what_is_shared_names_the_ticket_and_never_the_secret(client: Client, kept) -> None:
    ticket, secret, address = kept
    [shared] = re.findall(r'href="(https://wa\.me/[^"]+)"', client.get(address).content.decode())
    assert ticket in unquote(shared)
    assert "http://testserver/lacak/" in unquote(shared)
    for group in secret.split("-"):
        assert group not in shared


def test_the_files_open_only_with_the_link(kept) -> None:
    ticket, _secret, _page = kept
    for kind in ("png", "pdf"):
        assert Client().get(f"/lacak/{ticket}/tanda-terima.{kind}").status_code == 403


def test_a_code_is_pasted_with_blanks_and_capitals(client: Client, kept) -> None:
    ticket, secret, _page = kept
    typed = secret.upper().replace("-", "  ")
    answer = Client().post("/lacak/", {"ticket": ticket, "secret": typed})
    assert answer["Location"] == f"/lacak/{ticket}/"
    assert tickets.read_secret(typed) == secret
