"""PDF files: each page painted as a picture, with PDFium. Runs in the sandbox only."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import pypdfium2
import pypdfium2.raw as pdfium

from aduan.complaints.evidence import limits, pictures
from aduan.complaints.evidence.conversion import Converted, Part, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

_A4_WIDTH: Final = 595  # points
_DENSITY: Final = 150 / 72  # pixels a point
_LEAST_WIDTH: Final = 1240  # pixels of a page: A4 at 150 dots per inch
_USUAL_WIDTH: Final = 2480  # A3 lying, at the same density
_MOST_WIDTH: Final = 4960
_MOST_PIXELS: Final = 16_000_000  # of one picture: PDFium needs four bytes for each
_MOST_PARTS: Final = 40
_WHOLE_RATIO: Final = 3  # up to this height in widths a page stays one picture


def convert_pdf(data: bytes) -> Converted:
    """The first ten pages. Forms, scripts and attachments are not even loaded. Raises Refused."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) == pdfium.FPDF_ERR_PASSWORD:
            raise Refused("pdf_locked") from error
        raise Refused("damaged_pdf") from error
    if len(document) == 0:
        raise Refused("damaged_pdf")
    done = Converted(note="first_pages" if len(document) > limits.MAX_PAGES else "")
    for number in range(min(len(document), limits.MAX_PAGES)):
        _add_page(document, number, done)
    if len(done.parts) >= _MOST_PARTS:
        done.note = "first_pages"
    done.clean, done.width, done.height = done.parts[0].data, done.parts[0].width, done.parts[0].height
    return done


def _add_page(document: pypdfium2.PdfDocument, number: int, done: Converted) -> None:
    """A tall page is cut like a long picture, so that nothing on it becomes smaller."""
    try:
        page = document[number]
        for image in _pieces(page, _MOST_PARTS - len(done.parts)):
            canvas = pictures.on_canvas(image)
            if not done.parts:
                pictures.described(canvas, done)
            light = pictures.as_light_jpeg(canvas, limits.MAX_DERIVATIVES // _MOST_PARTS)
            done.parts.append(Part("page", light, width=canvas.width, height=canvas.height))
        page.close()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Refused("damaged_pdf") from error


def _pieces(page: pypdfium2.PdfPage, most: int) -> Iterator[Image.Image]:
    width, height = page.get_size()
    scale = _scale_of(width, height)
    wide, tall = round(width * scale), round(height * scale)
    whole = tall <= _WHOLE_RATIO * wide and tall * wide <= _MOST_PIXELS
    ratio = min(pictures.PAGE_RATIO, _MOST_PIXELS / wide**2)
    for top, bottom in itertools.islice([(0, tall)] if whole else pictures.cuts(wide, tall, ratio), most):
        crop = (0, (tall - bottom) / scale, 0, top / scale)  # left, bottom, right, top
        yield page.render(scale=scale, crop=crop, may_draw_forms=False).to_pil()


def _scale_of(width: float, height: float) -> float:
    """Pixels a point: text as large as on paper, and a screenshot printed as PDF at least as it was."""
    sheet = width > 1.5 * _A4_WIDTH and height <= _WHOLE_RATIO * width
    usual = width * _DENSITY if sheet else width
    target = max(min(max(usual, _LEAST_WIDTH), _USUAL_WIDTH), min(width, _MOST_WIDTH))
    return target / max(width, 1)
