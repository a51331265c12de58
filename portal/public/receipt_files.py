"""The receipt as a picture and as a PDF: for people who keep things in their gallery."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from portal.public.qr_codes import qr_code

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 1080
_MARGIN: Final = 72
_INK, _SOFT, _GROUND, _BRAND = "#171d33", "#565d77", "#ffffff", "#2b4190"
_MODULE: Final = 10


def as_png(*, ticket: str, secret: str, link: str, received: str, host: str) -> bytes:
    out = io.BytesIO()
    _draw(ticket, secret, link, received, host).save(out, "PNG", optimize=True)
    return out.getvalue()


def as_pdf(*, ticket: str, secret: str, link: str, received: str, host: str) -> bytes:
    """One page of the size of A5, with the ticket as its title."""
    out = io.BytesIO()
    picture = _draw(ticket, secret, link, received, host)
    picture.save(out, "PDF", resolution=WIDTH / 5.83, title=ticket, author="Aduan Nomor")
    return out.getvalue()


def _draw(ticket: str, secret: str, link: str, received: str, host: str) -> Image.Image:
    code = qr_code(link)
    side = code.size * _MODULE
    groups = secret.split("-")
    halves = ["   ".join(groups[:4]), "   ".join(groups[4:])]
    rows: list[tuple[str, int, str]] = [
        ("Aduan Nomor", 44, _BRAND),
        (_("Receipt"), 36, _SOFT),
        (_("Ticket number"), 34, _SOFT),
        (ticket, 72, _INK),
        (_("Secret code"), 34, _SOFT),
        *((half, 56, _INK) for half in halves if half),
        (_("Received"), 34, _SOFT),
        (received, 44, _INK),
        (_("Follow it at"), 34, _SOFT),
        (host, 44, _INK),
        (_("Keep this picture to yourself: whoever has it can read your complaint."), 30, _SOFT),
    ]
    height = _MARGIN * 2 + sum(round(size * 1.6) for _text, size, _ink in rows) + side
    picture = Image.new("RGB", (WIDTH, height), _GROUND)
    pen = ImageDraw.Draw(picture)
    top = _write(pen, rows)
    left = (WIDTH - side) // 2
    for y, row in enumerate(code.rows):
        for x, dark in enumerate(row):
            if dark:
                corner = (left + x * _MODULE, top + y * _MODULE)
                pen.rectangle([corner, (corner[0] + _MODULE - 1, corner[1] + _MODULE - 1)], fill=_INK)
    return picture


def _write(pen: ImageDraw.ImageDraw, rows: Sequence[tuple[str, int, str]]) -> int:
    """Writes one line under the other, smaller where it would not fit. Returns where the last one ends."""
    top = _MARGIN
    for text, size, ink in rows:
        fitting = size
        while pen.textlength(text, font=ImageFont.load_default(fitting)) > WIDTH - 2 * _MARGIN:
            fitting -= 2
        pen.text((_MARGIN, top), text, font=ImageFont.load_default(fitting), fill=ink)
        top += round(size * 1.6)
    return top
