"""PDF files: what opens for everyone is taken and stays legible, what does not is refused at once."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from aduan.complaints.evidence import acceptance, documents
from aduan.core.errors import Invalid
from tests.factories import files, pdfs


def refusal_of(data: bytes) -> str:
    """Empty when the file is taken."""
    try:
        acceptance.check([files.upload(data, "mutasi.pdf")])
    except Invalid as refusal:
        return refusal.code
    return ""


def opens(data: bytes) -> bool:
    try:
        return len(pypdfium2.PdfDocument(data)) == 1
    except pypdfium2.PdfiumError:
        return False


@pytest.mark.parametrize("literal", [False, True], ids=["hex", "literal"])
@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_pdf_is_locked_only_when_it_asks_for_a_password(revision: int, literal: bool) -> None:
    """A statement that only forbids printing opens everywhere, and was refused as locked."""
    free = pdfs.protected(revision=revision, literal=literal)
    locked = pdfs.protected(revision=revision, user="12051988", literal=literal)
    assert (opens(free), opens(locked)) == (True, False)
    assert (refusal_of(free), refusal_of(locked)) == ("", "pdf_locked")


def test_a_pdf_that_a_certificate_opens_is_locked() -> None:
    data = pdfs.document(extra=[b"<< /Filter /Adobe.PubSec /V 4 >>"], trailer=b"/Encrypt 6 0 R")
    assert refusal_of(data) == "pdf_locked"


def test_a_remark_about_encryption_locks_nothing() -> None:
    data = pdfs.document(lines=[(100, "Rekening")], trailer=b"% no /Encrypt 4 0 R here\n")
    assert refusal_of(data) == ""
    assert documents.convert_pdf(data).parts


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"\x1b%-12345X@PJL JOB\r\n"])
@pytest.mark.parametrize("behind", [b"", bytes(5000), b"\n<script>proxy()</script>" * 200])
def test_what_stands_around_a_pdf_costs_it_nothing(before: bytes, behind: bytes) -> None:
    data = before + pdfs.document(lines=[(100, "Rekening")]) + behind
    assert refusal_of(data) == ""
    assert documents.convert_pdf(data).parts


def test_a_pdf_that_broke_off_is_refused_at_once() -> None:
    """Also one whose first part has an end of its own: laid out for the web, or saved twice."""
    whole = pdfs.document(lines=[(100, "Rekening")])
    linearized = b"%%PDF-1.7\n9 0 obj << /Linearized 1 /L %d /O 3 >> endobj\n%%%%EOF\n" % 90_000
    for data in (
        whole[: len(whole) // 2],
        linearized + bytes(100),
        whole + b"\n7 0 obj\n<< /Length 90 >>\nstr",
    ):
        assert refusal_of(data) == "file_truncated"


def test_a_tall_page_keeps_its_full_width() -> None:
    """A page of 20 screens was painted 253 pixels wide; its digits could not be read."""
    lines = [(top, "BCA 0123456789") for top in range(60, 13_900, 60)]
    data = pdfs.document(width=595, height=14_000, lines=lines)
    assert refusal_of(data) == ""
    result = documents.convert_pdf(data)
    assert {part.width for part in result.parts} == {1240}
    assert sum(part.height for part in result.parts) >= 14_000 * 1240 // 595
    darkest = [min(Image.open(io.BytesIO(part.data)).convert("L").tobytes()) for part in result.parts]
    assert max(darkest) < 60
    last = Image.open(io.BytesIO(result.parts[-1].data)).convert("L").point(lambda level: 255 * (level < 128))
    box = last.getbbox()
    assert box is not None
    assert box[2] - box[0] > 150  # fourteen letters of 12 points at 150 dots per inch


@pytest.mark.parametrize(
    ("width", "height", "at_least"), [(1190, 842, 2400), (3000, 900, 3000), (595, 842, 1240)]
)
def test_a_wide_page_is_painted_wider(width: int, height: int, at_least: int) -> None:
    result = documents.convert_pdf(pdfs.document(width=width, height=height, lines=[(100, "Rekening")]))
    assert result.width >= at_least


def test_an_endless_page_says_that_it_was_cut() -> None:
    result = documents.convert_pdf(pdfs.document(width=150, height=14_400, lines=[(100, "a")]))
    assert (len(result.parts), result.note) == (40, "first_pages")
