"""PDF files: each page painted as a picture, with PDFium. Runs in the sandbox only."""

from __future__ import annotations

from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from aduan.complaints.evidence import limits, pictures
from aduan.complaints.evidence.conversion import Converted, Part, Refused

_WIDTH: Final = 1240  # pixels of a page: A4 at 150 dots per inch
_MOST_HEIGHT: Final = 3 * _WIDTH


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
    done.clean, done.width, done.height = done.parts[0].data, done.parts[0].width, done.parts[0].height
    return done


def _add_page(document: pypdfium2.PdfDocument, number: int, done: Converted) -> None:
    try:
        page = document[number]
        width, height = page.get_size()
        scale = min(_WIDTH / max(width, 1), _MOST_HEIGHT / max(height, 1))
        image = page.render(scale=scale, may_draw_forms=False).to_pil()
        page.close()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Refused("damaged_pdf") from error
    canvas = pictures.on_canvas(image)
    if not done.parts:
        pictures.described(canvas, done)
    done.parts.append(Part("page", pictures.as_jpeg(canvas), width=canvas.width, height=canvas.height))
